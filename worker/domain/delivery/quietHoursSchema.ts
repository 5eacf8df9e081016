import { z } from 'zod';
import { timeZoneField } from '../time/timeZoneField.ts';
import { isAlways } from '../time/weeklyHours.ts';
import { weeklyHoursField } from '../time/weeklyHoursField.ts';

/**
 * Quiet hours of a channel. Deliveries are deferred until they end, unless they are critical and the channel lets these
 * through.
 */
export const quietHoursSchema = z.strictObject({
  timeZone: timeZoneField,
  hours: weeklyHoursField
    .min(1, 'Add at least one entry, or remove the quiet hours.')
    .refine((hours) => !isAlways(hours), 'These hours cover the whole week, so the channel could never send an alert.'),
  exceptCritical: z.boolean('"exceptCritical" must be true or false.').default(true),
});

export type QuietHours = z.infer<typeof quietHoursSchema>;
