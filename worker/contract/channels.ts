import { z } from 'zod';
import { channelKinds } from '../domain/delivery/channelKind.ts';
import { recipientStates } from '../domain/delivery/recipient.ts';
import { timestamp, weeklyHours } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

const settingValue = responseSchema(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()), z.record(z.string(), z.string())]),
);
export type SettingValue = Shape<typeof settingValue>;

/** Gets the mails of a channel after confirming. */
export const recipientView = responseSchema(() =>
  z.strictObject({
    address: z.string(),
    state: z.enum(recipientStates),
    askedAt: timestamp().nullable().describe('When the last confirmation mail left; null where none has.'),
    leftAt: timestamp()
      .nullable()
      .describe('When the recipient left by the link of an alert; null where they have not.'),
    askAgainFrom: timestamp()
      .nullable()
      .describe('From when another confirmation mail can be sent; null where none helps.'),
    receivesUntil: timestamp()
      .nullable()
      .describe('A recipient from before confirmations receives alerts until then without one; null for others.'),
    problem: z.string().nullable().describe('Why the confirmation mail did not leave.'),
    triesAgainAt: timestamp()
      .nullable()
      .describe('When it is sent again automatically; null where it left, or is sent by hand.'),
  }),
);
export type RecipientView = Shape<typeof recipientView>;

export const channelView = responseSchema(() =>
  z.strictObject({
    id: z.string(),
    kind: z.enum(channelKinds),
    name: z.string(),
    settings: z
      .record(z.string(), settingValue())
      .describe('By the fields of its kind. Secrets are masked; sending a mask back keeps the stored value.'),
    quietHours: z
      .strictObject({ timeZone: z.string(), hours: z.array(weeklyHours()), exceptCritical: z.boolean() })
      .nullable()
      .describe('When it defers deliveries; null for never.'),
    failing: z
      .strictObject({
        since: timestamp(),
        problem: z.string(),
        keepsFailing: z.boolean().describe('It fails lastingly, so the team is notified through another channel.'),
      })
      .nullable()
      .describe('The last delivery failed or is being retried; null once one has arrived since.'),
    isGone: z.boolean().describe('A browser that ended its subscription receives nothing until it subscribes again.'),
    lastDeliveredAt: timestamp().nullable(),
    recipients: z.array(recipientView()).nullable().describe('Of an e-mail channel; null for other kinds.'),
    createdAt: timestamp(),
    updatedAt: timestamp(),
  }),
);
export type ChannelView = Shape<typeof channelView>;

export const webPushView = responseSchema(() =>
  z.strictObject({
    publicKey: z.string().describe('base64url, the `applicationServerKey` of a subscription.'),
  }),
);
export type WebPushView = Shape<typeof webPushView>;

/** A kind of channel, and the form of its settings. */
export const channelKindView = responseSchema(() =>
  z.strictObject({
    kind: z.enum(channelKinds),
    label: z.string(),
    help: z.string().describe('Where to find the values of the form.'),
    fields: z.array(
      z.strictObject({
        name: z.string().describe('Of `settings`.'),
        label: z.string(),
        hint: z.string().nullable(),
        placeholder: z.string().nullable(),
        type: z.enum(['text', 'multiline', 'number', 'checkbox', 'choice', 'list', 'record']),
        isSecret: z.boolean(),
        showsOrigin: z.boolean().describe('The mask of a secret address begins with its origin.'),
        isRequired: z.boolean(),
        default: settingValue(),
        options: z.array(z.strictObject({ value: z.string(), label: z.string() })).nullable(),
      }),
    ),
    missing: z.string().nullable().describe('What the operator has to set up first; null where nothing is missing.'),
  }),
);
export type ChannelKindView = Shape<typeof channelKindView>;

/** The answer to deleting a person or an on-call schedule: the escalation policies that notified it. */
export const targetDeletedView = responseSchema(() =>
  z.strictObject({
    removedFrom: z.array(z.strictObject({ id: z.string(), name: z.string(), notifiesNobody: z.boolean() })),
  }),
);
export type TargetDeletedView = Shape<typeof targetDeletedView>;

export const channelDeletedView = responseSchema(() =>
  targetDeletedView().extend({
    people: z
      .array(z.strictObject({ id: z.string(), name: z.string(), isReached: z.boolean() }))
      .describe('People whom the channel reached; `isReached` where another channel still does.'),
  }),
);
export type ChannelDeletedView = Shape<typeof channelDeletedView>;
