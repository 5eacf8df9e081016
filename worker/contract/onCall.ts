import { z } from 'zod';
import { rotationUnits } from '../domain/onCall/onCallSchedule.ts';
import { timestamp, weeklyHours } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

/** Receives alerts. Without channels nobody is notified. */
export const personView = responseSchema(() =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    channelIds: z.array(z.string()),
    createdAt: timestamp(),
    updatedAt: timestamp(),
  }),
);
export type PersonView = Shape<typeof personView>;

export const onCallPersonView = responseSchema(() =>
  z.strictObject({
    id: z.string(),
    name: z.string().nullable().describe('Null where the person was deleted.'),
  }),
);
export type OnCallPersonView = Shape<typeof onCallPersonView>;

const personOrGap = responseSchema(() =>
  onCallPersonView().nullable().describe('Null in a gap, in which nobody is on call.'),
);

export const shiftView = responseSchema(() =>
  z.strictObject({ from: timestamp(), to: timestamp(), person: personOrGap() }),
);
export type ShiftView = Shape<typeof shiftView>;

/** A time is null where it lies more than a year ahead, or never comes. */
export const onCallNowView = responseSchema(() =>
  z.strictObject({
    person: personOrGap(),
    until: timestamp().nullable(),
    next: z.strictObject({ person: personOrGap(), from: timestamp(), to: timestamp().nullable() }).nullable(),
  }),
);
export type OnCallNowView = Shape<typeof onCallNowView>;

export const onCallOverrideView = responseSchema(() =>
  z.strictObject({ id: z.string(), person: onCallPersonView(), from: timestamp(), to: timestamp() }),
);
export type OnCallOverrideView = Shape<typeof onCallOverrideView>;

const layer = responseSchema(() =>
  z.strictObject({
    name: z.string(),
    participants: z.array(z.string()).describe('Ids of people in the order of their turns.'),
    startsAt: z.string().describe('The first handover on the clocks of `timeZone`, such as `2026-11-23T09:00`.'),
    rotation: z.strictObject({ count: z.int(), unit: z.enum(rotationUnits) }),
    hours: z.array(weeklyHours()).describe('The only hours in which the layer counts; none for always.'),
  }),
);

export const onCallScheduleView = responseSchema(() =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    timeZone: z.string(),
    layers: z.array(layer()).describe('A later layer covers those before it.'),
    overrides: z
      .array(onCallOverrideView())
      .describe('Current and future ones. A later one covers those before it, and all cover the layers.'),
    now: onCallNowView(),
    calendarUrl: z.string().describe('Grants access to the calendar without a session.'),
    createdAt: timestamp(),
    updatedAt: timestamp(),
  }),
);
export type OnCallScheduleView = Shape<typeof onCallScheduleView>;
