import { z } from 'zod';
import { isTimeZone } from './wallTime.ts';

export const timeZoneField = z
  .string('Choose a time zone.')
  .max(64, 'This is no time zone.')
  .refine(isTimeZone, { error: 'This is no time zone. Write a name such as Europe/Berlin, or UTC.', abort: true });
