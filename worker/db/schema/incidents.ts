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
    /** Somebody has taken it on; reopening ends that. */
    acknowledgedAt: integer('acknowledged_at'),
    acknowledgedBy: text('acknowledged_by'),
    /** In a sentence, by a person. */
    cause: text(),
    /** Markdown. */
    postMortem: text('post_mortem'),
    /** When one of these two was written last. */
    describedAt: integer('described_at'),
  },
  (t) => [
    uniqueIndex('incidents_open').on(t.monitor).where(sql`resolved_at is null`),
    index('incidents_team').on(t.teamId, t.startedAt, t.id),
    index('incidents_monitor').on(t.monitor, t.startedAt),
    index('incidents_resolved').on(t.monitor, t.resolvedAt).where(sql`resolved_at is not null`),
  ],
);

/** What an outage is made of, as the state machine tells it, and what people did about it. */
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

/** Why nobody is told, with the names of monitors as they were then. */
export type SuppressionReason =
  | { type: 'maintenance'; until: number | null }
  | { type: 'dependency'; monitors: Dependency[]; until: number | null };

/** What an event says beyond its kind. */
export interface IncidentEventDetail {
  /** `evidence` */
  evidence?: Evidence & { answer?: Answer };
  /** `alert` and `suppressed`: what people are told, or are not. */
  alert?: AlertEvent;
  /** `suppressed` */
  because?: SuppressionReason;
  /** `notified` and `notification-failed`: through which channel, as it was called then, and of what. */
  channel?: { id: string; name: string; kind: string };
  event?: DeliveryEvent;
  /** `unreached`: what of a step led to no channel, and who was told in its place, where it told nobody. */
  unreached?: Unreached[];
  inPlace?: InPlace;
  /** `over-limit`: alerts that the team may have in a day, and when the next begins, ms. */
  overLimit?: { limit: number; until: number };
  /** `acknowledged` by the link in a message: name of the channel through which it came. */
  through?: string;
  /** `recovered`: the first passing check, ms. */
  passingSince?: number;
  /** `comment` and `cause`: what was written; `reclassified`: the reason. */
  text?: string;
  /** `reclassified` and `reclassification-revoked`: how which time counts, or no longer does, ms. */
  reclassified?: { as: ReclassifiedAs; from: number; to: number };
}

/**
 * The timeline of an incident. The primary key is the table and its order (WITHOUT ROWID, migrations/0002), and makes
 * facts unique: the system's by their time, kind and region, however often they are written; a person's by `key`.
 */
export const incidentEvents = sqliteTable(
  'incident_events',
  {
    incident: text()
      .notNull()
      .references(() => incidents.id, { onDelete: 'cascade' }),
    at: integer().notNull(),
    kind: text().$type<IncidentEventKind>().notNull(),
    /** Region of an `evidence`, id of a `comment`, a reclassification or a delivery, step of an `unreached`, author of what else people do, else empty. */
    key: text().notNull(),
    /** Id of the user; null where it was Pharos. */
    author: text(),
    detail: text({ mode: 'json' }).$type<IncidentEventDetail>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.incident, t.at, t.kind, t.key] })],
);
