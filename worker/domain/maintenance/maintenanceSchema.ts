import { z } from 'zod';
import { lineField } from '../fields/name.ts';
import { tagField } from '../fields/tag.ts';
import { isoTime } from '../time/isoTime.ts';
import { timeZoneField } from '../time/timeZoneField.ts';
import { parseWallTime } from '../time/wallTime.ts';

const wallTime = (what: string) =>
  z
    .string(what)
    .refine((text) => parseWallTime(text) !== null, {
      error: 'Use a date and time such as 2026-11-21T02:00.',
      abort: true,
    })
    .refine((text) => text >= '2000' && text < '2100', 'Choose a day from 2000 to 2099.');

const unique = (list: string[]) => [...new Set(list)];

const maxSkipped = 100;

const fields = {
  title: lineField({ what: 'title', missing: 'Enter a title for the window.', max: 100 }),
  /** Of the first occurrence, as the clocks of `timeZone` show it. */
  startsAt: wallTime('Enter a start.'),
  endsAt: wallTime('Enter an end.'),
  /** The team's zone by default. */
  timeZone: timeZoneField,
  /** RFC 5545; null: once. */
  rrule: z.string('A rule must be a string such as FREQ=WEEKLY;BYDAY=SU, or null.').nullable(),
  /** Cancelled occurrences (EXDATE), by the time at which they would start, as the clocks of `timeZone` show it. */
  skipped: z
    .array(
      wallTime('Use the start of the occurrence, such as 2026-11-29T02:00.'),
      'Skipped occurrences must be a list.',
    )
    .max(maxSkipped, `At most ${maxSkipped} occurrences can be skipped. Change the rule instead.`)
    .transform((times) => unique(times).sort()),
  monitorIds: z
    .array(z.string().max(100, 'This is not a monitor id.'), 'Choose the monitors.')
    .max(1_000, 'Choose at most 1,000 monitors, or use a tag or all monitors.')
    .transform(unique),
  tags: z.array(tagField).max(20, 'At most 20 tags.').transform(unique),
  allMonitors: z.boolean('The value must be true or false.'),
};

export const createMaintenanceSchema = z.strictObject({
  ...fields,
  timeZone: fields.timeZone.optional(),
  rrule: fields.rrule.default(null),
  skipped: fields.skipped.default([]),
  monitorIds: fields.monitorIds.default([]),
  tags: fields.tags.default([]),
  allMonitors: fields.allMonitors.default(false),
});
/** When only, for showing what would come of it. */
export const previewMaintenanceSchema = createMaintenanceSchema.pick({
  startsAt: true,
  endsAt: true,
  timeZone: true,
  rrule: true,
  skipped: true,
});
/** One occurrence, by the instant at which it begins. */
export const skipSchema = z.strictObject({ from: isoTime });
export const changeMaintenanceSchema = z.strictObject(fields).partial();

export type MaintenanceInput = z.output<z.ZodObject<typeof fields>>;
export type ChangeMaintenance = z.output<typeof changeMaintenanceSchema>;
