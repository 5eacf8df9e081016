import type { Policy } from './monitor.ts';
import type { Region } from './region.ts';
import { intervalsSeconds } from './schedule.ts';
import type { Effect, MonitorState, RegionState } from './verdict.ts';

export interface Asked {
  at: number;
  /** When the whole allowance is there again. */
  restoredAt: number;
}

/** A region that just contradicted itself is asked again after this long, so that one hiccup is not counted twice. */
export const askAgainMs = 2_500;

/**
 * A region is asked out of turn at most so often at a stretch, and in the long run once in `askEveryMs`; beyond that the
 * regular checks decide. A target that fails at random is suspect again and again: this is what bounds its cost.
 */
export const asksAtAStretch = 8;
export const askEveryMs = 30_000;

/** A region that says nothing for so long will not be confirmed: without an end, every check would be loud for ever. */
const silentAfterMs = 2 * Math.max(...intervalsSeconds) * 1_000;

/** A region is unsettled while its latest outcomes say down and it does not count so yet, or the reverse. */
export const unsettled = (region: RegionState) =>
  region.contradictions > 0 && (region.health === 'down') !== (region.leaning === 'down');

/** Generic cell rate algorithm: https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm */
const allowsAsk = (last: Asked | undefined, at: number) =>
  !last || last.restoredAt - at <= (asksAtAStretch - 1) * askEveryMs;

/**
 * Whether confirmation is running, and whom to ask for it: when it begins the other regions at once, and always, a
 * little later, those that just contradicted themselves.
 */
export const suspect = (
  state: MonitorState,
  policy: Policy,
  now: number,
): [Pick<MonitorState, 'suspicion' | 'asked'>, Effect[]] => {
  const open = policy.regions.filter((r) => {
    const region = state.regions[r];
    return region !== undefined && unsettled(region) && now - region.latest.startedAt < silentAfterMs;
  });
  if (open.length === 0) return [{ suspicion: null, asked: state.asked }, []];
  const asked = { ...state.asked };
  const ask = (wanted: Region[], at: number): Effect[] => {
    const chosen = wanted.filter((r) => allowsAsk(asked[r], at));
    for (const r of chosen) asked[r] = { at, restoredAt: Math.max(asked[r]?.restoredAt ?? 0, at) + askEveryMs };
    return chosen.length > 0 ? [{ type: 'ask', regions: chosen, at }] : [];
  };
  const answered = (r: Region) => (asked[r]?.at ?? 0) <= (state.regions[r]?.latest.startedAt ?? 0);
  const others = state.suspicion ? [] : policy.regions.filter((r) => !open.includes(r));
  const effects = [...ask(others, now), ...ask(open.filter(answered), now + askAgainMs)];
  return [{ suspicion: state.suspicion ?? { since: now }, asked }, effects];
};
