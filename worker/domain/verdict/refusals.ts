import { isRefusal, type Outcome } from '../checks/outcome.ts';
import type { Region } from '../checks/region.ts';
import type { CheckPolicy } from './checkPolicy.ts';
import type { MonitorState, Refusal } from './state.ts';

/** Stores why a region has no result; returns the same state where that is known, or a later result exists. */
export const noteRefusal = (state: MonitorState, { region, reason, status, startedAt }: Outcome): MonitorState => {
  if (!isRefusal(reason) || state.refusals?.[region]?.reason === reason) return state;
  if (startedAt <= (state.regions[region]?.latest.startedAt ?? 0)) return state;
  return { ...state, refusals: { ...state.refusals, [region]: { reason, status, at: startedAt } } };
};

export const endRefusal = (state: MonitorState, region: Region): MonitorState => {
  if (!state.refusals?.[region]) return state;
  const { [region]: _, ...refusals } = state.refusals;
  return { ...state, refusals };
};

/** The reason why no region has a result, where all regions of the policy have the same; null otherwise. `at`: its start. */
export const refusedEverywhere = ({ refusals, regions }: MonitorState, policy: CheckPolicy): Refusal | null => {
  const all = policy.regions.flatMap((region) => {
    const isReporting = regions[region]?.isStale === false;
    return isReporting ? [] : (refusals?.[region] ?? []);
  });
  const [first] = all;
  if (!first || all.length < policy.regions.length) return null;
  return { ...first, at: Math.min(...all.map(({ at }) => at)) };
};
