import type { Region } from '../checks/region.ts';
import type { CheckPolicy } from './checkPolicy.ts';
import type { MonitorState, RegionState } from './state.ts';

/** For queues, deliveries and clocks. */
const allowanceMs = 15_000;

/**
 * A region's data stays fresh for this long after the start of its latest outcome: two intervals, so that one lost check
 * makes no region stale, the timeout in which the second check may still finish, and an allowance.
 */
export const freshForMs = ({ intervalMs, timeoutMs }: Pick<CheckPolicy, 'intervalMs' | 'timeoutMs'>) =>
  2 * intervalMs + timeoutMs + allowanceMs;

/**
 * A quiet outcome may be stored this long after its start. One more lost check then still makes no region stale
 * (`freshForMs`, `blindAfterMs`), with a few seconds to spare for the write.
 */
export const storedWithinMs = ({ timeoutMs }: Pick<CheckPolicy, 'timeoutMs'>) => timeoutMs + allowanceMs - 5_000;

export const isFresh = (startedAt: number, policy: Pick<CheckPolicy, 'intervalMs' | 'timeoutMs'>, now: number) =>
  now - startedAt <= freshForMs(policy);

/**
 * When several regions have all sent no data for this long, one lost check no longer explains it: each of them had a check
 * due meanwhile. A monitor with one region has its two intervals.
 */
export const blindAfterMs = (policy: Pick<CheckPolicy, 'intervalMs' | 'timeoutMs' | 'regions'>) =>
  freshForMs(policy) - (policy.regions.length > 1 ? policy.intervalMs : 0);

/** Start of each region's latest known outcome. Regions without data are missing. */
export type LastSeen = Partial<Record<Region, number>>;

/**
 * Those of these regions whose data is stale: either the ones that sent no data for too long, or all of them.
 * `db/checks/staleRegions.ts` has the same rule in SQL.
 */
export const staleRegions = (
  regions: readonly Region[],
  lastSeen: LastSeen,
  policy: Pick<CheckPolicy, 'intervalMs' | 'timeoutMs' | 'regions'>,
  now: number,
): Region[] => {
  const latest = Math.max(0, ...regions.map((region) => lastSeen[region] ?? 0));
  if (now - latest > blindAfterMs(policy)) return [...regions];
  return regions.filter((region) => !isFresh(lastSeen[region] ?? 0, policy, now));
};

/** Time within which an on-demand check, which bypasses the queue, sends its outcome. */
export const answersWithinMs = ({ timeoutMs }: Pick<CheckPolicy, 'timeoutMs'>) => timeoutMs + 5_000;

/**
 * Marks regions that have sent no data for too long as stale. They are still awaited, because on-demand checks ask them now:
 * perhaps only their outcomes were lost. Returns the same object where nothing changes.
 */
export const markStale = (state: MonitorState, lastSeen: LastSeen, policy: CheckPolicy, now: number): MonitorState => {
  const reporting = policy.regions.filter((name) => state.regions[name]?.isStale === false);
  const latest = Object.fromEntries(
    reporting.map((name) => [name, Math.max(lastSeenIn(state, [name]), lastSeen[name] ?? 0)]),
  );
  const stale = staleRegions(reporting, latest, policy, now);
  if (stale.length === 0) return state;
  const regions = { ...state.regions };
  for (const name of stale) {
    const before = regions[name];
    if (before) regions[name] = staled(before, latest[name] ?? 0);
  }
  return { ...state, regions, shrunkAt: now, awaitingUntil: now + answersWithinMs(policy) };
};

/** The region counts as unknown until it sends data again. */
export const staled = (region: RegionState, lastSeenAt: number): RegionState => ({
  ...region,
  lastSeenAt,
  isStale: true,
  health: 'unknown',
  leaning: 'unknown',
  contradictions: 0,
});

/** The latest time at which one of these regions, or any region, sent data. */
export const lastSeenIn = ({ regions }: MonitorState, of = Object.keys(regions) as Region[]): number =>
  Math.max(0, ...of.map((name) => Math.max(regions[name]?.lastSeenAt ?? 0, regions[name]?.latest.startedAt ?? 0)));

/** Ends the wait for stale regions: from then on they are missing from the quorum. */
export const endAwaiting = (state: MonitorState, policy: CheckPolicy, now: number): MonitorState => {
  if (state.awaitingUntil === 0 || now < state.awaitingUntil) return state;
  const isMissing = policy.regions.some((region) => state.regions[region]?.isStale !== false);
  return { ...state, awaitingUntil: 0, shrunkAt: isMissing ? now : state.shrunkAt };
};
