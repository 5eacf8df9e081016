import type { TickView } from '../contract/views.ts';
import { listMemberships, type Membership } from '../db/checks/cohorts.ts';
import type { Database } from '../db/core/client.ts';
import { listTickRows, listTickRowsSince, type TickKey, type TickRow } from '../db/history/tickRows.ts';
import type { Region } from '../domain/checks/region.ts';
import { dispatchLeadMs, dispatchWindowMs } from '../domain/checks/schedule.ts';
import type { Span } from '../domain/history/uptime.ts';
import { unpackTick } from './format.ts';
import { toTickView } from './view.ts';

/** Checks that were dispatched before a monitor left its cohort can still be stored there. */
const lateMs = dispatchLeadMs + dispatchWindowMs;

/** Stays in one cohort that lie no further apart are read as one scan. */
const mergeWithinMs = 3_600_000;

export interface StoredTick extends TickKey {
  view: TickView;
}

const viewOf = (monitorId: string, { tick, region, slot }: TickRow): TickView =>
  toTickView(monitorId, unpackTick(tick, region, slot));

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
  let rows: TickRow[] = [];
  for (const scan of scans) {
    const lastNeeded = rows[limit - 1];
    if (lastNeeded && scan.from > lastNeeded.slot) break;
    rows = [...rows, ...(await listTickRows(db, monitor.number, { ...scan, region, after, limit }))].sort(byKey);
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

const byKey = (a: TickRow, b: TickRow) =>
  a.slot - b.slot || compare(a.region, b.region) || compare(a.lane, b.lane) || a.cohort - b.cohort;

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** The number of checks in a list of each monitor, and of intervals in which they are searched. */
const latestCount = 30;
const latestIntervals = 20;
/** Monitors with rarer checks list fewer of them: each interval is a row to read. */
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
    return [number, now - intervals * intervalSeconds * Math.min(stretch, maxStretch) * 1000] as const;
  });
  const rows = await listTickRowsSince(db, wanted, lateMs);
  const byMonitor = Map.groupBy(rows, (row) => row.number);
  return new Map(
    monitors.map(({ id, number }) => {
      const latest = (byMonitor.get(number) ?? []).slice(-latestCount);
      return [number, latest.map((row) => viewOf(id, row))];
    }),
  );
};
