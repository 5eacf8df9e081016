import type { TargetDeletedView } from '../../../../worker/contract/views.ts';
import {
  type EscalationPolicy,
  type Target,
  withoutTarget,
} from '../../../../worker/domain/escalation/escalationPolicy.ts';

/** A policy that loses a target: in which of its steps, counted from 1. */
export interface PolicyLoss extends Pick<TargetDeletedView['removedFrom'][number], 'name' | 'notifiesNobody'> {
  steps: number[];
}

export const policyLosses = (policies: readonly (EscalationPolicy & { name: string })[], gone: Target): PolicyLoss[] =>
  policies.flatMap(({ name, steps }) => {
    const numbers = steps.flatMap(({ targets }, i) =>
      targets.some(({ type, id }) => type === gone.type && id === gone.id) ? [i + 1] : [],
    );
    return numbers.length > 0
      ? [{ name, steps: numbers, notifiesNobody: withoutTarget(steps, gone).length === 0 }]
      : [];
  });
