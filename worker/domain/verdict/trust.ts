import type { Region } from '../checks/region.ts';
import type { CheckPolicy } from './checkPolicy.ts';
import { freshForMs, staled } from './freshness.ts';
import type { MonitorState } from './state.ts';

/** Regions whose distrust ended. */
export const trustedAgain = ({ distrusted }: MonitorState, policy: CheckPolicy): Region[] =>
  distrusted.filter((region) => policy.regions.includes(region) && !policy.distrusted.includes(region));

/**
 * Stores the distrusted regions. A region that is trusted again restarts without data, as if it had been stale: its outcomes
 * in the meantime came from its own failure, so only later ones count.
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
