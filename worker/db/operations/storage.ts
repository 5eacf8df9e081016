import { retryWrite } from '../core/retrying.ts';

export interface DatabaseStorage {
  sizeBytes: number;
  /** When that was measured, ms since the epoch. */
  measuredAt: number;
  /** Ticks due before then (ms) were deleted; 0 where none were. */
  keptSince: number;
  /** Earlier than configured, for lack of room. */
  droppedForRoom: 0 | 1;
}

/** Null before the first cron. Costs one row read. */
export const readStorage = (d1: D1Database): Promise<DatabaseStorage | null> =>
  d1
    .prepare(
      `SELECT size_bytes AS sizeBytes, measured_at AS measuredAt, kept_since AS keptSince,
         dropped_for_room AS droppedForRoom
       FROM database_storage WHERE id = 1`,
    )
    .first<DatabaseStorage>();

/** A row every minute would add nothing. */
const measureEveryMs = 300_000;

/** The size that the latest write reported. Costs one row each five minutes, and one where ticks were deleted. */
export const noteStorage = async (
  d1: D1Database,
  { at, sizeBytes, dropped }: { at: number; sizeBytes: number; dropped: { before: number; forRoom: boolean } | null },
): Promise<void> => {
  const statement = d1
    .prepare(
      `INSERT INTO database_storage (id, size_bytes, measured_at, kept_since, dropped_for_room) VALUES (1, ?1, ?2, ?3, ?4)
       ON CONFLICT DO UPDATE SET size_bytes = ?1, measured_at = ?2,
         kept_since = max(kept_since, ?3), dropped_for_room = iif(?3 = 0, dropped_for_room, ?4)
       WHERE measured_at <= ?2 - ${measureEveryMs} OR ?3 > kept_since + ${measureEveryMs}`,
    )
    .bind(sizeBytes, at, dropped?.before ?? 0, Number(dropped?.forRoom ?? false));
  await retryWrite(() => statement.run());
};

/** The cohorts that have ticks, each found by one step in the primary key. */
const held = `RECURSIVE held(cohort) AS (
  SELECT min(cohort) FROM tick_batches
  UNION ALL SELECT (SELECT min(cohort) FROM tick_batches WHERE cohort > held.cohort) FROM held WHERE held.cohort IS NOT NULL)`;

/** Slot of the oldest tick, ms; null where there are none. Reads two rows a cohort. */
export const oldestSlot = (d1: D1Database): Promise<number | null> =>
  d1
    .prepare(
      `WITH ${held} SELECT min((SELECT min(slot) FROM tick_batches WHERE cohort = held.cohort)) AS slot
       FROM held WHERE cohort IS NOT NULL`,
    )
    .first<number | null>('slot');

/** Deletes at most `most` batches that were due before `before` (ms); each is billed as a row written. */
export const dropTicks = async (
  d1: D1Database,
  before: number,
  most: number,
): Promise<{ dropped: number; sizeBytes: number }> => {
  const statement = d1
    .prepare(
      `WITH ${held} DELETE FROM tick_batches WHERE (cohort, slot, region, lane) IN (
         SELECT b.cohort, b.slot, b.region, b.lane FROM held CROSS JOIN tick_batches AS b
         WHERE b.cohort = held.cohort AND b.slot < ?1 LIMIT ?2)`,
    )
    .bind(before, most);
  const { meta } = await retryWrite(() => statement.run());
  return { dropped: meta.changes, sizeBytes: meta.size_after };
};
