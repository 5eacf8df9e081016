import type { Policy } from '../policy.ts';
import type { Region } from '../region.ts';
import { intervalsSeconds } from '../schedule.ts';
import { isUnsettled } from './region.ts';
import type { Effect, MonitorState, RegionState } from './state.ts';

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

/** Generic cell rate algorithm: https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm */
const allowsAsk = (last: MonitorState['asked'][Region], at: number) =>
  !last || last.restoredAt - at <= (asksAtAStretch - 1) * askEveryMs;

type Ask = Extract<Effect, { type: 'ask' }>;

/**
 * While some region leans away from what it counts as, confirmation runs: all other regions are asked at once, and the
 * region itself again a little later, until each is settled. Regions whose vote is `outdated` are asked at once as well.
 */
export const suspect = (
  state: MonitorState,
  policy: Policy,
  outdated: readonly RegionState[],
  now: number,
): [Pick<MonitorState, 'suspicion' | 'asked'>, Ask[]] => {
  const open = policy.regions.filter((r) => {
    const region = state.regions[r];
    return region !== undefined && isUnsettled(region) && now - region.latest.startedAt < silentAfterMs;
  });
  if (open.length === 0 && outdated.length === 0) return [{ suspicion: null, asked: state.asked }, []];
  let { asked } = state;
  const ask = (wanted: Region[], at: number): Ask[] => {
    const chosen = wanted.filter((r) => allowsAsk(asked[r], at));
    if (chosen.length === 0) return [];
    asked = { ...asked };
    for (const r of chosen) asked[r] = { at, restoredAt: Math.max(asked[r]?.restoredAt ?? 0, at) + askEveryMs };
    return [{ type: 'ask', regions: chosen, at }];
  };
  const answered = (r: Region) => (asked[r]?.at ?? 0) <= (state.regions[r]?.latest.startedAt ?? 0);
  const atOnce = state.suspicion
    ? outdated.map(({ latest }) => latest.region).filter((r) => !open.includes(r) && answered(r))
    : policy.regions.filter((r) => !open.includes(r));
  const effects = [...ask(atOnce, now), ...ask(open.filter(answered), now + askAgainMs)];
  return [{ suspicion: state.suspicion ?? { since: now }, asked }, effects];
};
