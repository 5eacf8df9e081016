import { sql } from 'drizzle-orm';
import { wallStartAt, windowProblems } from '../../domain/maintenance/maintenanceWindow.ts';
import { PharosError } from '../../errors.ts';
import type { Services } from '../../services.ts';
import { recordDone } from '../audit/audit.ts';
import { maintenanceWindows } from '../schema.ts';
import { notePolicyChange } from '../teams/teams.ts';
import { type ActOnMaintenance, inputOf, whileUnchanged } from './maintenance.ts';
import { unchanged } from './maintenancePast.ts';
import type { MaintenanceRow } from './maintenanceRows.ts';

type Skip = ActOnMaintenance & { from: number; isSkipped: boolean };

/**
 * Skips the occurrence that begins at `from` (ms), or restores it. Future occurrences only: the past stays as it was, so no row
 * is kept of it. Idempotent. Throws `not_found`, `invalid_request`, `conflict`.
 */
export const setSkipped = (services: Services, { from, isSkipped, userId, ...own }: Skip): Promise<MaintenanceRow> =>
  whileUnchanged(services, own, async (row, now, updatedAt) => {
    const { db } = services;
    const time = wallStartAt(row, from);
    const refused = refusal(isSkipped);
    if (time === null) throw refused('No occurrence of this window starts at that time.');
    if (from <= now)
      throw refused(
        isSkipped
          ? 'This occurrence is running. End it instead.'
          : 'This occurrence would already have started. Plan another window for the remaining time.',
      );
    const others = row.skipped.filter((one) => one !== time);
    const skipped = isSkipped ? [...others, time].sort() : others;
    const [problem] = windowProblems({ ...inputOf(row), skipped }, now);
    if (problem) throw refused(problem.message);
    const changes = [{ field: 'skipped', from: row.skipped, to: skipped }];
    const differs = skipped.length !== row.skipped.length;
    const done = { author: userId, at: now, action: 'maintenance.changed', detail: { changes } } as const;
    const [, changed] = await db.batch([
      recordDone(db, done, sql`${unchanged(row)} AND ${differs}`),
      db.update(maintenanceWindows).set({ skipped, updatedAt }).where(unchanged(row)),
      notePolicyChange(db, own.teamId, now),
    ]);
    return changed;
  });

const refusal = (isSkipped: boolean) => (message: string) =>
  new PharosError('invalid_request', isSkipped ? 'This occurrence cannot be skipped.' : 'This skip cannot be undone.', [
    { path: 'from', message },
  ]);
