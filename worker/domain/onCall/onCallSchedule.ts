import { z } from 'zod';
import { nameField } from '../fields/name.ts';
import { timeZoneField } from '../time/timeZoneField.ts';
import { parseWallTime } from '../time/wallTime.ts';
import { weeklyHoursField } from '../time/weeklyHoursField.ts';

/** Who takes turns, and when. All times but those of overrides are times on the clocks of the schedule's zone. */

const maxLayers = 10;
const maxParticipants = 50;
const maxOverrideMs = 366 * 86_400_000;

export const rotationUnits = ['hours', 'days', 'weeks'] as const;

const maxCount: Record<(typeof rotationUnits)[number], number> = { hours: 8_760, days: 365, weeks: 52 };

const personId = z.string('Give the id of a person.').min(1, 'Give the id of a person.').max(64, 'This is no id.');

const rotation = z
  .strictObject({
    count: z.int('How long a shift lasts is a whole number.').min(1, 'A shift lasts at least 1 hour.'),
    unit: z.enum(rotationUnits, 'The unit is "hours", "days" or "weeks".'),
  })
  .superRefine(({ count, unit }, ctx) => {
    const max = maxCount[unit];
    const message = `A shift lasts at most ${max.toLocaleString('en')} ${unit}.`;
    if (count > max) ctx.addIssue({ code: 'custom', path: ['count'], message });
  });

const layer = z.strictObject({
  name: nameField('layer'),
  /** In the order of their turns. One that is named twice has two turns. */
  participants: z
    .array(personId, 'Give the people as a list of their ids.')
    .min(1, 'A rotation without people leaves nobody on call. Add at least one person.')
    .max(maxParticipants, `At most ${maxParticipants} people.`),
  /** The first handover, `2026-11-23T09:00`: all later ones have its time of day, and for weeks its day. */
  startsAt: z
    .string('Write the first handover such as 2026-11-23T09:00.')
    .refine((text) => parseWallTime(text) !== null, 'Write the first handover such as 2026-11-23T09:00.'),
  rotation,
  /** The only hours in which the layer counts; none for always. Turns pass also outside of them. */
  hours: weeklyHoursField.default([]),
});

/**
 * Every change of a shift is an entry in calendars, and asked for again and again. Four an hour are more than people do;
 * the most that layers could make of it is 4,480.
 */
const maxChangesPerWeek = 672;
const weekHours = 168;
const turnHours = { hours: 1, days: 24, weeks: weekHours } as const;

/** How often layers can change who is on call in a week, at most: each handover, and each beginning and end of hours. */
export const changesPerWeek = (layers: readonly Pick<Layer, 'participants' | 'rotation' | 'hours'>[]): number =>
  layers.reduce((sum, { participants, rotation, hours }) => {
    const turns = new Set(participants).size > 1 ? weekHours / (rotation.count * turnHours[rotation.unit]) : 0;
    return sum + Math.ceil(turns) + 2 * hours.reduce((count, { days }) => count + days.length, 0);
  }, 0);

const changesTooOften = (layers: readonly Layer[]): string | null => {
  const changes = changesPerWeek(layers);
  return changes <= maxChangesPerWeek
    ? null
    : `These layers could change who is on call ${changes.toLocaleString('en')} times a week. At most ${maxChangesPerWeek} are possible: use longer shifts, fewer hours or fewer layers.`;
};

export const createOnCallScheduleSchema = z.strictObject({
  name: nameField('schedule'),
  timeZone: timeZoneField,
  /** A later one covers those before it. */
  layers: z
    .array(layer, 'Give the layers as a list.')
    .min(1, 'A schedule without layers leaves nobody on call. Add at least one.')
    .max(maxLayers, `At most ${maxLayers} layers.`)
    .superRefine((layers, ctx) => {
      const message = changesTooOften(layers);
      if (message) ctx.addIssue({ code: 'custom', message });
    }),
});

export const changeOnCallScheduleSchema = createOnCallScheduleSchema.partial();

const instant = z.iso
  .datetime({ offset: true, error: 'Write a time such as 2026-11-23T09:00:00Z.' })
  .transform((text) => Date.parse(text));

/** Somebody stands in. Times come in as ISO 8601 and are ms since the epoch afterwards. */
export const overrideSchema = z
  .strictObject({ personId, from: instant, to: instant })
  .refine(({ from, to }) => to > from, { path: ['to'], message: 'It has to end after it begins.' })
  .refine(({ from, to }) => to - from <= maxOverrideMs, { path: ['to'], message: 'It lasts at most 366 days.' });

export type CreateOnCallSchedule = z.infer<typeof createOnCallScheduleSchema>;
export type Layer = z.infer<typeof layer>;
export type Override = z.infer<typeof overrideSchema>;

export interface OnCallSchedule extends Pick<CreateOnCallSchedule, 'timeZone' | 'layers'> {
  /** A later one covers those before it. */
  overrides: readonly Override[];
}
