import { z } from 'zod';
import type { OnCallScheduleView } from '../../contract/views.ts';
import type { ScheduleRow } from '../../db/onCall/onCall.ts';
import type { Context } from '../command.ts';
import { alertingChanged } from '../escalation/alertingChanged.ts';
import { readScheduleView } from './onCallView.ts';

/** Of a command's input: the schedule that it is about. */
export const scheduleIdField = z.string();

/** Has open dashboards follow a change. Resolves to the schedule as it is by now. */
export const scheduleChanged = async (context: Context, row: ScheduleRow): Promise<OnCallScheduleView> => {
  await alertingChanged(context);
  return readScheduleView(context.services, row);
};
