import { z } from 'zod';
import { timeZoneField } from '../time/timeZoneField.ts';
import { isAlways } from '../time/weeklyHours.ts';
import { weeklyHoursField } from '../time/weeklyHoursField.ts';

/** When a channel keeps still. What comes then is held until they end, unless it is severe and the channel lets that through. */
export const quietHoursSchema = z.strictObject({
  timeZone: timeZoneField,
  hours: weeklyHoursField
    .min(1, 'Give at least one entry, or take the quiet hours away.')
    .refine((hours) => !isAlways(hours), 'These hours leave no time in which the channel may speak.'),
  exceptSevere: z.boolean('Whether severe monitors come through is true or false.').default(true),
});

export type QuietHours = z.infer<typeof quietHoursSchema>;
