import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { QuietHours } from '../../domain/delivery/quietHours.ts';
import type { RecipientProgress } from '../../domain/delivery/recipientProgress.ts';
import type { DeliveryState } from '../../domain/escalation/delivery.ts';
import type { ChoosableEvent, EscalationStep } from '../../domain/escalation/escalationPolicy.ts';
import type { NotificationEvent } from '../../domain/escalation/events.ts';

/** Where alerts go. */
export const channels = sqliteTable(
  'channels',
  {
    id: text().primaryKey(),
    teamId: text('team_id').notNull(),
    /** One of alerts/channels/table.ts. */
    kind: text().notNull(),
    name: text().notNull(),
    /** As people may see them: what is secret is masked, and lies in `sealed` (crypto/seal.ts). */
    settings: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    sealed: text(),
    /** When it keeps still; null for never. */
    quietHours: text('quiet_hours', { mode: 'json' }).$type<QuietHours>(),
    /** Of the attempts since something arrived last: when the first one failed, and why the latest did. */
    failingSince: integer('failing_since'),
    failure: text(),
    /** When it was found to keep failing, and the team told through another channel where one works; null until then. */
    failureNotifiedAt: integer('failure_notified_at'),
    deliveredAt: integer('delivered_at'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    index('channels_team').on(t.teamId, t.createdAt, t.id),
    index('channels_failing').on(t.failingSince).where(sql`failing_since is not null`),
    index('channels_failure_notified').on(t.failureNotifiedAt).where(sql`failure_notified_at is not null`),
  ],
);

/**
 * Channels that were deleted while their receiver had an incident of its own open: with what it takes to close that, until
 * it is closed. WITHOUT ROWID: they are few, and read by their key.
 */
export const deletedChannels = sqliteTable('deleted_channels', {
  id: text().primaryKey(),
  teamId: text('team_id').notNull(),
  kind: text().notNull(),
  name: text().notNull(),
  settings: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  sealed: text(),
  deletedAt: integer('deleted_at').notNull(),
  /** What was open there, or on its way: once a minute it is looked whether these are over, and not at all of the channel. */
  dedupKeys: text('dedup_keys', { mode: 'json' }).$type<string[]>().notNull().default([]),
});

/** Who is told, after how long (domain/escalation/escalationPolicy.ts). */
export const escalationPolicies = sqliteTable(
  'escalation_policies',
  {
    id: text().primaryKey(),
    teamId: text('team_id').notNull(),
    name: text().notNull(),
    /** Monitors without a policy of their own go by it. */
    isDefault: integer('is_default', { mode: 'boolean' }).notNull(),
    /** Monitors with one of these and without a policy of their own go by it; of several, by the oldest. */
    tags: text({ mode: 'json' }).$type<string[]>().notNull().default([]),
    steps: text({ mode: 'json' }).$type<EscalationStep[]>().notNull(),
    repeat: integer().notNull(),
    pauseSeconds: integer('pause_seconds').notNull(),
    remindEveryMinutes: integer('remind_every_minutes'),
    events: text({ mode: 'json' }).$type<ChoosableEvent[]>().notNull(),
    notifyOnAcknowledgement: integer('notify_on_acknowledgement', { mode: 'boolean' }).notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    uniqueIndex('escalation_policies_default').on(t.teamId).where(sql`is_default = 1`),
    index('escalation_policies_team').on(t.teamId, t.createdAt, t.id),
  ],
);

/** One alert on its way through one channel. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    /** The order in which they were made. */
    number: integer().primaryKey({ autoIncrement: true }),
    /** `deliveryKey`: the same for the same delivery, so that writing it twice is harmless. */
    id: text().notNull(),
    teamId: text('team_id').notNull(),
    /** 0 where it is about none: a digest, or another channel. */
    monitor: integer().notNull(),
    /** What the escalation is about: its deliveries to a channel go one after the other. */
    dedupKey: text('dedup_key').notNull(),
    /** In whose timeline it shows: the story's own, or one that a person had reopened. */
    incident: text(),
    channel: text().notNull(),
    /** For whom it is, as it was then (`Ada, on call in Ops`); null where the policy names the channel itself. */
    person: text(),
    /** `digest` stands for others, which name it in their `digest`. */
    event: text().$type<NotificationEvent | 'digest'>().notNull(),
    round: integer().notNull(),
    step: integer().notNull(),
    state: text().$type<DeliveryState>().notNull(),
    /** Of a critical monitor: comes through the quiet hours of channels that let it. */
    critical: integer({ mode: 'boolean' }).notNull().default(false),
    /** Until when the channel's quiet hours hold it, or did last; if by hand, when it was let go. Null: they never have. */
    heldUntil: integer('held_until'),
    /** The message without its links (alerts/messages/message.ts). */
    message: text({ mode: 'json' }).notNull(),
    createdAt: integer('created_at').notNull(),
    /** When it is tried, or tried again; of one that is being sent: when whoever sends it is taken to have failed. */
    nextAttemptAt: integer('next_attempt_at').notNull(),
    /** Since `triedSince`, when its turn came or somebody sent it again. */
    attempts: integer().notNull().default(0),
    triedSince: integer('tried_since'),
    /** When its last attempt began. */
    triedAt: integer('tried_at'),
    settledAt: integer('settled_at'),
    /** Number of the digest that it is told in, whose fate it shares. */
    digest: integer(),
    /** What became of it for each recipient, where these differ (e-mail); else null. */
    recipients: text({ mode: 'json' }).$type<RecipientProgress[]>(),
    /** Of one that some recipients have: when it is tried for the others. Null for none. */
    restDueAt: integer('rest_due_at'),
  },
  (t) => [
    uniqueIndex('deliveries_id').on(t.id),
    index('deliveries_team').on(t.teamId, t.number),
    index('deliveries_state').on(t.teamId, t.state, t.number),
    index('deliveries_dedup_key').on(t.dedupKey, t.channel, t.number),
    index('deliveries_incident').on(t.incident, t.number),
    index('deliveries_monitor').on(t.monitor, t.number),
    index('deliveries_channel').on(t.channel, t.number),
    index('deliveries_open').on(t.channel, t.number).where(sql`settled_at is null`),
    index('deliveries_tried').on(t.channel, t.triedAt).where(sql`tried_at is not null`),
    index('deliveries_digest').on(t.digest).where(sql`digest is not null`),
    index('deliveries_digests').on(t.channel, t.number).where(sql`event = 'digest'`),
    index('deliveries_due').on(t.nextAttemptAt).where(sql`settled_at is null`),
    index('deliveries_rest').on(t.channel, t.restDueAt).where(sql`rest_due_at is not null`),
    index('deliveries_rest_due').on(t.restDueAt).where(sql`rest_due_at is not null`),
    index('deliveries_settled').on(t.settledAt).where(sql`settled_at is not null`),
  ],
);

/** What came of each attempt (alerts/outbox/send.ts). WITHOUT ROWID: it is read by its key. */
export const deliveryAttempts = sqliteTable(
  'delivery_attempts',
  {
    delivery: integer().notNull(),
    at: integer().notNull(),
    state: text({ enum: ['delivered', 'transient', 'permanent', 'suppressed'] }).notNull(),
    status: integer(),
    problem: text(),
    answer: text().notNull(),
    latencyMs: integer('latency_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.delivery, t.at] })],
);
