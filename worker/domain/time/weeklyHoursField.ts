import { z } from 'zod';
import { weekdays } from './weeklyHours.ts';

const maxHours = 20;

const time = z
  .string('Use a time such as 22:00.')
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Use a time such as 07:00, from 00:00 to 23:59.');

const hours = z.strictObject({
  days: z
    .array(
      z.enum(weekdays, `A day must be one of ${weekdays.join(', ')}.`),
      'The days must be a list such as ["mon", "tue"].',
    )
    .min(1, 'Choose at least one day.')
    .transform((chosen) => weekdays.filter((day) => chosen.includes(day))),
  from: time,
  to: time,
});

export const weeklyHoursField = z
  .array(hours, 'The hours must be a list.')
  .max(maxHours, `At most ${maxHours} entries.`);
