import type { QuietHours } from '../../../../worker/domain/delivery/quietHours.ts';
import { quietHoursSchema } from '../../../../worker/domain/delivery/quietHoursSchema.ts';
import type { WeeklyHours } from '../../../../worker/domain/time/weeklyHours.ts';

/** The quiet hours of a channel as they stand in the form; off, they are kept for when they are turned on again. */
export interface QuietDraft {
  isOn: boolean;
  timeZone: string;
  hours: WeeklyHours[];
  exceptCritical: boolean;
}

/** Nights are what most people mean. */
export const quietDraftOf = (quiet: QuietHours | null, timeZone: string): QuietDraft =>
  quiet
    ? { isOn: true, ...quiet, hours: quiet.hours.map((one) => ({ ...one, days: [...one.days] })) }
    : {
        isOn: false,
        timeZone,
        hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '22:00', to: '07:00' }],
        exceptCritical: true,
      };

export const quietInput = ({ isOn, timeZone, hours, exceptCritical }: QuietDraft): QuietHours | null =>
  isOn ? { timeZone, hours: hours.map((one) => ({ ...one, days: [...one.days] })), exceptCritical } : null;

/** Errors by the API's path (`quietHours.hours.0.days`), with its messages. */
export const quietProblems = (draft: QuietDraft): Record<string, string> => {
  const found: Record<string, string> = {};
  if (!draft.isOn) return found;
  for (const { path, message } of quietHoursSchema.safeParse(quietInput(draft)).error?.issues ?? [])
    found[['quietHours', ...path].join('.')] ??= message;
  return found;
};
