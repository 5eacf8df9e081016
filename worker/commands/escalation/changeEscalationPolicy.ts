import { z } from 'zod';
import { updateEscalationPolicy } from '../../db/escalation/escalationPolicies.ts';
import { changeEscalationPolicySchema } from '../../domain/escalation/escalationPolicySchema.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { escalationPoliciesChanged } from './alertingChanged.ts';
import { toEscalationPolicyView } from './escalationPolicyView.ts';

/**
 * The id `default` is the team's default policy. Throws `not_found`, `invalid_request` for a target that the team does not have,
 * and `version_conflict` where somebody else changed the policy since `updatedAt`.
 */
export const changeEscalationPolicy = command(
  'escalation-policy.change',
  { audits: 'policy.changed' },
  changeEscalationPolicySchema.extend({ policyId: z.string() }),
  async (context, { policyId, ...change }) => {
    const row = await updateEscalationPolicy(context.services, { ...actOn(context, policyId), change });
    await escalationPoliciesChanged(context);
    return toEscalationPolicyView(row);
  },
);
