import { z } from 'zod';
import { type WeeklyHours, weekdays } from '../domain/time/weeklyHours.ts';

/** UTC, ISO 8601. */
export const time = z.iso.datetime();

/** Of a list that is answered as a whole, `nextCursor` is null. */
export const page = <S extends z.ZodType>(item: S) =>
  z.strictObject({ data: z.array(item), nextCursor: z.string().nullable() });

export const weeklyHours: z.ZodType<WeeklyHours> = z.strictObject({
  days: z.array(z.enum(weekdays)),
  from: z.string(),
  to: z.string(),
});
