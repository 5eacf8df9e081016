import { z } from 'zod';
import type { OnCallScheduleView } from '../../contract/views.ts';
import type { ScheduleRow } from '../../db/onCall/onCall.ts';
import type { Context } from '../command.ts';
import { alertingChanged } from '../escalation/alertingChanged.ts';
import { readScheduleView } from './onCallView.ts';

/** In a command's input: the schedule of the command. */
export const scheduleIdField = z.string();

/** Makes open dashboards follow a change. Resolves to the schedule after the change. */
export const scheduleChanged = async (context: Context, row: ScheduleRow): Promise<OnCallScheduleView> => {
  await alertingChanged(context);
  return readScheduleView(context.services, row);
};
