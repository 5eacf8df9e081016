import { z } from 'zod';
import { timestamp } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

const span = responseSchema(() => z.strictObject({ from: timestamp(), to: timestamp() }));

/** One occurrence of a maintenance window. */
export const occurrenceView = responseSchema(() => span().extend({ windowId: z.string(), title: z.string() }));
export type OccurrenceView = Shape<typeof occurrenceView>;

export const maintenanceWindowView = responseSchema(() =>
  z.strictObject({
    id: z.string(),
    title: z.string(),
    startsAt: z
      .string()
      .describe('Start of the first occurrence, as wall-clock time in `timeZone`: `2026-11-21T02:00`.'),
    endsAt: z.string().describe('End of the first occurrence, as wall-clock time in `timeZone`.'),
    timeZone: z.string().describe('IANA name.'),
    rrule: z.string().nullable().describe('Recurrence rule (RFC 5545); null for a window that occurs once.'),
    skipped: z
      .array(span().extend({ startsAt: z.string().describe('Wall-clock time in `timeZone`.') }))
      .describe('Skipped occurrences that would not have ended yet.'),
    monitorIds: z.array(z.string()),
    tags: z.array(z.string()).describe('The window also applies to every monitor with one of these tags.'),
    allMonitors: z.boolean(),
    state: z.enum(['upcoming', 'running', 'over']),
    current: span().nullable().describe('The occurrence that is running.'),
    next: span().nullable().describe('The first occurrence that has not started.'),
    createdAt: timestamp(),
    updatedAt: timestamp().describe(
      'Send it with a change, and the change is refused if somebody else made one since.',
    ),
  }),
);
export type MaintenanceWindowView = Shape<typeof maintenanceWindowView>;

export const maintenancePreview = responseSchema(() =>
  z.strictObject({ timeZone: z.string(), occurrences: z.array(span()).describe('The next five.') }),
);
export type MaintenancePreview = Shape<typeof maintenancePreview>;
