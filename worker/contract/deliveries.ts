import { z } from 'zod';
import { deliveryStates } from '../domain/escalation/delivery.ts';
import { channelEvents, deliveryEvents } from '../domain/escalation/events.ts';
import { channelReference, timestamp } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

export const attemptResultView = responseSchema(() =>
  z.strictObject({
    state: z
      .enum(['delivered', 'transient', 'permanent', 'suppressed'])
      .describe(
        '`permanent` will fail each time; `transient` is retried; `suppressed` was not sent, `problem` says why.',
      ),
    status: z.int().nullable().describe('Of HTTP, or the code of an SMTP reply; null where no answer came.'),
    problem: z.string().nullable().describe('Null where it was delivered, and to every recipient.'),
    answer: z
      .string()
      .describe('The first 1 KiB of the answer, without secrets and as text: never to be shown as HTML.'),
    latencyMs: z.number(),
  }),
);
export type AttemptResultView = Shape<typeof attemptResultView>;

const attemptView = responseSchema(() => attemptResultView().extend({ at: timestamp() }));

const missedRecipientView = responseSchema(() =>
  z
    .strictObject({
      address: z.string(),
      state: z
        .enum(['retrying', 'failed', 'suppressed'])
        .describe('`suppressed`: the message does not go there, `problem` says why.'),
      problem: z.string().nullable(),
      answer: z.string().describe('Response of the mail server, as `answer` of an attempt.'),
    })
    .describe('A recipient of e-mail whom a message has not reached.'),
);

/** One alert on its way through one channel. */
export const deliveryView = responseSchema(() =>
  z.strictObject({
    id: z.string(),
    incidentId: z.string().nullable().describe('Null: about no incident, or about a deleted monitor.'),
    monitorId: z.string().nullable().describe('Null where the monitor was deleted.'),
    monitorName: z.string().nullable().describe('Null where it is about a channel.'),
    aboutChannel: z
      .strictObject({ id: z.string(), name: z.string() })
      .nullable()
      .describe('The channel that keeps failing, or works again; null where it is about a monitor.'),
    channel: channelReference().nullable().describe('Null where the channel was deleted.'),
    person: z
      .string()
      .nullable()
      .describe('The recipient as of then: `Ada, on call in Ops`. Null where the policy names the channel itself.'),
    event: z.enum([...deliveryEvents, ...channelEvents]),
    round: z.int().describe('Round of the escalation policy, from 0.'),
    step: z
      .int()
      .describe('Step of the escalation policy, from 0; of what follows a problem (`reminder` …) its number, from 1.'),
    state: z.enum(deliveryStates),
    createdAt: timestamp(),
    nextAttemptAt: timestamp().nullable().describe('Null once it is settled.'),
    settledAt: timestamp().nullable(),
    held: z
      .strictObject({ until: timestamp(), timeZone: z.string() })
      .nullable()
      .describe('While it waits for the quiet hours of its channel to end.'),
    digestOf: z
      .int()
      .nullable()
      .describe('How many were settled together in one message; null where it goes by itself.'),
    missedRecipients: z
      .array(missedRecipientView())
      .describe('Of one that only some recipients have: those who do not have it.'),
    recipientsRetryAt: timestamp().nullable().describe('When a delivered one is tried again for them.'),
    attemptCount: z.int(),
    attempts: z.array(attemptView()).describe('The latest 20, oldest first.'),
  }),
);
export type DeliveryView = Shape<typeof deliveryView>;

/** `GET /deliveries/overdue`: due minutes ago and not tried, which is a problem of Pharos. */
export const overdueView = responseSchema(() =>
  z.strictObject({
    count: z.int(),
    since: timestamp().nullable().describe('Since when the first of them has been due; null where there is none.'),
  }),
);

/** Alerts that were sent as one message. */
export const digestView = responseSchema(() =>
  z.strictObject({
    id: z.string(),
    createdAt: timestamp(),
    alerts: z.int().describe('How many alerts it contains.'),
    channel: channelReference().nullable().describe('Null where the channel was deleted.'),
  }),
);
export type DigestView = Shape<typeof digestView>;
