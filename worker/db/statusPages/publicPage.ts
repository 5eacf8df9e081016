import { asc, eq, sql } from 'drizzle-orm';
import type { Reason } from '../../domain/checks/reasons.ts';
import type { ReclassifiedAs, Span, Verdict } from '../../domain/history/uptime.ts';
import { publicReason, shownName } from '../../domain/statusPages/statusPage.ts';
import type { Services } from '../../services.ts';
import { selectStall, stallOf } from '../checks/dispatches.ts';
import { findStale } from '../checks/staleMonitors.ts';
import type { Database } from '../core/client.ts';
import { readTogether } from '../core/readTogether.ts';
import { historiesOf, last24h, selectHistories, type Uptime24h, uptime24hOf } from '../history/uptime.ts';
import { incidentReclassifiedAs } from '../incidents/incidents.ts';
import { selectWindows, windowsOf } from '../maintenance/readMaintenance.ts';
import { components, monitors, statusPages } from '../schema.ts';
import { announcedSpan, publicMaintenanceOf } from './publicMaintenance.ts';

/** A status page for visitors: it reveals no address, id, header or team. */
export interface PublicPage {
  name: string;
  /** When it was read, ms. */
  at: number;
  components: PublicComponent[];
  /** Current maintenance, and the plan for the next seven days. */
  maintenance: (Span & { title: string; components: string[] })[];
  incidents: PublicIncident[];
}

export interface PublicComponent {
  name: string;
  /** `maintenance` while a window covers it. */
  verdict: Verdict;
  /** End of the window that covers it. */
  maintenanceUntil: number | null;
  /** Since when it is stale, so that its state is unknown; null while it is checked. */
  staleSince: number | null;
  uptime24h: Uptime24h;
}

export interface PublicIncident {
  component: string;
  /** The kind of problem; null: it was maintenance. */
  reason: string | null;
  startedAt: number;
  /** Null while it lasts. */
  endedAt: number | null;
  /** Since when an open incident is stale, so that nobody knows whether it is over; null while it is checked. */
  restsSince: number | null;
  restsBecause: 'paused' | 'stale' | null;
}

type Rest = Pick<PublicIncident, 'restsSince' | 'restsBecause'>;
const noRest: Rest = { restsSince: null, restsBecause: null };

const incidentsMs = 14 * 86_400_000;
const maxIncidents = 50;

/**
 * Null where there is no such page. Two trips to the database: the contents of the page, and then the data about them. A third
 * only in the hours after a stall, for monitors in doubt.
 */
export const readPublicPage = async (services: Services, slug: string): Promise<PublicPage | null> => {
  const { db, d1 } = services;
  const [[page], shown] = await db.batch([selectPage(db, slug), selectComponents(db, slug)]);
  if (!page) return null;
  const at = services.now();
  const numbers = shown.map((component) => component.number);
  const since = at - incidentsMs;
  const day = last24h(at);
  const [stall, windowRows, past, ...known] = await readTogether(d1, [
    selectStall(db, at),
    selectWindows(db, numbers, announcedSpan({ since, now: at })),
    selectRecentIncidents(db, numbers, since),
    ...selectHistories(db, numbers, day),
  ]);
  const windows = windowsOf(numbers, windowRows);
  const stale = await findStale(services, shown, stallOf(stall, at));
  const uptimes = uptime24hOf(historiesOf(shown, day, windows, known), day);
  const { planned, until, wasHeld } = publicMaintenanceOf(windows, at);
  const wasAnnounced = ({ monitor, startedAt, endedAt, resolvedAt }: (typeof past)[number]) =>
    wasHeld(monitor, { from: startedAt, to: endedAt ?? resolvedAt ?? at });
  const restOf = (monitor: number): Rest => {
    const { verdict, verdictSince } = shown.find(({ number }) => number === monitor) ?? {};
    if (verdict === 'paused') return { restsSince: verdictSince ?? at, restsBecause: 'paused' };
    const since = stale.get(monitor);
    return since === undefined ? noRest : { restsSince: since, restsBecause: 'stale' };
  };
  const names = new Map(shown.map((component, position) => [component.number, shownName(component, position)]));
  return {
    name: page.name,
    at,
    components: shown.map(({ number, verdict }) => ({
      name: names.get(number) ?? '',
      ...shownState(verdict, until.get(number) ?? null, stale.get(number) ?? null),
      uptime24h: uptimes.get(number) ?? { percent: null, observedMs: 0 },
    })),
    maintenance: planned.map(({ title, from, to, monitors: held }) => ({
      ...{ title, from, to },
      components: held.map((number) => names.get(number) ?? ''),
    })),
    // An outage within a window is part of the announced work.
    incidents: past
      .filter((incident) => !wasAnnounced(incident))
      .map(({ monitor, reason, startedAt, endedAt, resolvedAt, reclassifiedAs }) => ({
        component: names.get(monitor) ?? '',
        reason: reclassifiedAs === 'maintenance' ? null : publicReason(reason),
        startedAt,
        endedAt: endedAt ?? resolvedAt,
        ...(endedAt === null && resolvedAt === null ? restOf(monitor) : noRest),
      })),
  };
};

