import { and, asc, desc, eq, gte, isNull, or, sql } from 'drizzle-orm';
import { publicReason, shownName } from '../domain/statusPage.ts';
import type { Span, Verdict } from '../domain/uptime.ts';
import type { Services } from '../services.ts';
import type { Database } from './client.ts';
import { incidentReclassifiedAs } from './incidents.ts';
import { readPublicMaintenance } from './publicMaintenance.ts';
import { components, incidents, monitors, statusPages } from './schema.ts';
import { readUnchecked } from './unchecked.ts';
import { readUptime24h, type Uptime24h } from './uptime.ts';

/** A status page as visitors may see it: nothing in it tells an address, an id, a header or a team. */
export interface PublicPage {
  name: string;
  /** When it was read, ms. */
  at: number;
  components: PublicComponent[];
  /** What is under way and planned for the next seven days. */
  maintenance: (Span & { title: string; components: string[] })[];
  incidents: PublicIncident[];
}

export interface PublicComponent {
  name: string;
  /** `maintenance` while a window holds it. */
  verdict: Verdict;
  /** When the window ends that holds it. */
  maintenanceUntil: number | null;
  /** Since when it is not checked, so that nothing is known of it; null while it is. */
  uncheckedSince: number | null;
  uptime24h: Uptime24h;
}

export interface PublicIncident {
  component: string;
  /** What was wrong; null: it was maintenance. */
  reason: string | null;
  startedAt: number;
  /** Null while it lasts. */
  endedAt: number | null;
  /** Since when nobody looks whether one that is open is over; null while somebody does. */
  restsSince: number | null;
  restsBecause: 'paused' | 'unchecked' | null;
}

type Rest = Pick<PublicIncident, 'restsSince' | 'restsBecause'>;
const noRest: Rest = { restsSince: null, restsBecause: null };

const incidentsMs = 14 * 86_400_000;
const maxIncidents = 50;

/** Null where there is no such page. */
export const readPublicPage = async (services: Services, slug: string): Promise<PublicPage | null> => {
  const { db } = services;
  const page = await db.select().from(statusPages).where(eq(statusPages.slug, slug)).get();
  if (!page) return null;
  const shown = await listComponents(db, page.id);
  const at = services.now();
  const numbers = shown.map((component) => component.number);
  const [unchecked, uptimes, past, { planned, until, wasHeld }] = await Promise.all([
    readUnchecked(services, shown),
    readUptime24h(services, shown),
    listRecentIncidents(db, numbers, at - incidentsMs),
    readPublicMaintenance(services.d1, numbers, { since: at - incidentsMs, now: at }),
  ]);
  const wasAnnounced = ({ monitor, startedAt, endedAt, resolvedAt }: (typeof past)[number]) =>
    wasHeld(monitor, { from: startedAt, to: endedAt ?? resolvedAt ?? at });
  const restOf = (monitor: number): Rest => {
    const { verdict, verdictSince } = shown.find(({ number }) => number === monitor) ?? {};
    if (verdict === 'paused') return { restsSince: verdictSince ?? at, restsBecause: 'paused' };
    const since = unchecked.get(monitor);
    return since === undefined ? noRest : { restsSince: since, restsBecause: 'unchecked' };
  };
  const names = new Map(shown.map((component, position) => [component.number, shownName(component, position)]));
  return {
    name: page.name,
    at,
    components: shown.map(({ number, verdict }) => ({
      name: names.get(number) ?? '',
      ...shownState(verdict, until.get(number) ?? null, unchecked.get(number) ?? null),
      uptime24h: uptimes.get(number) ?? { percent: null, observedMs: 0 },
    })),
    maintenance: planned.map(({ title, from, to, monitors: held }) => ({
      ...{ title, from, to },
      components: held.map((number) => names.get(number) ?? ''),
    })),
    // An outage that began and ended within a window is what the window announced.
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

/** To visitors maintenance comes before what the checks say; a monitor that is paused stays so. */
const shownState = (
  verdict: Verdict,
  maintenanceUntil: number | null,
  uncheckedSince: number | null,
): Pick<PublicComponent, 'verdict' | 'maintenanceUntil' | 'uncheckedSince'> => {
  if (maintenanceUntil !== null && verdict !== 'paused')
    return { verdict: 'maintenance', maintenanceUntil, uncheckedSince };
  return { verdict: uncheckedSince === null ? verdict : 'unknown', maintenanceUntil: null, uncheckedSince };
};

const listComponents = (db: Database, pageId: string) =>
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
      address: sql<string>`json_extract(${monitors.settings}, '$.url')`,
      verdict: monitors.verdict,
      verdictSince: monitors.verdictSince,
    })
    .from(components)
    .innerJoin(monitors, eq(monitors.number, components.monitor))
    .where(eq(components.pageId, pageId))
    .orderBy(asc(components.position));

/** Newest first: those that began after `since` or last. What was a false positive was no incident to visitors. */
const listRecentIncidents = (db: Database, numbers: readonly number[], since: number) =>
  db
    .select({
      monitor: incidents.monitor,
      reason: incidents.reason,
      startedAt: incidents.startedAt,
      endedAt: incidents.endedAt,
      resolvedAt: incidents.resolvedAt,
      reclassifiedAs: incidentReclassifiedAs,
    })
    .from(incidents)
    .where(
      and(
        sql`${incidents.monitor} IN (SELECT value FROM json_each(${JSON.stringify(numbers)}))`,
        or(gte(incidents.startedAt, since), isNull(incidents.resolvedAt)),
        sql`${incidentReclassifiedAs} IS NOT 'false-positive'`,
      ),
    )
    .orderBy(desc(incidents.startedAt), desc(incidents.id))
    .limit(maxIncidents);
