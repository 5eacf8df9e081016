import { z } from 'zod';
import { nameField } from '../fields/name.ts';
import { timeZoneField } from '../time/timeZoneField.ts';
import { parseWallTime } from '../time/wallTime.ts';
import { weeklyHoursField } from '../time/weeklyHoursField.ts';

/** The rotations and their times. All times but those of overrides are times on the clocks of the schedule's zone. */

const maxLayers = 10;
const maxParticipants = 50;
const maxOverrideMs = 366 * 86_400_000;

export const rotationUnits = ['hours', 'days', 'weeks'] as const;

const maxCount: Record<(typeof rotationUnits)[number], number> = { hours: 8_760, days: 365, weeks: 52 };

const personId = z
  .string('The id of a person is required.')
  .min(1, 'The id of a person is required.')
  .max(64, 'This is not a valid id.');

const rotation = z
  .strictObject({
    count: z.int('The length of a shift must be a whole number.').min(1, 'A shift must last at least 1 hour.'),
    unit: z.enum(rotationUnits, 'The unit must be "hours", "days" or "weeks".'),
  })
  .superRefine(({ count, unit }, ctx) => {
    const max = maxCount[unit];
    const message = `A shift can last at most ${max.toLocaleString('en')} ${unit}.`;
    if (count > max) ctx.addIssue({ code: 'custom', path: ['count'], message });
  });

const layer = z.strictObject({
  name: nameField('layer'),
  /** In the order of their turns. One that is named twice has two turns. */
  participants: z
    .array(personId, 'The participants must be a list of ids.')
    .min(1, 'A rotation needs at least one person.')
    .max(maxParticipants, `At most ${maxParticipants} people.`),
  /** The first handover, `2026-11-23T09:00`: all later ones have its time of day, and for weeks its day. */
  startsAt: z
    .string('Use a first handover such as 2026-11-23T09:00.')
    .refine((text) => parseWallTime(text) !== null, 'Use a first handover such as 2026-11-23T09:00.'),
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
    : `These layers cause up to ${changes.toLocaleString('en')} handovers a week. The maximum is ${maxChangesPerWeek}: use longer shifts, fewer hours or fewer layers.`;
};

export const createOnCallScheduleSchema = z.strictObject({
  name: nameField('schedule'),
  timeZone: timeZoneField,
  /** A later one covers those before it. */
  layers: z
    .array(layer, 'The layers must be a list.')
    .min(1, 'A schedule needs at least one layer.')
    .max(maxLayers, `At most ${maxLayers} layers.`)
    .superRefine((layers, ctx) => {
      const message = changesTooOften(layers);
      if (message) ctx.addIssue({ code: 'custom', message });
    }),
});

export const changeOnCallScheduleSchema = createOnCallScheduleSchema.partial();

const instant = z.iso
  .datetime({ offset: true, error: 'Use a time such as 2026-11-23T09:00:00Z.' })
  .transform((text) => Date.parse(text));

/** Somebody stands in. Times come in as ISO 8601 and are ms since the epoch afterwards. */
export const overrideSchema = z
  .strictObject({ personId, from: instant, to: instant })
  .refine(({ from, to }) => to > from, { path: ['to'], message: 'The end must be after the start.' })
  .refine(({ from, to }) => to - from <= maxOverrideMs, {
    path: ['to'],
    message: 'An override can last at most 366 days.',
  });

export type CreateOnCallSchedule = z.infer<typeof createOnCallScheduleSchema>;
export type Layer = z.infer<typeof layer>;
export type Override = z.infer<typeof overrideSchema>;

export interface OnCallSchedule extends Pick<CreateOnCallSchedule, 'timeZone' | 'layers'> {
  /** A later one covers those before it. */
  overrides: readonly Override[];
}
