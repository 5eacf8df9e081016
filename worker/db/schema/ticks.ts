import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Region } from '../../domain/checks/region.ts';

/** `normal`: quick monitors of a scheduled batch; `slow`: failing or slow ones; `extra`: on-demand checks. */
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
