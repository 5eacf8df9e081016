import { z } from 'zod';
import { removeOverride } from '../../db/onCall/onCallOverrides.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { scheduleChanged, scheduleIdField } from './scheduleChanged.ts';

/** The rotation applies again. Throws `not_found`. */
export const deleteOverride = command(
  'on-call.delete-override',
  { audits: 'on-call.changed' },
  z.strictObject({ scheduleId: scheduleIdField, overrideId: z.string() }),
  async (context, { scheduleId, overrideId }) =>
    scheduleChanged(context, await removeOverride(context.services, actOn(context, scheduleId), overrideId)),
);
