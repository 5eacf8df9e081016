import { z } from 'zod';
import { isTimeZone } from './wallTime.ts';

export const timeZoneField = z
  .string('Choose a time zone.')
  .max(64, 'This is not a time zone.')
  .refine(isTimeZone, { error: 'This is not a time zone. Use a name such as Europe/Berlin, or UTC.', abort: true });
