import {
  countedSpans,
  type Span,
  spansOf,
  type VerdictMs,
  type VerdictSpan,
  verdictMs,
} from '../../domain/history/uptime.ts';
import type { Services } from '../../services.ts';
import { readHistory } from '../history/uptime.ts';

/**
 * Verdict times (ms) of a past period of a monitor, exactly as its uptime counts them; null where the monitor is deleted.
 * `decided` are changes that are not written yet, in their order.
 */
export const readCountedTime = async (
  services: Services,
  number: number,
  period: Span,
  decided: readonly VerdictSpan[] = [],
): Promise<VerdictMs | null> => {
  if (period.to <= period.from) return null;
  const history = await readHistory(services, number, period);
  if (!history) return null;
  const spans = spansOf([...history.spans, ...decided]);
  return verdictMs(countedSpans({ ...history, spans }, period));
};
