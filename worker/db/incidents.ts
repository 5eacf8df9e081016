import { and, desc, eq, getTableColumns, isNotNull, isNull, sql } from 'drizzle-orm';
import { PharosError } from '../errors.ts';
import type { Database } from './client.ts';
import { incidents, monitors } from './schema.ts';

const select = (db: Database) =>
  db
    .select({ ...getTableColumns(incidents), monitorId: monitors.id, monitorName: monitors.name })
    .from(incidents)
    .innerJoin(monitors, eq(monitors.number, incidents.monitor));

/** An incident with the names of its monitor. */
export type IncidentRow = Awaited<ReturnType<ReturnType<typeof select>['all']>>[number];

export interface IncidentFilter {
  /** Number of a monitor of the team. */
  monitor?: number | undefined;
  state?: 'open' | 'resolved' | undefined;
}

/** Newest first by their first failed check; `before` is where the last one of the page before lies. */
export const listIncidents = (
  db: Database,
  {
    teamId,
    limit,
    before,
    monitor,
    state,
  }: IncidentFilter & { teamId: string; limit: number; before?: { startedAt: number; id: string } | undefined },
): Promise<IncidentRow[]> =>
  select(db)
    .where(
      and(
        eq(incidents.teamId, teamId),
        monitor === undefined ? undefined : eq(incidents.monitor, monitor),
        state && (state === 'open' ? isNull(incidents.resolvedAt) : isNotNull(incidents.resolvedAt)),
        before && sql`(${incidents.startedAt}, ${incidents.id}) < (${before.startedAt}, ${before.id})`,
      ),
    )
    .orderBy(desc(incidents.startedAt), desc(incidents.id))
    .limit(limit)
    .all();

/** Throws `not_found`, for another team's incident as well. */
export const getIncident = async (
  db: Database,
  { teamId, id }: { teamId: string; id: string },
): Promise<IncidentRow> => {
  const row = await select(db)
    .where(and(eq(incidents.id, id), eq(incidents.teamId, teamId)))
    .get();
  if (!row) throw new PharosError('not_found', 'There is no such incident.');
  return row;
};
