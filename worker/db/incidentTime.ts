import { countedSpans, type Span, spansOf, type VerdictMs, type VerdictSpan, verdictMs } from '../domain/uptime.ts';
import type { Services } from '../services.ts';
import { readHistories } from './uptime.ts';

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
  const row = await services.d1
    .prepare('SELECT created_at AS createdAt FROM monitors WHERE number = ?1')
    .bind(number)
    .first<{ createdAt: number }>();
  if (!row || period.to <= period.from) return null;
  const history = (await readHistories(services, [{ number, ...row }], period)).get(number);
  if (!history) return null;
  const spans = spansOf([...history.spans, ...decided]);
  return verdictMs(countedSpans({ ...history, spans }, period));
};
