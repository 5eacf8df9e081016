import { type SQL, sql } from 'drizzle-orm';
import { PharosError } from '../../errors.ts';
import type { Services } from '../../services.ts';
import type { MonitorRow } from '../monitors/monitorRow.ts';
import { getMonitor, type OwnId } from '../monitors/monitors.ts';
import { monitors } from '../schema.ts';

const maxAttempts = 5;

/**
 * Reads, decides, and writes only if nobody else wrote in between: of two people who change a monitor at once, the second sees
 * the change of the first. `update` returns null where nothing is to be done. Throws `not_found`, and `version_conflict` where
 * others are faster again and again.
 */
export const updateUnchanged = async (
  services: Services,
  own: OwnId,
  update: (row: MonitorRow, unchanged: SQL, now: number) => Promise<D1Result | null>,
): Promise<{ before: MonitorRow; after: MonitorRow }> => {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const before = await getMonitor(services.db, own);
    const unchanged = sql`${monitors.number} = ${before.number} AND ${monitors.updatedAt} = ${before.updatedAt}`;
    const result = await update(before, unchanged, services.now());
    if (!result) return { before, after: before };
    if (result.meta.changes > 0) return { before, after: await getMonitor(services.db, own) };
  }
  throw new PharosError('version_conflict', 'Another user is changing this monitor. Try again.');
};
