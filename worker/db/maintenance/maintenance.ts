import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { ChangeMaintenance, MaintenanceInput } from '../../domain/maintenance/maintenanceSchema.ts';
import {
  endsAtOf,
  nextOccurrences,
  occurrences,
  stillSkipped,
  windowTimes,
} from '../../domain/maintenance/maintenanceWindow.ts';
import { changedNames, changesBetween } from '../../domain/teams/audit.ts';
import { PharosError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Services } from '../../services.ts';
import { recordDone } from '../audit/audit.ts';
import type { Database } from '../core/client.ts';
import { versionConflict } from '../core/versionConflict.ts';
import type { OwnId } from '../monitors/monitors.ts';
import { maintenanceWindowMonitors, maintenanceWindows } from '../schema.ts';
import { guardOneMore, withinLimits } from '../teams/limits.ts';
import { notePolicyChange } from '../teams/teams.ts';
import { fittingMaintenance, type NewMaintenance, requireSeldom } from './fittingMaintenance.ts';
import { hasBegun, keepPast, unchanged } from './maintenancePast.ts';
import { getMaintenance, type MaintenanceRow } from './maintenanceRows.ts';

const maxAttempts = 5;

/** An author and a window of the team. */
export type ActOnMaintenance = OwnId & { userId: string };

/** Throws `invalid_request`, and `limit_reached`: windows that are not over are read and expanded again and again. */
export const insertMaintenance = async (
  services: Services,
  { teamId, userId, given }: { teamId: string; userId: string; given: NewMaintenance },
): Promise<MaintenanceRow> => {
  const { db } = services;
  const input = await fittingMaintenance(services, teamId, given);
  const now = services.now();
  await requireSeldom(db, { teamId, now }, input);
  const id = newId('mnt');
  const written = { createdBy: userId, createdAt: now, updatedAt: now };
  const batch = db.batch([
    guardOneMore(services, teamId, 'maintenanceWindows'),
    db.insert(maintenanceWindows).values({ id, teamId, ...columnsOf(input, now), ...written }),
    nameMonitors(db, { teamId, id }, input.monitorIds, now),
    recordDone(db, { author: userId, at: now, action: 'maintenance.created' }, eq(maintenanceWindows.id, id)),
    notePolicyChange(db, teamId, now),
  ]);
  await withinLimits(batch);
  return getMaintenance(db, { teamId, id });
};

/**
 * Applies changes from now on: the past of the window still counts as it was, in a row of its own. `seenAt` is the `updatedAt`
 * of the version that the change is based on, where the caller sends it. Throws `not_found`, `invalid_request`, `conflict`.
 */
export const updateMaintenance = (
  services: Services,
  { seenAt, change, userId, ...own }: ActOnMaintenance & { seenAt?: number | undefined; change: ChangeMaintenance },
): Promise<MaintenanceRow> =>
  whileUnchanged(services, own, async (row, now, updatedAt) => {
    if (seenAt !== undefined && seenAt !== row.updatedAt) throw versionConflict('the window');
    const { db } = services;
    const asked = { ...inputOf(row), ...change };
    const skipped = change.skipped ?? stillSkipped(asked, now);
    const input = await fittingMaintenance(services, own.teamId, { ...asked, skipped });
    await requireSeldom(db, { ...own, now }, input);
    const isRenamed = Object.keys(change).every((field) => field === 'title');
    const columns = isRenamed ? { title: input.title } : columnsOf(input, now);
    const changes = windowChanges(inputOf(row), input);
    const done = { author: userId, at: now, action: 'maintenance.changed', detail: { changes } } as const;
    const [, , , , , changed] = await db.batch([
      recordDone(db, done, and(unchanged(row), sql`${changes.length} > 0`)),
      ...keepPast(db, row, now, !isRenamed && hasBegun(row, now)),
      db.delete(maintenanceWindowMonitors).where(and(eq(maintenanceWindowMonitors.windowId, row.id), isStill(row))),
      nameMonitors(db, own, input.monitorIds, row.updatedAt),
      // Behind them, since it ends the time in which the condition holds.
      db
        .update(maintenanceWindows)
        .set({ ...columns, updatedAt })
        .where(unchanged(row)),
      notePolicyChange(db, own.teamId, now),
    ]);
    return changed;
  });

