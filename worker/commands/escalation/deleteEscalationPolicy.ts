import { z } from 'zod';
import { removeEscalationPolicy } from '../../db/escalation/escalationPolicies.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { escalationPoliciesChanged } from './alertingChanged.ts';
import { toPolicyMonitorsView } from './escalationPolicyView.ts';

/** Resolves to the monitors that had the policy. Throws `not_found`, and `conflict` for the default policy. */
export const deleteEscalationPolicy = command(
  'escalation-policy.delete',
  { audits: 'policy.deleted' },
  z.strictObject({ policyId: z.string() }),
  async (context, { policyId }) => {
    const followers = await removeEscalationPolicy(context.services, actOn(context, policyId));
    await escalationPoliciesChanged(context);
    return toPolicyMonitorsView(followers);
  },
);
