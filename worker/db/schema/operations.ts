import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Region } from '../../domain/checks/region.ts';

/** One row per cron minute: the claim that makes a second run of it do nothing, and the record of minutes never run. */
export const dispatches = sqliteTable(
  'dispatches',
  {
    minute: integer().primaryKey(),
    claimedAt: integer('claimed_at').notNull(),
    /** Name of the claim, by which a run knows it again. */
    claim: text(),
    finishedAt: integer('finished_at'),
    /** Bits of the regions whose queues took all their messages, where the run failed after that. */
    sentRegions: integer('sent_regions').notNull().default(0),
    messages: integer().notNull().default(0),
    checks: integer().notNull().default(0),
    /** 1: the minute before it was finished first. 0 says nothing: a search for gaps reads the row before. */
    follows: integer().notNull().default(0),
  },
  // A few rows of half a million a year, so that gaps are found without reading what lies between them.
  (t) => [index('dispatches_maybe_after_gap').on(t.minute).where(sql`finished_at IS NOT NULL AND follows = 0`)],
);

/** What came of the latest sign of life that was sent to the operator's dead man's switch. One row. */
export const deadManPing = sqliteTable('dead_man_ping', {
  id: integer().primaryKey(),
  at: integer().notNull(),
  /** Of the pings since one arrived last; null where the latest arrived. */
  failingSince: integer('failing_since'),
  problem: text(),
});

/** How full the database is, and from when level 0 of the ticks is kept (operations/storage.ts). One row. */
export const databaseStorage = sqliteTable('database_storage', {
  id: integer().primaryKey(),
  sizeBytes: integer('size_bytes').notNull(),
  measuredAt: integer('measured_at').notNull(),
  /** Ticks due before then were dropped; 0 where none were. */
  keptSince: integer('kept_since').notNull().default(0),
  /** They were dropped earlier than the setting says, because the database would have been full. */
  droppedForRoom: integer('dropped_for_room').notNull().default(0),
});

/** How far everything that is sealed has been sealed as it would be today (operations/reseal.ts). One row. */
export const resealing = sqliteTable('resealing', {
  id: integer().primaryKey(),
  /** The key, and the form of what is sealed: another one begins anew. */
  version: text().notNull(),
  /** When this version was first seen. */
  since: integer().notNull(),
  /** When the pass began that goes on, or was the last. */
  passAt: integer('pass_at').notNull(),
  /** The table of it by its number, and the key of the last row that was looked at. */
  part: integer().notNull(),
  after: text().notNull(),
  resealed: integer().notNull().default(0),
  /** Rows of the pass that open under no key. */
  failed: integer().notNull().default(0),
  doneAt: integer('done_at'),
});

/** Queue messages that could not be handled. */
export const deadLetters = sqliteTable(
  'dead_letters',
  {
    id: text().primaryKey(),
    receivedAt: integer('received_at').notNull(),
    /** The dead-letter queue; null where it was not kept yet. */
    queue: text(),
    /** The first 4 KiB, for a look. */
    body: text().notNull(),
  },
  (t) => [index('dead_letters_received').on(t.receivedAt)],
);

/** When a region's own view was broken: most of its monitors failed there and passed elsewhere. Its outcomes did not vote. */
export const regionDistrusts = sqliteTable(
  'region_distrusts',
  {
    region: text().$type<Region>().notNull(),
    since: integer().notNull(),
    /** Null while it lasts. */
    until: integer(),
    /** Monitors that failed there alone, of so many that are checked from there, when it began. */
    failing: integer().notNull(),
    monitors: integer().notNull(),
    /** Reference targets that did not answer there and did elsewhere, of so many; null where these said nothing. */
    referencesFailing: integer('references_failing'),
    referenceCount: integer('reference_count'),
    /** When evidence showed last that it is broken. */
    provenAt: integer('proven_at').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.region, t.since] })],
);

/** Bounds how often regions are reviewed and reference targets are asked, whatever the monitors of teams do. One row a region. */
export const regionReviews = sqliteTable('region_reviews', {
  region: text().$type<Region>().primaryKey(),
  /** For when a review was requested last. */
  reviewAt: integer('review_at').notNull().default(0),
  /** When reference targets were asked from there last, and which of them answered (JSON by address). */
  lookedAt: integer('looked_at').notNull().default(0),
  look: text().notNull().default('{}'),
});