/** Ends the current occurrence; later ones stay. Throws `not_found`, and `conflict` where none is running. */
export const endRunningOccurrence = (
  services: Services,
  { userId, ...own }: ActOnMaintenance,
): Promise<MaintenanceRow> =>
  whileUnchanged(services, own, async (row, now, updatedAt) => {
    const { db } = services;
    const [running] = occurrences(row, now, now + 1);
    if (!running) throw new PharosError('conflict', 'This window is not running.');
    const goesOn = nextOccurrences(row, running.to, 1).length > 0;
    const [, , , changed] = await db.batch([
      recordDone(db, { author: userId, at: now, action: 'maintenance.ended' }, unchanged(row)),
      ...keepPast(db, row, now, goesOn),
      db
        .update(maintenanceWindows)
        .set({ ...(goesOn ? { effectiveFrom: running.to } : { effectiveUntil: now }), updatedAt })
        .where(unchanged(row)),
      notePolicyChange(db, own.teamId, now),
    ]);
    return changed;
  });

/**
 * Ends the window, or deletes it where it never occurred. Returns false where it was already over, and stays as it is. Throws
 * `not_found`.
 */
export const removeMaintenance = async (services: Services, act: ActOnMaintenance): Promise<boolean> => {
  const { db } = services;
  const { userId, ...own } = act;
  const row = await getMaintenance(db, own);
  const now = services.now();
  if (row.effectiveUntil !== null && row.effectiveUntil <= now) return false;
  const [, changed] = await db.batch([
    recordDone(db, { author: userId, at: now, action: 'maintenance.deleted' }, unchanged(row)),
    hasBegun(row, now)
      ? db
          .update(maintenanceWindows)
          .set({ effectiveUntil: now, updatedAt: Math.max(now, row.updatedAt + 1) })
          .where(unchanged(row))
      : db.delete(maintenanceWindows).where(unchanged(row)),
    notePolicyChange(db, own.teamId, now),
  ]);
  return changed.meta.changes > 0 || removeMaintenance(services, act);
};

/** One statement for any number; skips monitors that were deleted meanwhile, or belong to another team. */
const nameMonitors = (db: Database, { teamId, id }: OwnId, monitorIds: readonly string[], updatedAt: number) =>
  db.insert(maintenanceWindowMonitors).select(
    sql`SELECT w.id, m.number
        FROM maintenance_windows AS w
        CROSS JOIN json_each(${JSON.stringify(monitorIds)}) AS chosen
        JOIN monitors AS m ON m.id = chosen.value AND m.team_id = w.team_id
        WHERE w.id = ${id} AND w.team_id = ${teamId} AND w.updated_at = ${updatedAt}`,
  );

/** Reads, decides and writes only if nobody else wrote in between. */
export const whileUnchanged = async (
  services: Services,
  own: OwnId,
  write: (row: MaintenanceRow, now: number, updatedAt: number) => Promise<D1Result>,
): Promise<MaintenanceRow> => {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const row = await getMaintenance(services.db, own);
    const now = services.now();
    const { meta } = await write(row, now, Math.max(now, row.updatedAt + 1));
    if (meta.changes > 0) return getMaintenance(services.db, own);
  }
  throw new PharosError('version_conflict', 'Another user is changing this window. Try again.');
};

const isStill = ({ id, updatedAt }: MaintenanceRow): SQL =>
  sql`EXISTS (SELECT 1 FROM maintenance_windows WHERE id = ${id} AND updated_at = ${updatedAt})`;

const columnsOf = (input: MaintenanceInput, now: number) => ({
  ...windowTimes(input, now),
  title: input.title,
  tags: input.tags,
  allMonitors: input.allMonitors,
});

/** Ids of monitors mean nothing to people: the trail records only that they changed. */
const windowChanges = (was: MaintenanceInput, is: MaintenanceInput) => {
  const { monitorIds: before, ...shown } = was;
  return [
    ...changesBetween(shown, { ...is }),
    ...changedNames({ monitorIds: before.toSorted() }, { monitorIds: is.monitorIds.toSorted() }),
  ];
};

export const inputOf = (row: MaintenanceRow): MaintenanceInput => ({
  title: row.title,
  startsAt: row.startsAt,
  endsAt: endsAtOf(row),
  timeZone: row.timeZone,
  rrule: row.rrule,
  skipped: row.skipped,
  monitorIds: row.monitorIds,
  tags: row.tags,
  allMonitors: row.allMonitors,
});
