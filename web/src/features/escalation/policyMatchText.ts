import type { ResolvedPolicyView } from '../../../../worker/contract/views.ts';
import type { PolicyMatch } from '../../../../worker/domain/escalation/resolvePolicy.ts';

/** Why a monitor goes by a policy, behind its name. */
export const policyMatchText = (reason: PolicyMatch | Pick<ResolvedPolicyView, 'because' | 'tag'>): string => {
  if (reason.because === 'monitor') return 'chosen for this monitor';
  return reason.because === 'tag' ? `by the tag “${reason.tag}”` : 'the default';
};

export const monitorCount = (count: number): string =>
  `${count.toLocaleString('en')} ${count === 1 ? 'monitor' : 'monitors'}`;
