import type { Region } from '../checks/region.ts';
import type { CheckPolicy } from './checkPolicy.ts';
import type { MonitorState, RegionState } from './state.ts';

/** For queues, deliveries and clocks. */
const allowanceMs = 15_000;

/**
 * What a region said counts for so long after the start of its latest outcome: two intervals, so that one lost check
 * silences nobody, the timeout in which the second may still answer, and an allowance.
 */
export const freshForMs = ({ intervalMs, timeoutMs }: Pick<CheckPolicy, 'intervalMs' | 'timeoutMs'>) =>
  2 * intervalMs + timeoutMs + allowanceMs;

/**
 * A quiet outcome may wait so long after its start before it is stored: one lost check beside it then still silences
 * nobody (`freshForMs`, `blindAfterMs`), with a few seconds to spare for what stores it.
 */
export const storedWithinMs = ({ timeoutMs }: Pick<CheckPolicy, 'timeoutMs'>) => timeoutMs + allowanceMs - 5_000;

export const isFresh = (startedAt: number, policy: Pick<CheckPolicy, 'intervalMs' | 'timeoutMs'>, now: number) =>
  now - startedAt <= freshForMs(policy);

/**
 * When of none of several regions anything was heard for so long, one lost check does not explain it any more: each of
 * them should have spoken in the meantime. A region that looks alone has its two intervals.
 */
export const blindAfterMs = (policy: Pick<CheckPolicy, 'intervalMs' | 'timeoutMs' | 'regions'>) =>
  freshForMs(policy) - (policy.regions.length > 1 ? policy.intervalMs : 0);

/** Start of the latest outcome known of each region. A region that is left out was not heard of. */
export type LastSeen = Partial<Record<Region, number>>;

/**
 * Which of these regions are silent: those of which nothing was heard for too long, or all of them. `db/checks/staleRegions.ts`
 * says the same in SQL.
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

/** A region that is asked out of turn, past the queue, has spoken by then, if it can. */
export const answersWithinMs = ({ timeoutMs }: Pick<CheckPolicy, 'timeoutMs'>) => timeoutMs + 5_000;

/**
 * Silences the regions of which nothing was heard for too long. They are still expected to speak, because they are to
 * be asked now: what was lost may have been theirs alone. The same object where that changes none.
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

/** It counts as nothing until it speaks again. */
export const staled = (region: RegionState, lastSeenAt: number): RegionState => ({
  ...region,
  lastSeenAt,
  isStale: true,
  health: 'unknown',
  leaning: 'unknown',
  contradictions: 0,
});

/** When anything was heard last, of these regions or of all. */
export const lastSeenIn = ({ regions }: MonitorState, of = Object.keys(regions) as Region[]): number =>
  Math.max(0, ...of.map((name) => Math.max(regions[name]?.lastSeenAt ?? 0, regions[name]?.latest.startedAt ?? 0)));

/** Ends the time in which silent regions were expected to speak: from then on they are missing from the quorum. */
export const endAwaiting = (state: MonitorState, policy: CheckPolicy, now: number): MonitorState => {
  if (state.awaitingUntil === 0 || now < state.awaitingUntil) return state;
  const isMissing = policy.regions.some((region) => state.regions[region]?.isStale !== false);
  return { ...state, awaitingUntil: 0, shrunkAt: isMissing ? now : state.shrunkAt };
};
