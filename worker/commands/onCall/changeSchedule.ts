import { updateSchedule } from '../../db/onCall/onCall.ts';
import { changeOnCallScheduleSchema } from '../../domain/onCall/onCallSchedule.ts';
import { isoTime } from '../../domain/time/isoTime.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { scheduleChanged, scheduleIdField } from './scheduleChanged.ts';

/**
 * Throws `not_found`, `invalid_request` for a person whom the team does not have, and `version_conflict` where somebody else
 * changed the schedule since `updatedAt`.
 */
export const changeSchedule = command(
  'on-call.change',
  { audits: 'on-call.changed' },
  changeOnCallScheduleSchema.extend({ scheduleId: scheduleIdField, updatedAt: isoTime.optional() }),
  async (context, { scheduleId, updatedAt: seenAt, ...change }) =>
    scheduleChanged(context, await updateSchedule(context.services, actOn(context, scheduleId), { ...change, seenAt })),
);
