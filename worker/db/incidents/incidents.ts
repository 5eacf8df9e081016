import { and, desc, eq, getTableColumns, isNotNull, isNull, sql } from 'drizzle-orm';
import type { ReclassifiedAs } from '../../domain/history/uptime.ts';
import { PharosError } from '../../errors.ts';
import type { Database } from '../core/client.ts';
import { incidentEvents, incidents, monitors, users } from '../schema.ts';

const { postMortem, ...listedColumns } = getTableColumns(incidents);

/** The reclassification of a whole ended incident; null where there is none. */
export const incidentReclassifiedAs = sql<ReclassifiedAs | null>`(
  SELECT r."as" FROM reclassifications AS r
  WHERE r.monitor = ${incidents.monitor} AND r.revoked_at IS NULL AND ${incidents.resolvedAt} IS NOT NULL
    AND r.from_at <= ${incidents.startedAt} AND r.to_at >= ${incidents.endedAt})`;

const named = {
  ...listedColumns,
  monitorId: monitors.id,
  monitorName: monitors.name,
  monitorVerdict: monitors.verdict,
  monitorVerdictSince: monitors.verdictSince,
  reclassifiedAs: incidentReclassifiedAs,
};

const select = (db: Database) =>
  db.select(named).from(incidents).innerJoin(monitors, eq(monitors.number, incidents.monitor));

/** An incident with the names of its monitor, for lists. */
export type ListedIncidentRow = Awaited<ReturnType<ReturnType<typeof select>['all']>>[number];

export type IncidentRow = ListedIncidentRow & { postMortem: string | null; runbookUrl: string | null };

/** An incident by its id, within the team that asks. */
export interface OwnIncident {
  teamId: string;
  id: string;
}

export interface IncidentFilter {
  /** Number of a monitor of the team. */
  monitor?: number | undefined;
  state?: 'open' | 'resolved' | undefined;
}

/** Newest first by their first failed check; `before` is the position of the last incident of the page before. */
export const listIncidents = (
  db: Database,
  {
    teamId,
    limit,
    before,
    monitor,
    state,
  }: IncidentFilter & { teamId: string; limit: number; before?: { startedAt: number; id: string } | undefined },
): Promise<ListedIncidentRow[]> =>
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
export const getIncident = async (db: Database, { teamId, id }: OwnIncident): Promise<IncidentRow> => {
  const row = await db
    .select({ ...named, postMortem, runbookUrl: monitors.runbookUrl })
    .from(incidents)
    .innerJoin(monitors, eq(monitors.number, incidents.monitor))
    .where(and(eq(incidents.id, id), eq(incidents.teamId, teamId)))
    .get();
  if (!row) throw new PharosError('not_found', 'No such incident exists.');
  return row;
};

/** The timeline, oldest first, with the e-mail address of each author (null: Pharos, or a deleted account). */
export const listIncidentEvents = (db: Database, incident: string) =>
  db
    .select({ ...getTableColumns(incidentEvents), authorEmail: users.email })
    .from(incidentEvents)
    .leftJoin(users, eq(users.id, incidentEvents.author))
    .where(eq(incidentEvents.incident, incident))
    .orderBy(incidentEvents.at, incidentEvents.kind, incidentEvents.key)
    .all();

export type IncidentEventRow = Awaited<ReturnType<typeof listIncidentEvents>>[number];

/** Number of channels with deliveries of each event, deleted deliveries included. */
export const countAlerted = async (db: Database, incident: string): Promise<Map<string, number>> => {
  const rows = await db.all<{ event: string; channels: number }>(
    sql`SELECT event, count(DISTINCT channel) AS channels FROM (
          SELECT event, channel FROM deliveries WHERE incident = ${incident}
          UNION ALL
          SELECT detail ->> 'event', detail ->> '$.channel.id' FROM incident_events
          WHERE incident = ${incident} AND kind IN ('notified', 'notification-failed'))
        GROUP BY event`,
  );
  return new Map(rows.map(({ event, channels }) => [event, channels]));
};
