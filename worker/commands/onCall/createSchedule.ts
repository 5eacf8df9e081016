import { insertSchedule } from '../../db/onCall/onCall.ts';
import { createOnCallScheduleSchema } from '../../domain/onCall/onCallSchedule.ts';
import { command } from '../command.ts';
import { scheduleChanged } from './scheduleChanged.ts';

/** Throws `invalid_request` for a person whom the team does not have, and `limit_reached`. */
export const createSchedule = command(
  'on-call.create',
  { audits: 'on-call.created' },
  createOnCallScheduleSchema,
  async (context, input) => {
    const { teamId, userId } = context.actor;
    return scheduleChanged(context, await insertSchedule(context.services, { teamId, userId, input }));
  },
);
