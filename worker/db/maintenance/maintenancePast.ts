import { and, eq, sql } from 'drizzle-orm';
import { firstOccurrences } from '../../domain/maintenance/maintenanceOccurrences.ts';
import { newId } from '../../ids.ts';
import type { Services } from '../../services.ts';
import type { Database } from '../core/client.ts';
import { getMonitor, type OwnId } from '../monitors/monitors.ts';
import { maintenanceWindowMonitors, maintenanceWindows } from '../schema.ts';
import type { WindowRow } from './maintenanceRows.ts';

export const hasBegun = (row: WindowRow, now: number) =>
  firstOccurrences([row], { from: row.effectiveFrom, to: now }, 1).found.length > 0;

/**
 * Copies the window as it was until `now` into a row of its own, where `isWanted`; goes before the write that changes it. Its
 * tags are resolved, so later changes of tags do not affect the past.
 */
export const keepPast = (db: Database, row: WindowRow, now: number, isWanted: boolean) => {
  const id = newId('mnt');
  return [
    db.insert(maintenanceWindows).select(
      sql`SELECT ${id}, team_id, title, starts_at, time_zone, duration_seconds, rrule, skipped, all_monitors, '[]', effective_from,
            min(ifnull(effective_until, ${now}), ${now}), created_by, created_at, ${now}
          FROM maintenance_windows WHERE ${unchanged(row)} AND ${isWanted}`,
    ),
    db.insert(maintenanceWindowMonitors).select(
      sql`SELECT past.id, named.monitor
          FROM maintenance_windows AS past, maintenance_window_monitors AS named
          WHERE past.id = ${id} AND named.window_id = ${row.id}
          UNION
          SELECT past.id, m.number
          FROM maintenance_windows AS past, monitors AS m, json_each(m.tags) AS own, json_each(${JSON.stringify(row.tags)}) AS tag
          WHERE past.id = ${id} AND m.team_id = past.team_id AND own.value = tag.value`,
    ),
  ] as const;
};

export const unchanged = ({ id, updatedAt }: WindowRow) =>
  and(eq(maintenanceWindows.id, id), eq(maintenanceWindows.updatedAt, updatedAt));

/**
 * To be called before a monitor gets other tags: splits the windows that it belongs to by a tag, or will, so that their past
 * still counts for the monitors that were in them.
 */
export const keepTaggedPast = async ({ db, now }: Services, own: OwnId, tags: readonly string[]): Promise<void> => {
  const monitor = await getMonitor(db, own);
  const changed = [
    ...monitor.tags.filter((tag) => !tags.includes(tag)),
    ...tags.filter((tag) => !monitor.tags.includes(tag)),
  ];
  if (changed.length === 0) return;
  const at = now();
  const rows = await db
    .select()
    .from(maintenanceWindows)
    .where(
      and(
        eq(maintenanceWindows.teamId, own.teamId),
        sql`EXISTS (SELECT 1 FROM json_each(${maintenanceWindows.tags}) AS tag, json_each(${JSON.stringify(changed)}) AS other
                    WHERE tag.value = other.value)`,
      ),
    );
  for (const row of rows.filter((window) => hasBegun(window, at))) {
    const isOver = row.effectiveUntil !== null && row.effectiveUntil <= at;
    await db.batch([
      ...keepPast(db, row, at, true),
      isOver
        ? db.delete(maintenanceWindows).where(unchanged(row))
        : db
            .update(maintenanceWindows)
            .set({ effectiveFrom: at, updatedAt: Math.max(at, row.updatedAt + 1) })
            .where(unchanged(row)),
    ]);
  }
};
