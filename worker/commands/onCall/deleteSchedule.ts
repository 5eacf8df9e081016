import { z } from 'zod';
import { removeSchedule } from '../../db/onCall/onCall.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { escalationPoliciesChanged } from '../escalation/alertingChanged.ts';
import { toRemovedFrom } from '../escalation/escalationPolicyView.ts';
import { scheduleIdField } from './scheduleChanged.ts';

/** Resolves to the escalation policies that lost the schedule. Throws `not_found`. */
export const deleteSchedule = command(
  'on-call.delete',
  { audits: 'on-call.deleted' },
  z.strictObject({ scheduleId: scheduleIdField }),
  async (context, { scheduleId }) => {
    const policies = await removeSchedule(context.services, actOn(context, scheduleId));
    await escalationPoliciesChanged(context);
    return { removedFrom: policies.map(toRemovedFrom) };
  },
);
