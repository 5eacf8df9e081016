import { insertEscalationPolicy } from '../../db/escalation/escalationPolicies.ts';
import { createEscalationPolicySchema } from '../../domain/escalation/escalationPolicySchema.ts';
import { command } from '../command.ts';
import { escalationPoliciesChanged } from './alertingChanged.ts';
import { toEscalationPolicyView } from './escalationPolicyView.ts';

/** Throws `invalid_request` for a target that the team does not have, and `limit_reached`. */
export const createEscalationPolicy = command(
  'escalation-policy.create',
  { audits: 'policy.created' },
  createEscalationPolicySchema,
  async (context, input) => {
    const { teamId, userId } = context.actor;
    const row = await insertEscalationPolicy(context.services, { teamId, userId, input });
    await escalationPoliciesChanged(context);
    return toEscalationPolicyView(row);
  },
);
