import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { QuietHours } from '../../domain/delivery/quietHours.ts';
import type { RecipientProgress } from '../../domain/delivery/recipientProgress.ts';
import type { DeliveryState } from '../../domain/escalation/delivery.ts';
import type { ChoosableEvent, EscalationStep } from '../../domain/escalation/escalationPolicy.ts';
import type { NotificationEvent } from '../../domain/escalation/events.ts';

/** The destinations of alerts. */
export const channels = sqliteTable(
  'channels',
  {
    id: text().primaryKey(),
    teamId: text('team_id').notNull(),
    /** One of alerts/channels/table.ts. */
    kind: text().notNull(),
    name: text().notNull(),
    /** For display: secrets are masked, and lie in `sealed` (crypto/seal.ts). */
    settings: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    sealed: text(),
    /** The quiet hours; null for none. */
    quietHours: text('quiet_hours', { mode: 'json' }).$type<QuietHours>(),
    /** Attempts since the last success: time of the first failure, and reason of the latest. */
    failingSince: integer('failing_since'),
    failure: text(),
    /**
     * When the channel was found to keep failing, and the team notified through another channel where one works; null until
     * then.
     */
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
 * Channels that were deleted while their receiver had an open incident: with the data that closing it needs, until it is closed.
 * WITHOUT ROWID: they are few, and read by their key.
 */
export const deletedChannels = sqliteTable('deleted_channels', {
  id: text().primaryKey(),
  teamId: text('team_id').notNull(),
  kind: text().notNull(),
  name: text().notNull(),
  settings: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  sealed: text(),
  deletedAt: integer('deleted_at').notNull(),
  /** Problems that were open there, or on their way: the check of once a minute reads only these, not the whole channel. */
  dedupKeys: text('dedup_keys', { mode: 'json' }).$type<string[]>().notNull().default([]),
});

/** Recipients and delays (domain/escalation/escalationPolicy.ts). */
export const escalationPolicies = sqliteTable(
  'escalation_policies',
  {
    id: text().primaryKey(),
    teamId: text('team_id').notNull(),
    name: text().notNull(),
    /** Applies to monitors without a policy of their own. */
    isDefault: integer('is_default', { mode: 'boolean' }).notNull(),
    /** Applies to monitors with one of these tags and without a policy of their own; of several policies, the oldest. */
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
    /** In order of creation. */
    number: integer().primaryKey({ autoIncrement: true }),
    /** `deliveryKey`: the same for the same delivery, so that writing it twice is harmless. */
    id: text().notNull(),
    teamId: text('team_id').notNull(),
    /** 0 where it is about none: a digest, or another channel. */
    monitor: integer().notNull(),
    /** The escalation's problem: its deliveries to a channel are sent one after the other. */
    dedupKey: text('dedup_key').notNull(),
    /** The incident whose timeline shows it: the outage's own, or one that a person had reopened. */
    incident: text(),
    channel: text().notNull(),
    /** The recipient at that time (`Ada, on call in Ops`); null where the policy names the channel itself. */
    person: text(),
    /** `digest` stands for others, which name it in their `digest`. */
    event: text().$type<NotificationEvent | 'digest'>().notNull(),
    round: integer().notNull(),
    step: integer().notNull(),
    state: text().$type<DeliveryState>().notNull(),
    /** The monitor is critical: bypasses the quiet hours of channels that allow it. */
    critical: integer({ mode: 'boolean' }).notNull().default(false),
    /** Until when quiet hours defer it, or did last; if released by hand, the time of that. Null: it was never deferred. */
    heldUntil: integer('held_until'),
    /** The message without its links (alerts/messages/message.ts). */
    message: text({ mode: 'json' }).notNull(),
    createdAt: integer('created_at').notNull(),
    /** Time of the next attempt; while it is being sent, the time when its sender is considered failed. */
    nextAttemptAt: integer('next_attempt_at').notNull(),
    /** Attempts since `triedSince`, which is when its turn came or somebody sent it again. */
    attempts: integer().notNull().default(0),
    triedSince: integer('tried_since'),
    /** When its last attempt began. */
    triedAt: integer('tried_at'),
    settledAt: integer('settled_at'),
    /** Number of its digest, whose state it shares. */
    digest: integer(),
    /** State by recipient, where recipients differ (e-mail); else null. */
    recipients: text({ mode: 'json' }).$type<RecipientProgress[]>(),
    /** Next attempt for the remaining recipients, after a partial success. Null for none. */
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

/** Result of each attempt (alerts/outbox/send.ts). WITHOUT ROWID: it is read by its key. */
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
