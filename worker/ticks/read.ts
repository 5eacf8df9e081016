import { sql } from 'drizzle-orm';
import type { TickView } from '../contract/views.ts';
import { listMemberships, type Membership } from '../db/checks/cohorts.ts';
import type { Database } from '../db/core/client.ts';
import type { Lane } from '../db/schema.ts';
import type { Region } from '../domain/checks/region.ts';
import { dispatchLeadMs, dispatchWindowMs } from '../domain/checks/schedule.ts';
import type { Span } from '../domain/history/uptime.ts';
import { unpackTick } from './format.ts';
import { toTickView } from './view.ts';

/** Checks that were dispatched before a monitor left its cohort can still be stored there. */
const lateMs = dispatchLeadMs + dispatchWindowMs;

/** Stays in one cohort that lie no further apart are read as one scan. */
const mergeWithinMs = 3_600_000;

/** Where a tick lies; ticks of a monitor ascend by slot, and by the rest where slots are equal. */
export interface TickKey {
  slot: number;
  region: Region;
  lane: Lane;
  cohort: number;
}

export interface StoredTick extends TickKey {
  view: TickView;
}

interface Row extends TickKey {
  tick: string;
}

const viewOf = (monitorId: string, { tick, region, slot }: Row): TickView =>
  toTickView(monitorId, unpackTick(tick, region, slot));

/** Of a batch only the one monitor's tuple leaves SQL. The path is built from an integer, never from text. */
const tupleOf = (number: number) => sql`json_extract(ticks, ${`$."${Math.trunc(number)}"`})`;

export interface TickRange extends Span {
  region?: Region | undefined;
  after?: TickKey | undefined;
  limit: number;
}

/** Ticks of one monitor that were due in `[from, to)` (ms), ascending, at most `limit`, those behind `after` only. */
export const listTicks = async (
  db: Database,
  monitor: { id: string; number: number },
  { from, to, region, after, limit }: TickRange,
): Promise<StoredTick[]> => {
  const since = Math.max(from, after?.slot ?? from);
  const scans = mergeScans(await listMemberships(db, monitor.number), { from: since, to });
  let rows: Row[] = [];
  for (const scan of scans) {
    const lastNeeded = rows[limit - 1];
    if (lastNeeded && scan.from > lastNeeded.slot) break;
    rows = [...rows, ...(await readScan(db, monitor.number, scan, { region, after, limit }))].sort(byKey);
  }
  return rows.slice(0, limit).map((row) => ({ ...row, view: viewOf(monitor.id, row) }));
};

interface Scan extends Span {
  cohort: number;
}

/** Disjoint per cohort, in the order in which they begin. */
const mergeScans = (memberships: readonly Membership[], within: Span): Scan[] => {
  const scans: Scan[] = [];
  for (const { cohort, since, until } of memberships) {
    const from = Math.max(since, within.from);
    const to = Math.min(until === null ? within.to : until + lateMs, within.to);
    if (from >= to) continue;
    const before = scans.findLast((scan) => scan.cohort === cohort);
    if (before && from - before.to <= mergeWithinMs) before.to = Math.max(before.to, to);
    else scans.push({ cohort, from, to });
  }
  return scans;
};

const readScan = (
  db: Database,
  number: number,
  { cohort, from, to }: Scan,
  { region, after, limit }: Pick<TickRange, 'region' | 'after' | 'limit'>,
): Promise<Row[]> =>
  db.all<Row>(
    sql`SELECT cohort, slot, region, lane, ${tupleOf(number)} AS tick FROM tick_batches
        WHERE cohort = ${cohort} AND slot >= ${from} AND slot < ${to} AND tick IS NOT NULL
        ${region ? sql`AND region = ${region}` : sql``}
        ${after ? sql`AND (slot, region, lane, cohort) > (${after.slot}, ${after.region}, ${after.lane}, ${after.cohort})` : sql``}
        ORDER BY slot, region, lane LIMIT ${limit}`,
  );

const byKey = (a: Row, b: Row) =>
  a.slot - b.slot || compare(a.region, b.region) || compare(a.lane, b.lane) || a.cohort - b.cohort;

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** How many a list shows of each monitor, and over how many intervals they are looked for. */
const latestCount = 30;
const latestIntervals = 20;
/** Of one that is checked more rarely still, fewer checks are listed: each interval is a row to read. */
const maxStretch = 20;

interface Listed {
  id: string;
  number: number;
  intervalSeconds: number;
  stretch: number;
  regions: readonly Region[];
}

/**
 * The latest ticks of each of these monitors, oldest first, at most 30: one statement for a whole page. Each batch is
 * read once, for all monitors of its cohort.
 */
export const listLatestTicks = async (
  db: Database,
  monitors: readonly Listed[],
  now: number,
): Promise<Map<number, TickView[]>> => {
  const wanted = monitors.map(({ number, intervalSeconds, stretch, regions }) => {
    const intervals = Math.max(latestIntervals, Math.ceil(latestCount / regions.length));
    return [number, now - intervals * intervalSeconds * Math.min(stretch, maxStretch) * 1000];
  });
  const rows = await db.all<Row & { number: number }>(
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
  const byMonitor = Map.groupBy(rows, (row) => row.number);
  return new Map(
    monitors.map(({ id, number }) => {
      const latest = (byMonitor.get(number) ?? []).slice(-latestCount);
      return [number, latest.map((row) => viewOf(id, row))];
    }),
  );
};
