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
 * How a past time of a monitor counts, ms by verdict, exactly as its uptime does; null where the monitor is gone.
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
