/**
 * When checks are due. A cohort's monitors share an interval and a set of regions; the cohort has an offset of its own inside
 * the interval, and its regions are spread evenly after it: three regions on 30 s check every 10 s in turn. Times are ms
 * since the epoch and fall on whole seconds, because a queue delays by whole seconds.
 */

export const intervalsSeconds = [10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1800, 3600] as const;

/** Each cron minute dispatches the minute after it: a cron that fires late then delays no check. */
export const dispatchLeadMs = 60_000;
export const dispatchWindowMs = 60_000;

/** A cron trigger that is new takes up to 15 minutes to start. https://developers.cloudflare.com/workers/configuration/cron-triggers/ */
const cronStartMs = 15 * 60_000;

/** Until when (ms) the first cron run may still be on its way: it comes up to a minute late, and its checks a minute later. */
export const cronStartsBy = (deployedAt: number) => deployedAt + cronStartMs + 2 * 60_000;

/** First slot at or after `from`; `offsetMs` spreads cohorts over the interval. */
export const firstSlot = (from: number, intervalMs: number, offsetMs: number) =>
  Math.ceil((from - offsetMs) / intervalMs) * intervalMs + offsetMs;

/** All slots in `[from, to)`, ascending. */
export const slotsBetween = (from: number, to: number, intervalMs: number, offsetMs: number): number[] => {
  const slots: number[] = [];
  for (let slot = firstSlot(from, intervalMs, offsetMs); slot < to; slot += intervalMs) slots.push(slot);
  return slots;
};

/** FNV-1a, 32 bit: http://www.isthe.com/chongo/tech/comp/fnv/ */
const hash = (text: string) => {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
};

/** A cohort's offset inside its interval: whole seconds, spread evenly over cohorts. */
export const cohortOffsetMs = (cohort: number, intervalSeconds: number) =>
  (hash(`cohort ${cohort}`) % intervalSeconds) * 1000;

/** The delay of the region at `index` of `count` after the cohort's first region. */
export const regionStaggerMs = (index: number, count: number, intervalSeconds: number) =>
  Math.floor((index * intervalSeconds) / count) * 1000;

/** The window of due times that the cron of `cronAt` dispatches. */
export const dispatchWindow = (cronAt: number) => {
  const minute = Math.floor(cronAt / 60_000) * 60_000;
  return { minute, from: minute + dispatchLeadMs, to: minute + dispatchLeadMs + dispatchWindowMs };
};

/**
 * The gap between two dispatched minutes, in which no check was due; null where there is none. One missed cron run is none:
 * its gap is as short as one window and need not be shown.
 */
export const dispatchGap = (previous: number, minute: number) =>
  minute - previous > 2 * dispatchWindowMs
    ? { from: previous + dispatchLeadMs + dispatchWindowMs, to: minute + dispatchLeadMs }
    : null;

/**
 * A check that could not begin before the next one is due is never run late: it is missing. `stretch`: the monitor is
 * checked in one of so many intervals.
 */
export const isExpired = (scheduledAt: number, intervalSeconds: number, stretch: number, now: number) =>
  now - scheduledAt >= intervalSeconds * stretch * 1000;

/**
 * Where targets that take longer than this hold all slots of a Prober, it hands the waiting checks on. The round trip to
 * the most distant healthy target takes less.
 */
export const slowAfterMs = 1_500;

/** A target that took longer the last time is no measure of patience: it was failing. */
const longestLearnedMs = 2_500;

/**
 * The same for targets of which is known how long they took the last time (ms; null where it is not): twice as long as
 * four in five of them took, so that a region's healthy distant targets are not taken for ones that hang.
 */
export const stallsAfterMs = (lastMs: readonly (number | null)[]): number => {
  const known = lastMs.filter((ms) => ms !== null && ms <= longestLearnedMs).toSorted((a, b) => Number(a) - Number(b));
  // A few show nothing about the rest.
  if (known.length * 2 < lastMs.length) return slowAfterMs;
  return Math.max(slowAfterMs, 2 * (known[Math.floor((known.length - 1) * 0.8)] ?? 0));
};
