import { z } from 'zod';
import { deliveryEvents } from '../domain/escalation/events.ts';
import { alertEvents } from '../domain/verdict/alerts.ts';
import { author, channelReference, outcomeReason, reclassifiedAsField, secondsByVerdict, timestamp } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';
import { evidenceView } from './verdicts.ts';

export const incidentView = responseSchema(() =>
  z.strictObject({
    id: z.string(),
    monitorId: z.string(),
    monitorName: z.string(),
    state: z.enum(['open', 'resolved']),
    paused: z
      .boolean()
      .describe('The monitor is paused: no check ends an open incident of it, and its escalation rests.'),
    pausedAt: timestamp().nullable().describe('Of an open incident: until then it is known to have lasted.'),
    startedAt: timestamp().describe('First failed check; uptime counts from here.'),
    detectedAt: timestamp().describe('When the verdict became down.'),
    endedAt: timestamp().nullable(),
    resolvedAt: timestamp().nullable(),
    reason: outcomeReason(),
    evidence: z.array(evidenceView()),
    acknowledgedAt: timestamp().nullable(),
    cause: z.string().nullable().describe('One sentence, by a person.'),
    reclassifiedAs: reclassifiedAsField()
      .nullable()
      .describe('How the whole incident counts since a person reclassified it; null: as an outage.'),
  }),
);
export type IncidentView = Shape<typeof incidentView>;

const answerView = responseSchema(() =>
  z
    .strictObject({
      headers: z.array(z.strictObject({ name: z.string(), value: z.string() })),
      body: z.string().nullable().describe('The first 2 KiB; null where the body could not be read.'),
      cut: z.boolean(),
      retried: z
        .literal(true)
        .optional()
        .describe('It came to the second attempt: the first connection ended without a valid answer.'),
    })
    .describe('Response of a failing target, without secrets and as text: never to be shown as HTML.'),
);
export type AnswerView = Shape<typeof answerView>;

const suppressionReasonView = responseSchema(() =>
  z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('maintenance'), until: timestamp().nullable() }),
      z.strictObject({
        type: z.literal('dependency'),
        monitors: z.array(
          z.strictObject({ id: z.string(), name: z.string(), standing: z.enum(['up', 'suspect', 'down']) }),
        ),
        until: timestamp().nullable(),
      }),
    ])
    .describe('Monitors have the names that they had then; `until`: the longest that the alert is suppressed.'),
);
export type SuppressionReasonView = Shape<typeof suppressionReasonView>;

const eventOf = <K extends string, F extends z.ZodRawShape>(kind: K, fields: F) =>
  z.strictObject({
    id: z.string().describe('Unique within the incident.'),
    at: timestamp(),
    author: author().describe('Null: Pharos, or a deleted account.'),
    kind: z.literal(kind),
    ...fields,
  });

const reclassifiedFields = () => ({
  text: z.string().describe('The reason.'),
  reclassified: z.strictObject({ as: reclassifiedAsField(), from: timestamp(), to: timestamp() }),
});

const deliveryFields = () => ({ event: z.enum(deliveryEvents), channel: channelReference() });

const incidentEventView = responseSchema(() =>
  z.discriminatedUnion('kind', [
    eventOf('failed', {}),
    eventOf('confirmed', {}),
    eventOf('paused', {}),
    eventOf('resumed', {}),
    eventOf('resolved', {}),
    eventOf('reopened', {}),
    eventOf('post-mortem', {}),
    eventOf('evidence', { evidence: evidenceView().extend({ answer: answerView().nullable() }) }),
    eventOf('alert', {
      alert: z.enum(alertEvents),
      channels: z.int().describe('To how many channels there are, or were, deliveries of the alert.'),
    }),
    eventOf('suppressed', { alert: z.enum(alertEvents), because: suppressionReasonView() }),
    eventOf('acknowledged', {
      through: z
        .string()
        .nullable()
        .describe('By the link in a message of this channel, so that the person is not known.'),
    }),
    eventOf('notified', deliveryFields()),
    eventOf('notification-failed', deliveryFields()),
    eventOf('unreached', {
      unreached: z
        .array(z.strictObject({ schedule: z.string().nullable(), person: z.string().nullable() }))
        .describe('Targets of a step that led to no channel.'),
      inPlace: z
        .enum(['later-step', 'all-channels', 'nobody'])
        .nullable()
        .describe('Who was notified instead; null where the step reached a channel.'),
    }),
    eventOf('over-limit', {
      limit: z.number().describe('`alertsPerDay` of the team, by which an alert was suppressed.'),
      until: timestamp().describe('When the limit resets.'),
    }),
    eventOf('recovered', { passingSince: timestamp() }),
    eventOf('comment', { text: z.string() }),
    eventOf('cause', { text: z.string().nullable().describe('Null: the cause was removed.') }),
    eventOf('reclassified', reclassifiedFields()),
    eventOf('reclassification-revoked', reclassifiedFields()),
  ]),
);
export type IncidentEventView = Shape<typeof incidentEventView>;

/** An incident with its timeline. */
export const incidentDetailView = responseSchema(() =>
  incidentView().extend({
    countedSeconds: secondsByVerdict()
      .nullable()
      .describe('How the time from `startedAt` to `endedAt` counts in uptime; null while the incident is open.'),
    postMortem: z.string().nullable().describe('Markdown.'),
    runbookUrl: z.string().nullable().describe('Of the monitor: the page that says what to do.'),
    describedAt: timestamp().nullable().describe('When cause or post-mortem were last written.'),
    reopenableUntil: timestamp().nullable().describe('Null while the incident is open.'),
    timeline: z.array(incidentEventView()).describe('Oldest first.'),
  }),
);
export type IncidentDetailView = Shape<typeof incidentDetailView>;
