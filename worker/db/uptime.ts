import { dispatchLeadMs, dispatchWindowMs } from '../domain/schedule.ts';
import { type Span, uptimeOf, type VerdictMs, verdictMs } from '../domain/uptime.ts';
import type { Services } from '../services.ts';
import { listDispatchGaps } from './dispatches.ts';
import { listVerdictSpans } from './verdictChanges.ts';

/** A new monitor is looked at at once, and until the next dispatch by checks of its own (checks/begin.ts). */
const begunByItselfMs = dispatchLeadMs + dispatchWindowMs;

/**
 * Milliseconds per verdict of each monitor in `[from, to)`, none of it later than now; two statements for any number of
 * monitors. Times in which Pharos itself did not look are unknown.
 */
export const readVerdictMs = async (
  { db, now }: Services,
  monitors: readonly { number: number; createdAt: number }[],
  period: Span,
): Promise<Map<number, VerdictMs>> => {
  const from = period.from;
  const to = Math.max(from, Math.min(period.to, now()));
  const [spans, gaps] = await Promise.all([
    listVerdictSpans(db, { numbers: monitors.map((m) => m.number), from }),
    listDispatchGaps(db, { from, to }),
  ]);
  return new Map(
    monitors.map(({ number, createdAt }) => {
      const own = gaps.map((gap) => ({ from: Math.max(gap.from, createdAt + begunByItselfMs), to: gap.to }));
      return [number, verdictMs(spans.get(number) ?? [], own, from, to)];
    }),
  );
};

const dayMs = 86_400_000;

/** Percent of the last 24 h per monitor, null without data. */
export const readUptime24h = async (
  services: Services,
  monitors: readonly { number: number; createdAt: number }[],
): Promise<Map<number, number | null>> => {
  const to = services.now();
  const ms = await readVerdictMs(services, monitors, { from: to - dayMs, to });
  return new Map([...ms].map(([number, own]) => [number, uptimeOf(own)]));
};
