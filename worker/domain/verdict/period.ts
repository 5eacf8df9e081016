import type { CheckPolicy } from './checkPolicy.ts';
import type { DecidedVerdict, MonitorState } from './state.ts';

/**
 * How long a quorum for `to` must hold before the verdict changes. A change to or from `unknown` has no period, unless it
 * would open or close an outage.
 */
export const periodMs = (state: Pick<MonitorState, 'outage'>, to: DecidedVerdict, policy: CheckPolicy): number => {
  if (to === 'down' && state.outage === null) return policy.confirmationPeriodMs;
  return state.outage !== null && (to === 'up' || to === 'degraded') ? policy.recoveryPeriodMs : 0;
};
