import { insertOverride } from '../../db/onCall/onCallOverrides.ts';
import { overrideSchema } from '../../domain/onCall/onCallSchedule.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { scheduleChanged, scheduleIdField } from './scheduleChanged.ts';

/**
 * A person is on call for a time, before all layers and earlier overrides. Throws `not_found`, `invalid_request` for a
 * person whom the team does not have or a time that has passed, and `conflict` where the schedule has too many overrides.
 */
export const createOverride = command(
  'on-call.create-override',
  { audits: 'on-call.changed' },
  overrideSchema.safeExtend({ scheduleId: scheduleIdField }),
  async (context, { scheduleId, ...override }) =>
    scheduleChanged(context, await insertOverride(context.services, actOn(context, scheduleId), override)),
);
