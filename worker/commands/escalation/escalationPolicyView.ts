import type {
  EscalationPolicyView,
  PolicyMonitorsView,
  PolicyMonitorView,
  ResolvedPolicyView,
  TargetDeletedView,
} from '../../contract/views.ts';
import type { EscalationPolicyRow } from '../../db/escalation/escalationPolicies.ts';
import type { NamedPolicy, PolicyMonitor } from '../../db/escalation/resolvePolicy.ts';
import type { ResolvedPolicy } from '../../domain/escalation/resolvePolicy.ts';
import { toIsoTime } from '../../domain/time/toIsoTime.ts';

const maxListed = 100;

export const toResolvedPolicyView = (found: ResolvedPolicy<NamedPolicy>): ResolvedPolicyView => ({
  id: found.policy.id,
  name: found.policy.name,
  because: found.because,
  tag: found.because === 'tag' ? found.tag : null,
  hasSteps: found.policy.hasSteps,
});

const toPolicyMonitorView = ({ id, name, resolved, otherwise }: PolicyMonitor): PolicyMonitorView => ({
  id,
  name,
  escalationPolicy: toResolvedPolicyView(resolved),
  otherwise: otherwise && toResolvedPolicyView(otherwise),
});

export const toPolicyMonitorsView = (followers: readonly PolicyMonitor[]): PolicyMonitorsView => ({
  total: followers.length,
  monitors: followers.slice(0, maxListed).map(toPolicyMonitorView),
});

export const toEscalationPolicyView = ({
  teamId: _,
  createdAt,
  updatedAt,
  ...policy
}: EscalationPolicyRow): EscalationPolicyView => ({
  ...policy,
  createdAt: toIsoTime(createdAt),
  updatedAt: toIsoTime(updatedAt),
});

/** A policy that lost a target. */
export const toRemovedFrom = ({ id, name, steps }: EscalationPolicyRow): TargetDeletedView['removedFrom'][number] => ({
  id,
  name,
  notifiesNobody: steps.length === 0,
});