/** To visitors maintenance takes precedence over the verdict; a paused monitor stays paused. */
const shownState = (
  verdict: Verdict,
  maintenanceUntil: number | null,
  staleSince: number | null,
): Pick<PublicComponent, 'verdict' | 'maintenanceUntil' | 'staleSince'> => {
  if (maintenanceUntil !== null && verdict !== 'paused')
    return { verdict: 'maintenance', maintenanceUntil, staleSince };
  return { verdict: staleSince === null ? verdict : 'unknown', maintenanceUntil: null, staleSince };
};

const selectPage = (db: Database, slug: string) =>
  db.select({ name: statusPages.name }).from(statusPages).where(eq(statusPages.slug, slug));

const selectComponents = (db: Database, slug: string) =>
  db
    .select({
      number: monitors.number,
      createdAt: monitors.createdAt,
      intervalSeconds: monitors.intervalSeconds,
      stretch: monitors.stretch,
      timeoutMs: monitors.timeoutMs,
      regions: monitors.regions,
      publicName: components.publicName,
      name: monitors.name,
      address: monitors.address,
      verdict: monitors.verdict,
      verdictSince: monitors.verdictSince,
    })
    .from(statusPages)
    .innerJoin(components, eq(components.pageId, statusPages.id))
    .innerJoin(monitors, eq(monitors.number, components.monitor))
    .where(eq(statusPages.slug, slug))
    .orderBy(asc(components.position));

interface IncidentRow {
  monitor: number;
  reason: Reason;
  startedAt: number;
  endedAt: number | null;
  resolvedAt: number | null;
  reclassifiedAs: ReclassifiedAs | null;
}

/**
 * Newest first: those that began after `since` or last, limited for each monitor to the number shown in total. A false positive
 * is no incident to visitors.
 */
const selectRecentIncidents = (db: Database, numbers: readonly number[], since: number) =>
  db.all<IncidentRow>(
    sql`SELECT * FROM (
          SELECT incidents.id, incidents.monitor, incidents.reason, incidents.started_at AS startedAt,
            incidents.ended_at AS endedAt, incidents.resolved_at AS resolvedAt,
            ${incidentReclassifiedAs} AS reclassifiedAs
          FROM json_each(${JSON.stringify(numbers)}) AS wanted CROSS JOIN incidents ON incidents.id IN (
            SELECT id FROM incidents AS open WHERE open.monitor = wanted.value AND open.resolved_at IS NULL
            UNION SELECT id FROM (SELECT id FROM incidents AS late
              WHERE late.monitor = wanted.value AND late.started_at >= ${since}
              ORDER BY late.started_at DESC LIMIT ${maxIncidents})))
        WHERE reclassifiedAs IS NOT 'false-positive'
        ORDER BY startedAt DESC, id DESC LIMIT ${maxIncidents}`,
  );
