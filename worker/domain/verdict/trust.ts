import type { Region } from '../checks/region.ts';
import type { CheckPolicy } from './checkPolicy.ts';
import { freshForMs, staled } from './freshness.ts';
import type { MonitorState } from './state.ts';

/** Regions that were distrusted and are trusted again. */
export const trustedAgain = ({ distrusted }: MonitorState, policy: CheckPolicy): Region[] =>
  distrusted.filter((region) => policy.regions.includes(region) && !policy.distrusted.includes(region));

/**
 * Keeps who is distrusted. A region that is trusted again begins anew, as after silence: what it said in the meantime
 * came of its own failure, and only what it says from now on counts.
 */
export const followTrust = (state: MonitorState, policy: CheckPolicy, now: number): MonitorState => {
  if (state.distrusted.length === 0 && policy.distrusted.length === 0) return state;
  if (`${state.distrusted}` === `${policy.distrusted}`) return state;
  const regions = { ...state.regions };
  const again = trustedAgain(state, policy);
  for (const name of again) {
    const before = regions[name];
    if (before) regions[name] = staled(before, before.lastSeenAt);
  }
  const awaitingUntil = again.length > 0 ? now + freshForMs(policy) : state.awaitingUntil;
  return { ...state, regions, distrusted: [...policy.distrusted], awaitingUntil };
};
