import type { Policy } from '../monitor.ts';
import type { Region } from '../region.ts';
import { isUnsettled } from './region.ts';
import type { Effect, MonitorState, RegionState } from './state.ts';

/** A region that just contradicted itself is asked again after this long, so that one hiccup is not counted twice. */
export const askAgainMs = 2_500;

/** A region is asked out of turn at most this often in one suspicion; after that the regular checks decide. */
const maxAsks = 6;

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
): [MonitorState['suspicion'], Ask[]] => {
  const open = policy.regions.filter((r) => {
    const region = state.regions[r];
    return region !== undefined && isUnsettled(region);
  });
  if (open.length === 0 && outdated.length === 0) return [null, []];
  const suspicion = state.suspicion ?? { since: now, asked: {} };
  const asked = { ...suspicion.asked };
  const ask = (chosen: Region[], at: number): Ask[] => {
    for (const r of chosen) asked[r] = { times: (asked[r]?.times ?? 0) + 1, at };
    return chosen.length > 0 ? [{ type: 'ask', regions: chosen, at }] : [];
  };
  const mayAsk = (r: Region) => {
    const last = asked[r];
    const answered = !last || last.at <= (state.regions[r]?.latest.startedAt ?? 0);
    return answered && (last?.times ?? 0) < maxAsks;
  };
  const atOnce = state.suspicion
    ? outdated.map(({ latest }) => latest.region).filter((r) => !open.includes(r) && mayAsk(r))
    : policy.regions.filter((r) => !open.includes(r));
  const effects = [...ask(atOnce, now), ...ask(open.filter(mayAsk), now + askAgainMs)];
  return [{ ...suspicion, asked }, effects];
};
