import type {
  EscalationPolicyView,
  GovernedMonitorsView,
  GovernedMonitorView,
  ResolvedPolicyView,
  TargetDeletedView,
} from '../../contract/views.ts';
import type { EscalationPolicyRow } from '../../db/escalation/escalationPolicies.ts';
import type { GovernedMonitor, NamedPolicy } from '../../db/escalation/governing.ts';
import type { Governing } from '../../domain/escalation/governing.ts';
import { toIsoTime } from '../viewFields.ts';

const maxListed = 100;

export const toResolvedPolicyView = (found: Governing<NamedPolicy>): ResolvedPolicyView => ({
  id: found.policy.id,
  name: found.policy.name,
  because: found.because,
  tag: found.because === 'tag' ? found.tag : null,
  hasSteps: found.policy.hasSteps,
});

const toGovernedView = ({ id, name, resolved, otherwise }: GovernedMonitor): GovernedMonitorView => ({
  id,
  name,
  escalationPolicy: toResolvedPolicyView(resolved),
  otherwise: otherwise && toResolvedPolicyView(otherwise),
});

export const toGovernedMonitors = (governed: readonly GovernedMonitor[]): GovernedMonitorsView => ({
  total: governed.length,
  monitors: governed.slice(0, maxListed).map(toGovernedView),
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
