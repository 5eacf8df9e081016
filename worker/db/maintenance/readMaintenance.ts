import { sql } from 'drizzle-orm';
import type { Span } from '../../domain/history/uptime.ts';
import { mergeSpans } from '../../domain/maintenance/maintenance.ts';
import { firstOccurrences } from '../../domain/maintenance/maintenanceOccurrences.ts';
import { nextOccurrences, occurrences, type WindowTimes } from '../../domain/maintenance/maintenanceWindow.ts';
import { type Database, openDatabase } from '../core/client.ts';
import { covers, windowColumns } from './covers.ts';

export interface MonitorWindow extends WindowTimes {
  id: string;
  title: string;
}

interface Row {
  id: string;
  title: string;
  starts_at: string;
  time_zone: string;
  duration_seconds: number;
  rrule: string | null;
  skipped: string;
  effective_from: number;
  effective_until: number | null;
  monitors: string;
}

/** The windows that count in some part of `[from, to)`, by the `number` of each monitor; one statement for all of them. */
export const readWindows = async (
  d1: D1Database,
  monitors: readonly number[],
  span: Span,
): Promise<Map<number, MonitorWindow[]>> =>
  windowsOf(monitors, (await prepareWindows(d1, monitors, span).all<Row>()).results);

const prepareWindows = (d1: D1Database, monitors: readonly number[], span: Span): D1PreparedStatement => {
  const { sql: text, params } = selectWindows(openDatabase(d1), monitors, span).getQuery();
  return d1.prepare(text).bind(...params);
};

/** Its rows are for `windowsOf`. */
export const selectWindows = (db: Database, monitors: readonly number[], { from, to }: Span) => {
  const chosen = JSON.stringify(monitors);
  return db.all<Row>(
    sql`SELECT w.id, w.title, w.starts_at, w.time_zone, w.duration_seconds, w.rrule, w.skipped, w.effective_from, w.effective_until,
         (SELECT json_group_array(m.number) FROM json_each(${chosen}) AS chosen CROSS JOIN monitors AS m ON m.number = chosen.value
          WHERE m.team_id = w.team_id AND ${covers(windowColumns, { number: sql`m.number`, tags: sql`m.tags` })}
         ) AS monitors
       FROM maintenance_windows AS w
       WHERE w.team_id IN (SELECT m.team_id FROM json_each(${chosen}) AS chosen CROSS JOIN monitors AS m ON m.number = chosen.value)
         AND w.effective_from < ${to} AND ifnull(w.effective_until, ${to}) > ${from}
       ORDER BY w.created_at, w.id`,
  );
};

export const windowsOf = (monitors: readonly number[], rows: readonly Row[]): Map<number, MonitorWindow[]> => {
  const windows = new Map<number, MonitorWindow[]>(monitors.map((number) => [number, []]));
  for (const row of rows) {
    const window = windowOf(row);
    for (const number of JSON.parse(row.monitors) as number[]) windows.get(number)?.push(window);
  }
  return windows;
};

const windowOf = (row: Row): MonitorWindow => ({
  id: row.id,
  title: row.title,
  startsAt: row.starts_at,
  timeZone: row.time_zone,
  durationSeconds: row.duration_seconds,
  rrule: row.rrule,
  skipped: JSON.parse(row.skipped) as string[],
  effectiveFrom: row.effective_from,
  effectiveUntil: row.effective_until,
});

/** When each monitor is in maintenance in `[from, to)`: ascending and disjoint. */
export const readMaintenance = async (
  d1: D1Database,
  monitors: readonly number[],
  span: Span,
): Promise<Map<number, Span[]>> => maintenanceOf(await readWindows(d1, monitors, span), span);

/** The same of windows that were read for that time or more. */
export const maintenanceOf = (
  windows: ReadonlyMap<number, MonitorWindow[]>,
  { from, to }: Span,
): Map<number, Span[]> => {
  // Monitors of a team share their windows, each of which is expanded once, and most share all of them.
  const expanded = new Map<string, Span[]>();
  const occurrencesOf = (window: MonitorWindow) => {
    const spans = expanded.get(window.id) ?? occurrences(window, from, to);
    expanded.set(window.id, spans);
    return spans;
  };
  const known = new Map<string, Span[]>();
  const spansOf = (own: readonly MonitorWindow[]) => {
    const key = own.map((window) => window.id).join();
    const spans = known.get(key) ?? mergeSpans(own.flatMap(occurrencesOf));
    known.set(key, spans);
    return spans;
  };
  return new Map([...windows].map(([number, own]) => [number, spansOf(own)]));
};

/**
 * How far ahead a Monitor object knows its windows: it reads them again before each notification, so it only needs the end of
 * the running span.
 */
const aheadMs = 35 * 86_400_000;
const maxSpansAhead = 100;

const ahead = (now: number): Span => ({ from: now, to: now + aheadMs });

/** Its result is for `maintenanceAheadOf`. */
export const selectMaintenanceAhead = (d1: D1Database, monitor: number, now: number): D1PreparedStatement =>
  prepareWindows(d1, [monitor], ahead(now));

export const maintenanceAheadOf = (monitor: number, now: number, result: D1Result): Span[] => {
  const windows = windowsOf([monitor], result.results as Row[]).get(monitor) ?? [];
  return mergeSpans(firstOccurrences(windows, ahead(now), maxSpansAhead).found);
};

/** One occurrence of a window. */
export interface Occurrence extends Span {
  windowId: string;
  title: string;
}

/** The current occurrence of each monitor (of several windows the one that ends last), and the next one. */
export const readOccurrencesAround = async (
  d1: D1Database,
  monitors: readonly number[],
  now: number,
): Promise<Map<number, { current: Occurrence | null; next: Occurrence | null }>> => {
  const windows = await readWindows(d1, monitors, ahead(now));
  const known = new Map<string, Occurrence[]>();
  const occurrencesOf = (window: MonitorWindow) => {
    const found = known.get(window.id) ?? nextOccurrences(window, now, 2).map((span) => named(window, span));
    known.set(window.id, found);
    return found;
  };
  return new Map(
    [...windows].map(([number, own]) => {
      const all = own.flatMap(occurrencesOf);
      const current = all.filter((one) => one.from <= now).sort((a, b) => b.to - a.to)[0] ?? null;
      const next = all.filter((one) => one.from > now).sort((a, b) => a.from - b.from)[0] ?? null;
      return [number, { current, next }];
    }),
  );
};

const named = ({ id, title }: MonitorWindow, span: Span): Occurrence => ({ windowId: id, title, ...span });
