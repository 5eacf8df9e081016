import type { Region } from '../checks/region.ts';
import { dispatchGap, dispatchLeadMs, dispatchWindowMs } from '../checks/schedule.ts';
import type { Verdict } from '../history/uptime.ts';
import { blindAfterMs } from './freshness.ts';
import type { DecidedVerdict } from './state.ts';

/**
 * Verdicts while Pharos itself has stopped. Then nothing turns monitors unknown, because the sweep for stale data runs in the
 * same cron as the checks. So every reader of a verdict asks here whether it still counts.
 */

/** A time in which Pharos dispatched no checks, ms; `to` is null while it lasts. */
export interface Stall {
  from: number;
  to: number | null;
}

/** A new monitor is checked at once, and until the next dispatch by checks of its own (checks/dispatch/monitorLifecycle.ts). */
export const begunByItselfMs = dispatchLeadMs + dispatchWindowMs;

/** The stall in progress at `now`, where `lastMinute` is the last dispatched minute; null where there is none. */
export const stallAt = (lastMinute: number, now: number): Stall | null => {
  const gap = dispatchGap(lastMinute, now - dispatchLeadMs);
  return gap && { from: gap.from, to: null };
};

export interface Watched {
  verdict: Verdict;
  intervalSeconds: number;
  /** One check per this many intervals. */
  stretch: number;
  timeoutMs: number;
  regions: readonly Region[];
  createdAt: number;
  /** Whether it sent data since the stall began. Only used after the stall. */
  seenSince: boolean;
}

/**
 * Since when (ms) a monitor's data has been stale because of the stall; null where the verdict counts, and where a person
 * paused the monitor. After the stall, the verdict counts again with the first outcome, or at once where the earlier data is
 * still fresh; the sweep for stale data takes a while with many monitors. A monitor that the sweep turned unknown, or that a
 * person resumed, is shown as it is: checks run again, and its own state is more precise.
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

/** The view of a monitor while its data is stale, in place of its earlier verdict. */
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
