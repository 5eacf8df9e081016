import { z } from 'zod';
import { renewFeedKey } from '../../db/onCall/onCall.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { scheduleChanged, scheduleIdField } from './scheduleChanged.ts';

/** Gives the calendar another address; the one before no longer works. Throws `not_found`. */
export const renewCalendar = command(
  'on-call.renew-calendar',
  { audits: 'on-call.changed' },
  z.strictObject({ scheduleId: scheduleIdField }),
  async (context, { scheduleId }) =>
    scheduleChanged(context, await renewFeedKey(context.services, actOn(context, scheduleId))),
);
