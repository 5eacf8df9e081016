import type { Region } from '../checks/region.ts';
import { dispatchGap, dispatchLeadMs, dispatchWindowMs } from '../checks/schedule.ts';
import type { Verdict } from '../history/uptime.ts';
import { blindAfterMs } from './freshness.ts';
import type { DecidedVerdict } from './state.ts';

/**
 * What may still be said of monitors when Pharos itself has stopped. Then nobody turns them unknown: what finds silence
 * comes with the same cron as the checks. So whoever reads a verdict asks here whether it still counts.
 */

/** A time in which Pharos dispatched no checks, ms; `to` is null while it lasts. */
export interface Stall {
  from: number;
  to: number | null;
}

/** A new monitor is looked at at once, and until the next dispatch by checks of its own (checks/dispatch/monitorLifecycle.ts). */
export const begunByItselfMs = dispatchLeadMs + dispatchWindowMs;

/** The standstill that lasts at `now`, where `lastMinute` was the last that was dispatched; null where none does. */
export const stallAt = (lastMinute: number, now: number): Stall | null => {
  const gap = dispatchGap(lastMinute, now - dispatchLeadMs);
  return gap && { from: gap.from, to: null };
};

export interface Watched {
  verdict: Verdict;
  intervalSeconds: number;
  /** It is checked in one of so many intervals. */
  stretch: number;
  timeoutMs: number;
  regions: readonly Region[];
  createdAt: number;
  /** Whether anything was heard of it since the standstill began. It matters only once that is over. */
  seenSince: boolean;
}

/**
 * Since when (ms) a monitor has not been checked, so that its verdict says nothing of the present; null where it counts,
 * and where a person paused it.
 * When the standstill is over the verdict counts again with the first outcome, or at once where what was heard before is
 * not too old yet; the sweep for silence takes a while where many monitors are left. What that turned unknown, or a person
 * who resumed it, is shown as it is: checks are run again, and its own state tells more.
 */
export const staleSince = (monitor: Watched, stall: Stall | null, now: number): number | null => {
  if (!stall || monitor.verdict === 'paused') return null;
  const from = Math.max(stall.from, monitor.createdAt + begunByItselfMs);
  if (stall.to === null) return now - from > dispatchWindowMs ? from : null;
  if (monitor.verdict === 'unknown') return null;
  const countsForMs = blindAfterMs({ ...monitor, intervalMs: monitor.intervalSeconds * monitor.stretch * 1000 });
  return from < stall.to && !monitor.seenSince && now - from > countsForMs ? from : null;
};

interface Judged {
  verdict: Verdict;
  verdictSince: number;
  suspect: boolean;
  regions: readonly Region[];
  regionHealth: Partial<Record<Region, DecidedVerdict>>;
}

/** What is shown of a monitor in place of what was decided before it ceased to be checked. */
export const whileStale = <T extends Judged>(monitor: T, since: number | null): T => {
  if (since === null) return monitor;
  return {
    ...monitor,
    verdict: 'unknown',
    verdictSince: monitor.verdict === 'unknown' ? monitor.verdictSince : since,
    suspect: false,
    regionHealth: Object.fromEntries(monitor.regions.map((region) => [region, 'unknown'])),
  };
};
