import { sql } from 'drizzle-orm';
import { type Region, regions } from '../../domain/checks/region.ts';
import {
  cohortOffsetMs,
  dispatchLeadMs,
  dispatchWindowMs,
  firstSlot,
  regionStaggerMs,
} from '../../domain/checks/schedule.ts';
import type { Database } from '../core/client.ts';

export interface Lag {
  region: Region;
  /** Between the newest stored slot and the newest that is due; 0 where nothing is missing. */
  lagMs: number;
  /** The part of it that is normal. */
  allowedMs: number;
}

/** A random sample of this size shows a stalled queue, whatever the number of cohorts. */
const sampleSize = 20;
const graceMs = 30_000;

/** How far back stored slots are searched: this many intervals, and the time that is dispatched ahead. */
const lookbackIntervals = 4;
const aheadMs = dispatchLeadMs + dispatchWindowMs;

interface Row {
  id: number;
  interval_seconds: number;
  /** The stretch of the cohort's least stretched monitor (domain/checks/domainLoad.ts). */
  stretch: number;
  /** Time of its last change, ms. */
  stretched_at: number;
  regions: string;
  region: Region;
  stored: number | null;
  held_since: number;
  timeout_ms: number;
}

/**
 * How far the stored ticks of some cohorts are behind their schedule, per region. A batch of targets that do not answer
 * is stored when their timeout has passed, so that much more is allowed.
 */
export const listLags = async (db: Database, now: number): Promise<Lag[]> => {
  const rows = await db.all<Row>(
    sql`WITH chosen AS MATERIALIZED (SELECT * FROM cohorts WHERE size > 0 ORDER BY random() LIMIT ${sampleSize}),
        sample AS MATERIALIZED (
          SELECT id, interval_seconds, regions, (SELECT min(stretch) FROM monitors WHERE cohort = chosen.id) AS stretch,
            (SELECT min(c.since) FROM monitors AS m JOIN cohort_memberships AS c
               ON c.monitor = m.number AND c.cohort = m.cohort AND c.until IS NULL
             WHERE m.cohort = chosen.id) AS held_since,
            (SELECT max(timeout_ms) FROM monitors WHERE cohort = chosen.id) AS timeout_ms,
            (SELECT min(stretched_at) FROM monitors WHERE cohort = chosen.id
               AND stretch = (SELECT min(stretch) FROM monitors WHERE cohort = chosen.id)) AS stretched_at
          FROM chosen)
        SELECT s.*, r.value AS region,
          (SELECT b.slot FROM tick_batches AS b
           WHERE b.cohort = s.id AND b.region = r.value AND b.lane <> 'extra'
             AND b.slot > ${now} - s.interval_seconds * s.stretch * ${lookbackIntervals * 1000} - ${aheadMs}
           ORDER BY b.slot DESC LIMIT 1) AS stored
        FROM sample AS s CROSS JOIN json_each(${JSON.stringify(regions)}) AS r
        WHERE instr(',' || s.regions || ',', ',' || r.value || ',') > 0`,
  );
  return rows.map((row) => toLag(row, now));
};

const toLag = (row: Row, now: number): Lag => {
  const intervalMs = row.interval_seconds * 1000;
  const chosen = row.regions.split(',');
  const staggerMs = regionStaggerMs(chosen.indexOf(row.region), chosen.length, row.interval_seconds);
  const offsetMs = cohortOffsetMs(row.id, row.interval_seconds) + staggerMs;
  const due = firstSlot(now - intervalMs + 1, intervalMs, offsetMs);
  const checkedEveryMs = intervalMs * row.stretch;
  const lookedFrom = now - lookbackIntervals * checkedEveryMs - aheadMs;
  // New members, and those that are checked more often again, are dispatched so with the next minute at the earliest.
  const reached = Math.max(row.stored ?? lookedFrom, row.held_since + aheadMs, row.stretched_at + aheadMs);
  return {
    region: row.region,
    lagMs: Math.max(0, due - reached),
    allowedMs: checkedEveryMs + graceMs + row.timeout_ms,
  };
};
