import { z } from 'zod';
import { removePerson } from '../../db/onCall/people.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { escalationPoliciesChanged } from '../escalation/alertingChanged.ts';
import { toRemovedFrom } from '../escalation/escalationPolicyView.ts';

/** Resolves to the escalation policies that lost the person. Throws `not_found`, and `conflict` for one who is on call. */
export const deletePerson = command(
  'person.delete',
  { audits: 'person.deleted' },
  z.strictObject({ personId: z.string() }),
  async (context, { personId }) => {
    const policies = await removePerson(context.services, actOn(context, personId));
    await escalationPoliciesChanged(context);
    return { removedFrom: policies.map(toRemovedFrom) };
  },
);
