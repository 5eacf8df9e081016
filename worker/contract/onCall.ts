import { z } from 'zod';
import { rotationUnits } from '../domain/onCall/onCallSchedule.ts';
import { time, weeklyHours } from './fields.ts';

/** Receives alerts. Without channels nobody is notified. */
export const personView = z.strictObject({
  id: z.string(),
  name: z.string(),
  channelIds: z.array(z.string()),
  createdAt: time,
  updatedAt: time,
});
export type PersonView = z.infer<typeof personView>;

export const onCallPersonView = z.strictObject({
  id: z.string(),
  name: z.string().nullable().describe('Null where the person was deleted.'),
});
export type OnCallPersonView = z.infer<typeof onCallPersonView>;

const personOrGap = onCallPersonView.nullable().describe('Null in a gap, in which nobody is on call.');

export const shiftView = z.strictObject({ from: time, to: time, person: personOrGap });
export type ShiftView = z.infer<typeof shiftView>;

/** A time is null where it lies more than a year ahead, or never comes. */
export const onCallNowView = z.strictObject({
  person: personOrGap,
  until: time.nullable(),
  next: z.strictObject({ person: personOrGap, from: time, to: time.nullable() }).nullable(),
});
export type OnCallNowView = z.infer<typeof onCallNowView>;

export const onCallOverrideView = z.strictObject({ id: z.string(), person: onCallPersonView, from: time, to: time });
export type OnCallOverrideView = z.infer<typeof onCallOverrideView>;

const layer = z.strictObject({
  name: z.string(),
  participants: z.array(z.string()).describe('Ids of people in the order of their turns.'),
  startsAt: z.string().describe('The first handover on the clocks of `timeZone`, such as `2026-11-23T09:00`.'),
  rotation: z.strictObject({ count: z.int(), unit: z.enum(rotationUnits) }),
  hours: z.array(weeklyHours).describe('The only hours in which the layer counts; none for always.'),
});

export const onCallScheduleView = z.strictObject({
  id: z.string(),
  name: z.string(),
  timeZone: z.string(),
  layers: z.array(layer).describe('A later layer covers those before it.'),
  overrides: z
    .array(onCallOverrideView)
    .describe('Current and future ones. A later one covers those before it, and all cover the layers.'),
  now: onCallNowView,
  calendarUrl: z.string().describe('Grants access to the calendar without a session.'),
  createdAt: time,
  updatedAt: time,
});
export type OnCallScheduleView = z.infer<typeof onCallScheduleView>;
