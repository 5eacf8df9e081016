import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Answer, Health, Reason } from '../domain/outcome.ts';
import type { Region } from '../domain/region.ts';
import type { Verdict } from '../domain/uptime.ts';
import type { DecidedVerdict } from '../domain/verdict.ts';

/** Times are integer milliseconds since the epoch unless a name says otherwise. */

export const users = sqliteTable(
  'users',
  {
    id: text().primaryKey(),
    /** As the person typed it, for showing and sending. */
    email: text().notNull(),
    /** Lower case: what is compared. */
    emailKey: text('email_key').notNull(),
    passwordHash: text('password_hash').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [uniqueIndex('users_email_key').on(t.emailKey)],
);

export const teams = sqliteTable('teams', {
  id: text().primaryKey(),
  name: text().notNull(),
  /** Until then somebody has a dashboard open, so results are pushed to the team's Feed. */
  watchedUntil: integer('watched_until').notNull().default(0),
  createdAt: integer('created_at').notNull(),
});

export const members = sqliteTable(
  'members',
  {
    teamId: text('team_id')
      .notNull()
      .references(() => teams.id),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    role: text({ enum: ['owner', 'member'] }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.teamId] })],
);

/** One row per sign-in (a token family). Refreshing replaces the hash; a hash that was replaced before ends the family. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    refreshHash: text('refresh_hash').notNull(),
    /** The hash before the last rotation and when it was rotated: two tabs that refresh at once are no theft. */
    previousHash: text('previous_hash'),
    rotatedAt: integer('rotated_at').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [index('sessions_user').on(t.userId)],
);

/** What an `http` monitor asks and expects; kinds to come have their own shape. Secrets are not in here. */
export interface HttpSettings {
  url: string;
  method: string;
  expectedStatus: string;
  maxRedirects: number;
  bodyContains: string | null;
  bodyNotContains: string | null;
}

export const monitors = sqliteTable(
  'monitors',
  {
    /** Short internal key: what ticks are stored under. */
    number: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull(),
    teamId: text('team_id')
      .notNull()
      .references(() => teams.id),
    kind: text({ enum: ['http'] }).notNull(),
    name: text().notNull(),
    settings: text({ mode: 'json' }).$type<HttpSettings>().notNull(),
    /** Names of the headers, for showing; their values are in `sealed`. */
    headerNames: text('header_names', { mode: 'json' }).$type<string[]>().notNull(),
    hasBody: integer('has_body', { mode: 'boolean' }).notNull(),
    /** Header values and body, encrypted (auth/seal.ts); null where there are none. */
    sealed: text(),
    timeoutMs: integer('timeout_ms').notNull(),
    intervalSeconds: integer('interval_seconds').notNull(),
    regions: text({ mode: 'json' }).$type<Region[]>().notNull(),
    degradedAboveMs: integer('degraded_above_ms'),
    tags: text({ mode: 'json' }).$type<string[]>().notNull(),
    /** Cohort that looks at it; null while paused. */
    cohort: integer(),
    /** What the Monitor object decided last; `paused` and `maintenance` are set by people. */
    verdict: text().$type<Verdict>().notNull().default('unknown'),
    verdictSince: integer('verdict_since').notNull(),
    /** Per region, what it counts as: an outcome that says the same is quiet. */
    regionHealth: text('region_health', { mode: 'json' })
      .$type<Partial<Record<Region, DecidedVerdict>>>()
      .notNull()
      .default({}),
    suspect: integer({ mode: 'boolean' }).notNull().default(false),
    /** Rises with each decision written here, so that a late write never undoes a newer one. */
    decision: integer().notNull().default(0),
    /** Bit n: slow as seen from the region at n in `regions` of domain/region.ts; travels in the slow lane there. */
    slowRegions: integer('slow_regions').notNull().default(0),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    uniqueIndex('monitors_id').on(t.id),
    index('monitors_team').on(t.teamId, t.number),
    index('monitors_cohort').on(t.cohort).where(sql`cohort is not null`),
  ],
);

/** Up to 100 monitors that are checked together: same interval, same regions. */
export const cohorts = sqliteTable(
  'cohorts',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    intervalSeconds: integer('interval_seconds').notNull(),
    /** Comma-separated, in the order of domain/region.ts. */
    regions: text().notNull(),
    size: integer().notNull().default(0),
  },
  (t) => [index('cohorts_class').on(t.intervalSeconds, t.regions, t.size)],
);

