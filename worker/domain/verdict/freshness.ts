import type { Policy } from '../policy.ts';
import type { Region } from '../region.ts';
import type { MonitorState, RegionState } from './state.ts';

/** For queues, deliveries and clocks. */
const allowanceMs = 15_000;

/**
 * What a region said counts for so long after the start of its latest outcome: two intervals, so that one lost check
 * silences nobody, the timeout in which the second may still answer, and an allowance.
 */
export const freshForMs = ({ intervalMs, timeoutMs }: Pick<Policy, 'intervalMs' | 'timeoutMs'>) =>
  2 * intervalMs + timeoutMs + allowanceMs;

export const isFresh = (startedAt: number, policy: Pick<Policy, 'intervalMs' | 'timeoutMs'>, now: number) =>
  now - startedAt <= freshForMs(policy);

/** Start of the latest outcome known of each region. A region that is left out was not heard of. */
export type Heard = Partial<Record<Region, number>>;

/** A region that is asked out of turn has spoken by then, if it can. */
const answersWithinMs = ({ timeoutMs }: Pick<Policy, 'timeoutMs'>) => timeoutMs + allowanceMs;

/**
 * Silences the regions of which nothing was heard for too long. They are still expected to speak, because they are to
 * be asked now: what was lost may have been theirs alone. The same object where that changes none.
 */
export const silence = (state: MonitorState, heard: Heard, policy: Policy, now: number): MonitorState => {
  let { regions } = state;
  for (const [name, before] of Object.entries(state.regions) as [Region, RegionState][]) {
    const heardAt = Math.max(before.heardAt, before.latest.startedAt, heard[name] ?? 0);
    if (before.isSilent || isFresh(heardAt, policy, now)) continue;
    regions = {
      ...regions,
      [name]: { ...before, heardAt, isSilent: true, health: 'unknown', leaning: 'unknown', contradictions: 0 },
    };
  }
  if (regions === state.regions) return state;
  return { ...state, regions, shrunkAt: now, awaitingUntil: now + answersWithinMs(policy) };
};

/** When anything was heard last, of these regions or of all. */
export const lastHeard = ({ regions }: MonitorState, of = Object.keys(regions) as Region[]): number =>
  Math.max(0, ...of.map((name) => Math.max(regions[name]?.heardAt ?? 0, regions[name]?.latest.startedAt ?? 0)));

/** Ends the time in which silent regions were expected to speak: from then on they are missing from the quorum. */
export const endAwaiting = (state: MonitorState, policy: Policy, now: number): MonitorState => {
  if (state.awaitingUntil === 0 || now < state.awaitingUntil) return state;
  const isMissing = policy.regions.some((region) => state.regions[region]?.isSilent !== false);
  return { ...state, awaitingUntil: 0, shrunkAt: isMissing ? now : state.shrunkAt };
};
