import { and, desc, eq, sql } from 'drizzle-orm';
import { occurrences } from '../../domain/maintenance/maintenanceWindow.ts';
import { PharosError } from '../../errors.ts';
import type { Services } from '../../services.ts';
import type { Database } from '../core/client.ts';
import type { OwnId } from '../monitors/monitors.ts';
import { maintenanceWindowMonitors, maintenanceWindows, monitors } from '../schema.ts';
import { covers } from './covers.ts';

export type WindowRow = typeof maintenanceWindows.$inferSelect;
/** With the monitors that are named one by one. */
export type MaintenanceRow = WindowRow & { monitorIds: string[] };

/** Throws `not_found`, for another team's window as well. */
export const getMaintenance = async (db: Database, { teamId, id }: OwnId): Promise<MaintenanceRow> => {
  const rows = await db
    .select()
    .from(maintenanceWindows)
    .where(and(eq(maintenanceWindows.id, id), eq(maintenanceWindows.teamId, teamId)));
  const [row] = await withMonitors(db, rows);
  if (!row) throw new PharosError('not_found', 'No such maintenance window exists.');
  return row;
};

export interface MaintenanceFilter {
  teamId: string;
  /** `number` of a monitor that must belong to it. */
  monitor?: number | undefined;
  /** Whether it is over at `now`. */
  over?: boolean | undefined;
  now: number;
}

/** Newest first; `before` is the position of the last window of the page before. */
export const listMaintenance = async (
  db: Database,
  {
    limit,
    before,
    ...filter
  }: MaintenanceFilter & { limit: number; before?: { createdAt: number; id: string } | undefined },
): Promise<MaintenanceRow[]> => {
  const { teamId, monitor, over, now } = filter;
  const rows = await db
    .select()
    .from(maintenanceWindows)
    .where(
      and(
        eq(maintenanceWindows.teamId, teamId),
        over === undefined
          ? undefined
          : sql`(ifnull(${maintenanceWindows.effectiveUntil}, ${now + 1}) <= ${now}) = ${over ? 1 : 0}`,
        monitor === undefined ? undefined : holdsMonitor(monitor),
        before &&
          sql`(${maintenanceWindows.createdAt}, ${maintenanceWindows.id}) < (${before.createdAt}, ${before.id})`,
      ),
    )
    .orderBy(desc(maintenanceWindows.createdAt), desc(maintenanceWindows.id))
    .limit(limit);
  return withMonitors(db, rows);
};

/** Windows that count in some part of `[from, to)`, whether they occur in it or not. */
export const listEffective = (
  db: Database,
  { teamId, monitor, from, to }: { teamId: string; monitor?: number | undefined; from: number; to: number },
): Promise<WindowRow[]> =>
  db
    .select()
    .from(maintenanceWindows)
    .where(
      and(
        eq(maintenanceWindows.teamId, teamId),
        sql`${maintenanceWindows.effectiveFrom} < ${to}`,
        sql`ifnull(${maintenanceWindows.effectiveUntil}, ${to}) > ${from}`,
        monitor === undefined ? undefined : holdsMonitor(monitor),
      ),
    )
    .orderBy(maintenanceWindows.createdAt, maintenanceWindows.id);

/** Ids of the windows that are running just now. */
export const listRunning = async ({ db, now }: Services, teamId: string): Promise<string[]> => {
  const at = now();
  const windows = await listEffective(db, { teamId, from: at, to: at + 1 });
  return windows.filter((window) => occurrences(window, at, at + 1).length > 0).map((window) => window.id);
};

const holdsMonitor = (monitor: number) =>
  covers(maintenanceWindows, {
    number: sql`${monitor}`,
    tags: sql`(SELECT tagged.tags FROM monitors AS tagged WHERE tagged.number = ${monitor})`,
  });

const withMonitors = async (db: Database, rows: readonly WindowRow[]): Promise<MaintenanceRow[]> => {
  const named = await db
    .select({ windowId: maintenanceWindowMonitors.windowId, id: monitors.id })
    .from(maintenanceWindowMonitors)
    .innerJoin(monitors, eq(monitors.number, maintenanceWindowMonitors.monitor))
    .where(
      sql`${maintenanceWindowMonitors.windowId} IN (SELECT value FROM json_each(${JSON.stringify(rows.map((row) => row.id))}))`,
    )
    .orderBy(monitors.number);
  const idsOf = Map.groupBy(named, (one) => one.windowId);
  return rows.map((row) => ({ ...row, monitorIds: (idsOf.get(row.id) ?? []).map((one) => one.id) }));
};
