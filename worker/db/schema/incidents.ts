import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Answer } from '../../domain/checks/answer.ts';
import type { Observation } from '../../domain/checks/outcome.ts';
import type { Reason } from '../../domain/checks/reasons.ts';
import type { DeliveryEvent } from '../../domain/escalation/events.ts';
import type { InPlace, Unreached } from '../../domain/escalation/recipients.ts';
import type { ReclassifiedAs } from '../../domain/history/uptime.ts';
import type { AlertEvent } from '../../domain/verdict/alerts.ts';
import type { Dependency } from '../../domain/verdict/checkPolicy.ts';

export interface Evidence extends Observation {
  at: number;
}

export const incidents = sqliteTable(
  'incidents',
  {
    id: text().primaryKey(),
    teamId: text('team_id').notNull(),
    monitor: integer().notNull(),
    /** First failed check. */
    startedAt: integer('started_at').notNull(),
    /** When the verdict became down. */
    detectedAt: integer('detected_at').notNull(),
    /** First passing check after it. */
    endedAt: integer('ended_at'),
    /** When the verdict ceased to be down. */
    resolvedAt: integer('resolved_at'),
    reason: text().$type<Reason>().notNull(),
    evidence: text({ mode: 'json' }).$type<Evidence[]>().notNull(),
    /** Acknowledged; reopening clears it. */
    acknowledgedAt: integer('acknowledged_at'),
    acknowledgedBy: text('acknowledged_by'),
    /** One sentence, written by a person. */
    cause: text(),
    /** Markdown. */
    postMortem: text('post_mortem'),
    /** Latest change of these two. */
    describedAt: integer('described_at'),
  },
  (t) => [
    uniqueIndex('incidents_open').on(t.monitor).where(sql`resolved_at is null`),
    index('incidents_team').on(t.teamId, t.startedAt, t.id),
    index('incidents_monitor').on(t.monitor, t.startedAt),
    index('incidents_resolved').on(t.monitor, t.resolvedAt).where(sql`resolved_at is not null`),
  ],
);

/** The events of an outage from the state machine, and the actions of people. */
const incidentEventKinds = [
  'failed',
  'evidence',
  'confirmed',
  'alert',
  'suppressed',
  'notified',
  'notification-failed',
  'unreached',
  'over-limit',
  'recovered',
  'paused',
  'resumed',
  'acknowledged',
  'comment',
  'resolved',
  'reopened',
  'cause',
  'post-mortem',
  'reclassified',
  'reclassification-revoked',
] as const;
export type IncidentEventKind = (typeof incidentEventKinds)[number];

/** Why notifications are suppressed, with the names of monitors at that time. */
export type SuppressionReason =
  | { type: 'maintenance'; until: number | null }
  | { type: 'dependency'; monitors: Dependency[]; until: number | null };

/** The details of an event. */
export interface IncidentEventDetail {
  /** `evidence` */
  evidence?: Evidence & { answer?: Answer };
  /** `alert` and `suppressed`: the alert that was sent or suppressed. */
  alert?: AlertEvent;
  /** `suppressed` */
  because?: SuppressionReason;
  /** `notified` and `notification-failed`: the event and the channel, by its name at that time. */
  channel?: { id: string; name: string; kind: string };
  event?: DeliveryEvent;
  /** `unreached`: targets of a step that led to no channel, and the targets notified instead where the step reached nobody. */
  unreached?: Unreached[];
  inPlace?: InPlace;
  /** `over-limit`: the team's alerts per day, and when the next day begins, ms. */
  overLimit?: { limit: number; until: number };
  /** `acknowledged` by the link in a message: name of its channel. */
  through?: string;
  /** `recovered`: the first passing check, ms. */
  passingSince?: number;
  /** `comment` and `cause`: the text; `reclassified`: the reason. */
  text?: string;
  /** `reclassified` and `reclassification-revoked`: the new or former class and its time, ms. */
  reclassified?: { as: ReclassifiedAs; from: number; to: number };
}

/**
 * The timeline of an incident. The primary key is the table and its order (WITHOUT ROWID, migrations/0002), and makes events
 * unique: the system's by their time, kind and region, however often they are written; a person's by `key`.
 */
export const incidentEvents = sqliteTable(
  'incident_events',
  {
    incident: text()
      .notNull()
      .references(() => incidents.id, { onDelete: 'cascade' }),
    at: integer().notNull(),
    kind: text().$type<IncidentEventKind>().notNull(),
    /**
     * Region of an `evidence`, id of a `comment`, a reclassification or a delivery, step of an `unreached`, author of other
     * actions, else empty.
     */
    key: text().notNull(),
    /** Id of the user; null where it was Pharos. */
    author: text(),
    detail: text({ mode: 'json' }).$type<IncidentEventDetail>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.incident, t.at, t.kind, t.key] })],
);
