import { sql } from 'drizzle-orm';
import type { Region } from '../../domain/checks/region.ts';
import type { Span } from '../../domain/history/uptime.ts';
import type { Database } from '../core/client.ts';
import type { Lane } from '../schema.ts';

/** Identifies a row of ticks; ticks of a monitor ascend by slot, and by the rest where slots are equal. */
export interface TickKey {
  slot: number;
  region: Region;
  lane: Lane;
  cohort: number;
}

/** The packed tick of one monitor (ticks/format.ts) and the row that holds it. */
export interface TickRow extends TickKey {
  tick: string;
}

/** Appending twice changes nothing: a monitor's tick that a row already holds stays. D1 bills one row for each call. */
export const appendToTickRow = (
  d1: D1Database,
  { cohort, slot, region, lane }: TickKey,
  packed: string,
): D1PreparedStatement =>
  d1
    .prepare(
      `INSERT INTO tick_batches (cohort, slot, region, lane, ticks) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT DO UPDATE SET ticks = json_patch(excluded.ticks, ticks)`,
    )
    .bind(cohort, slot, region, lane, packed);

/** Of a batch only the one monitor's tuple leaves SQL. The path is built from an integer, never from text. */
const tupleOf = (number: number) => sql`json_extract(ticks, ${`$."${Math.trunc(number)}"`})`;

/** Ticks of one monitor in one cohort that were due in `[from, to)` (ms), ascending; only those after the key `after`. */
export const listTickRows = (
  db: Database,
  number: number,
  {
    cohort,
    from,
    to,
    region,
    after,
    limit,
  }: Span & { cohort: number; region?: Region | undefined; after?: TickKey | undefined; limit: number },
): Promise<TickRow[]> =>
  db.all<TickRow>(
    sql`SELECT cohort, slot, region, lane, ${tupleOf(number)} AS tick FROM tick_batches
        WHERE cohort = ${cohort} AND slot >= ${from} AND slot < ${to} AND tick IS NOT NULL
        ${region ? sql`AND region = ${region}` : sql``}
        ${after ? sql`AND (slot, region, lane, cohort) > (${after.slot}, ${after.region}, ${after.lane}, ${after.cohort})` : sql``}
        ORDER BY slot, region, lane LIMIT ${limit}`,
  );

/**
 * Ticks of these monitors, each since its own time (ms), ascending by slot: one statement for a whole page of monitors,
 * which reads each batch once. `lateMs`: for so long a cohort can receive ticks of a monitor that left it.
 */
export const listTickRowsSince = (
  db: Database,
  wanted: readonly (readonly [number: number, since: number])[],
  lateMs: number,
): Promise<(TickRow & { number: number })[]> =>
  db.all<TickRow & { number: number }>(
    sql`WITH wanted AS (SELECT value ->> 0 AS number, value ->> 1 AS since FROM json_each(${JSON.stringify(wanted)})),
        held AS MATERIALIZED (
          SELECT w.number, c.cohort, min(max(c.since, w.since)) AS since
          FROM wanted AS w JOIN cohort_memberships AS c ON c.monitor = w.number
          WHERE c.until IS NULL OR c.until + ${lateMs} > w.since
          GROUP BY w.number, c.cohort),
        scans AS (SELECT cohort, min(since) AS since FROM held GROUP BY cohort)
        SELECT h.number, b.cohort, b.slot, b.region, b.lane, json_extract(b.ticks, '$."' || h.number || '"') AS tick
        FROM scans AS s CROSS JOIN tick_batches AS b CROSS JOIN held AS h
        WHERE b.cohort = s.cohort AND b.slot >= s.since AND h.cohort = b.cohort AND b.slot >= h.since
          AND tick IS NOT NULL
        ORDER BY b.slot`,
  );
