import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Region } from '../../domain/checks/region.ts';

/** One row per cron minute: the claim that makes a second run of it do nothing, and the record of minutes never run. */
export const dispatches = sqliteTable(
  'dispatches',
  {
    minute: integer().primaryKey(),
    claimedAt: integer('claimed_at').notNull(),
    /** Name of the claim, by which a run recognises it. */
    claim: text(),
    finishedAt: integer('finished_at'),
    /** Bits of the regions whose queues took all their messages, where the run failed after that. */
    sentRegions: integer('sent_regions').notNull().default(0),
    messages: integer().notNull().default(0),
    checks: integer().notNull().default(0),
    /** 1: the minute before it was finished first. 0 is no information: a search for gaps reads the row before. */
    follows: integer().notNull().default(0),
  },
  // A few rows of half a million a year, so that gaps are found without reading what lies between them.
  (t) => [index('dispatches_maybe_after_gap').on(t.minute).where(sql`finished_at IS NOT NULL AND follows = 0`)],
);

/** Result of the latest heartbeat to the operator's dead man's switch. One row. */
export const deadManPing = sqliteTable('dead_man_ping', {
  id: integer().primaryKey(),
  at: integer().notNull(),
  /** Failed pings since the last success; null where the latest was delivered. */
  failingSince: integer('failing_since'),
  problem: text(),
});

/** Database size, and from when level 0 of the ticks is kept (operations/storage.ts). One row. */
export const databaseStorage = sqliteTable('database_storage', {
  id: integer().primaryKey(),
  sizeBytes: integer('size_bytes').notNull(),
  measuredAt: integer('measured_at').notNull(),
  /** Ticks due before then were deleted; 0 where none were. */
  keptSince: integer('kept_since').notNull().default(0),
  /** They were deleted earlier than configured, because the database would have been full. */
  droppedForRoom: integer('dropped_for_room').notNull().default(0),
});

/** Progress of sealing all secrets again with the current key and format (operations/reseal.ts). One row. */
export const resealing = sqliteTable('resealing', {
  id: integer().primaryKey(),
  /** The key and the format of sealed texts: a change starts a new pass. */
  version: text().notNull(),
  /** When this version was first seen. */
  since: integer().notNull(),
  /** Start of the current or last pass. */
  passAt: integer('pass_at').notNull(),
  /** The number of its table, and the key of the last row that was processed. */
  part: integer().notNull(),
  after: text().notNull(),
  resealed: integer().notNull().default(0),
  /** Rows of the pass that no key opens. */
  failed: integer().notNull().default(0),
  doneAt: integer('done_at'),
});

/** Queue messages that could not be handled. */
export const deadLetters = sqliteTable(
  'dead_letters',
  {
    id: text().primaryKey(),
    receivedAt: integer('received_at').notNull(),
    /** The dead-letter queue; null in rows from before it was stored. */
    queue: text(),
    /** The first 4 KiB, for inspection. */
    body: text().notNull(),
  },
  (t) => [index('dead_letters_received').on(t.receivedAt)],
);

/** Times when a region itself was broken: most of its monitors failed there and passed elsewhere. Its outcomes did not vote. */
export const regionDistrusts = sqliteTable(
  'region_distrusts',
  {
    region: text().$type<Region>().notNull(),
    since: integer().notNull(),
    /** Null while it lasts. */
    until: integer(),
    /** Monitors that failed only there when it began, out of the number checked from there. */
    failing: integer().notNull(),
    monitors: integer().notNull(),
    /** Reference targets that failed there and answered elsewhere, out of this many; null where they gave no evidence. */
    referencesFailing: integer('references_failing'),
    referenceCount: integer('reference_count'),
    /** Latest time at which evidence showed that it is broken. */
    provenAt: integer('proven_at').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.region, t.since] })],
);

/** Limits reviews of regions and requests to reference targets, whatever the monitors of teams do. One row a region. */
export const regionReviews = sqliteTable('region_reviews', {
  region: text().$type<Region>().primaryKey(),
  /** The time of the last requested review. */
  reviewAt: integer('review_at').notNull().default(0),
  /** Time of the last requests to reference targets from there, and their results (JSON by address). */
  lookedAt: integer('looked_at').notNull().default(0),
  look: text().notNull().default('{}'),
});