/** Which cohort held a monitor's ticks in which time, so that its history survives a change of interval or regions. */
export const cohortMemberships = sqliteTable(
  'cohort_memberships',
  {
    monitor: integer().notNull(),
    since: integer().notNull(),
    cohort: integer().notNull(),
    until: integer(),
  },
  (t) => [primaryKey({ columns: [t.monitor, t.since, t.cohort] })],
);

/** `normal`: quick monitors of a scheduled batch; `slow`: failing or slow ones; `extra`: asked out of turn. */
export type Lane = 'normal' | 'slow' | 'extra';

/**
 * Level 0 of the ticks: one row per batch. `ticks` is a JSON object from monitor number to
 * `[health, reason, status, latencyMs, startedDelayMs, dataCentre]` (ticks/format.ts); the view `ticks` unpacks it.
 * WITHOUT ROWID: the primary key is the table, so that a row costs one write (migrations/0001).
 */
export const tickBatches = sqliteTable(
  'tick_batches',
  {
    cohort: integer().notNull(),
    slot: integer().notNull(),
    region: text().$type<Region>().notNull(),
    lane: text().$type<Lane>().notNull(),
    ticks: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.cohort, t.slot, t.region, t.lane] })],
);

/** The history of verdicts; uptime is computed from it. `since` is what counts, `at` when people were told. */
export const verdictChanges = sqliteTable(
  'verdict_changes',
  {
    monitor: integer().notNull(),
    since: integer().notNull(),
    at: integer().notNull(),
    verdict: text().$type<Verdict>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.monitor, t.at, t.verdict] })],
);

export interface Evidence {
  region: Region;
  health: Health | 'unknown';
  reason: Reason;
  status: number | null;
  latencyMs: number;
  dataCentre: string | null;
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
  },
  (t) => [
    uniqueIndex('incidents_open').on(t.monitor).where(sql`resolved_at is null`),
    index('incidents_team').on(t.teamId, t.startedAt, t.id),
    index('incidents_monitor').on(t.monitor, t.startedAt),
  ],
);

/** What an outage is made of, as the state machine tells it, and what people did about it. */
export const incidentEventKinds = [
  'failed',
  'evidence',
  'confirmed',
  'recovered',
  'paused',
  'acknowledged',
  'comment',
  'resolved',
  'reopened',
  'cause',
  'post-mortem',
] as const;
export type IncidentEventKind = (typeof incidentEventKinds)[number];

/** What an event says beyond its kind. */
export interface IncidentEventDetail {
  /** `evidence` */
  evidence?: Evidence & { answer?: Answer };
  /** `recovered`: the first passing check, ms. */
  passingSince?: number;
  /** `comment` and `cause`: what was written. */
  text?: string;
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
    /** Region of an `evidence`, id of a `comment`, author of what else people do, otherwise empty. */
    key: text().notNull(),
    /** Id of the user; null where it was Pharos. */
    author: text(),
    detail: text({ mode: 'json' }).$type<IncidentEventDetail>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.incident, t.at, t.kind, t.key] })],
);

/** One row per cron minute: the claim that makes a second run of it do nothing, and the record of minutes never run. */
export const dispatches = sqliteTable('dispatches', {
  minute: integer().primaryKey(),
  claimedAt: integer('claimed_at').notNull(),
  finishedAt: integer('finished_at'),
  messages: integer().notNull().default(0),
  checks: integer().notNull().default(0),
});

/** Queue messages that could not be handled. */
export const deadLetters = sqliteTable(
  'dead_letters',
  {
    id: text().primaryKey(),
    receivedAt: integer('received_at').notNull(),
    /** The first 4 KiB, for a look. */
    body: text().notNull(),
  },
  (t) => [index('dead_letters_received').on(t.receivedAt)],
);

export const statusPages = sqliteTable(
  'status_pages',
  {
    id: text().primaryKey(),
    teamId: text('team_id')
      .notNull()
      .references(() => teams.id),
    slug: text().notNull(),
    name: text().notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [uniqueIndex('status_pages_slug').on(t.slug), index('status_pages_team').on(t.teamId, t.createdAt, t.id)],
);

export const components = sqliteTable(
  'components',
  {
    pageId: text('page_id')
      .notNull()
      .references(() => statusPages.id, { onDelete: 'cascade' }),
    monitor: integer().notNull(),
    position: integer().notNull(),
    /** What visitors read instead of the monitor's own name. */
    publicName: text('public_name'),
  },
  (t) => [primaryKey({ columns: [t.pageId, t.monitor] }), index('components_monitor').on(t.monitor)],
);
