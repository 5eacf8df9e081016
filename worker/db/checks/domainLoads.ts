import { isNull, sql } from 'drizzle-orm';
import type { Database } from '../core/client.ts';
import { domainOf } from '../monitors/domainOf.ts';
import { monitors } from '../schema.ts';

/** Load that the regular checks of a team's monitors with the same interval put on one domain. */
export interface DomainLoad {
  domain: string;
  teamId: string;
  intervalSeconds: number;
  monitors: number;
  /** Checks per hour, as configured. */
  need: number;
  /** Least and highest `stretch` of the monitors. */
  lowest: number;
  highest: number;
  /** Number of monitors with a place in a plan. */
  placed: number;
  /** The value in `domain_turns`, checks per hour. */
  noted: number;
}

const counted = 'cohort IS NOT NULL AND domain IS NOT NULL';
const perHour = 'json_array_length(m.regions) * 3600 / m.interval_seconds';

/** One row for each other domain to which a monitor's target redirects. */
const redirected = `SELECT r.key AS domain, m.number FROM monitors AS m INDEXED BY monitors_redirected
  CROSS JOIN json_each(m.redirect_domains) AS r
  WHERE m.cohort IS NOT NULL AND m.redirect_domains IS NOT NULL AND r.key IS NOT m.domain`;

const loadOf = (
  domain: string,
) => `SELECT ${domain} AS domain, m.team_id AS teamId, m.interval_seconds AS intervalSeconds,
  count(*) AS monitors, sum(${perHour}) AS need, min(m.stretch) AS lowest, max(m.stretch) AS highest, count(m.place) AS placed,
  ifnull((SELECT regular_per_hour FROM domain_turns WHERE domain = ${domain}), 0) AS noted`;

/**
 * The loads of domains that have more than `monitorsAbove` active monitors or `above` checks per hour, or had at the last count,
 * and of all domains to which others redirect. One statement; it reads an index entry for each active monitor, and another for
 * those of busy domains.
 */
export const listDomainLoads = async (
  d1: D1Database,
  { above, monitorsAbove }: { above: number; monitorsAbove: number },
): Promise<DomainLoad[]> => {
  const { results } = await d1
    .prepare(
      `WITH redirected AS MATERIALIZED (${redirected}),
       busy AS MATERIALIZED (
         SELECT domain FROM monitors AS m WHERE ${counted} AND domain <> '' GROUP BY domain
         HAVING sum(${perHour}) > ?1 OR count(*) > ?2 OR max(stretch) > 1 OR count(place) > 0
         UNION SELECT domain FROM redirected)
       ${loadOf('busy.domain')} FROM busy CROSS JOIN monitors AS m ON m.domain = busy.domain
       WHERE m.cohort IS NOT NULL AND m.domain IS NOT NULL GROUP BY busy.domain, m.team_id, m.interval_seconds
       UNION ALL
       ${loadOf('r.domain')} FROM redirected AS r CROSS JOIN monitors AS m ON m.number = r.number
       GROUP BY r.domain, m.team_id, m.interval_seconds`,
    )
    .bind(above, monitorsAbove)
    .all<DomainLoad>();
  return results;
};

/** A monitor for planning. */
export interface PlannedMonitor {
  number: number;
  teamId: string;
  cohort: number;
  intervalSeconds: number;
  /** Number of other domains. */
  regions: number;
  domain: string;
  /** JSON, null for none: its keys are the other domains that the checks request. */
  redirectDomains: string | null;
  stretch: number;
  stretchedAt: number;
  place: number | null;
}

/** The active monitors whose checks request one of these domains. */
export const listMonitorsOf = async (d1: D1Database, domains: readonly string[]): Promise<PlannedMonitor[]> => {
  const { results } = await d1
    .prepare(
      `WITH named AS MATERIALIZED (SELECT value AS domain FROM json_each(?1)),
       found AS MATERIALIZED (
         SELECT m.number FROM named CROSS JOIN monitors AS m ON m.domain = named.domain
         WHERE m.cohort IS NOT NULL AND m.domain IS NOT NULL
         UNION SELECT r.number FROM (${redirected}) AS r WHERE r.domain IN (SELECT domain FROM named))
       SELECT m.number, m.team_id AS teamId, m.cohort, m.interval_seconds AS intervalSeconds,
         json_array_length(m.regions) AS regions, m.domain, m.redirect_domains AS redirectDomains, m.stretch,
         m.stretched_at AS stretchedAt, m.place
       FROM found CROSS JOIN monitors AS m ON m.number = found.number ORDER BY m.number`,
    )
    .bind(JSON.stringify(domains))
    .all<PlannedMonitor>();
  return results;
};

export interface Placement {
  number: number;
  intervalSeconds: number;
  stretch: number;
  place: number | null;
}

/** Writes the new frequency and second of these checks, unless somebody changed the interval meanwhile. */
export const placeMonitors = (d1: D1Database, placements: readonly Placement[], now: number): Promise<D1Result> =>
  d1
    .prepare(
      `UPDATE monitors SET stretch = planned.value ->> 'stretch', place = planned.value ->> 'place', stretched_at = ?2
       FROM json_each(?1) AS planned
       WHERE monitors.number = planned.value ->> 'number' AND monitors.cohort IS NOT NULL
         AND monitors.interval_seconds = planned.value ->> 'intervalSeconds'`,
    )
    .bind(JSON.stringify(placements), now)
    .run();

/** Stores the capacity that regular checks leave to on-demand checks (db/checks/domainTurns.ts). */
export const noteRegularLoads = (
  d1: D1Database,
  loads: readonly { domain: string; perHour: number }[],
  now: number,
): Promise<D1Result> =>
  d1
    .prepare(
      `INSERT INTO domain_turns (domain, next_at, regular_per_hour)
       SELECT value ->> 'domain', ?2, value ->> 'perHour' FROM json_each(?1) WHERE true
       ON CONFLICT DO UPDATE SET regular_per_hour = excluded.regular_per_hour`,
    )
    .bind(JSON.stringify(loads), now)
    .run();

/** Deletes the values of domains that have no such load any more. */
export const forgetRegularLoads = (d1: D1Database, noted: readonly string[]): Promise<D1Result> =>
  d1
    .prepare(
      `UPDATE domain_turns SET regular_per_hour = 0
       WHERE regular_per_hour > 0 AND domain NOT IN (SELECT value FROM json_each(?1))`,
    )
    .bind(JSON.stringify(noted))
    .run();

/** Whether more than `most` active monitors have their target under this domain; reads that many index entries. */
export const isCrowded = async (d1: D1Database, domain: string, most: number): Promise<boolean> => {
  const count = await d1
    .prepare(
      `SELECT count(*) AS n FROM (SELECT 1 FROM monitors
         WHERE domain = ?1 AND domain IS NOT NULL AND cohort IS NOT NULL LIMIT ?2)`,
    )
    .bind(domain, most + 1)
    .first<number>('n');
  return (count ?? 0) > most;
};

/** So that a large database is done within minutes, and no minute does much. */
const perMinute = 1_000;

/** Fills in the domain for monitors of older versions; costs one read of an empty index once all have it. */
export const fillDomains = async (db: Database): Promise<void> => {
  const rows = await db
    .select({ number: monitors.number, kind: monitors.kind, settings: monitors.settings })
    .from(monitors)
    .where(isNull(monitors.domain))
    .orderBy(monitors.number)
    .limit(perMinute);
  if (rows.length === 0) return;
  const domains = rows.map(({ number, kind, settings }) => [number, domainOf(kind, settings)]);
  await db.run(
    sql`UPDATE monitors SET domain = filled.value ->> 1 FROM json_each(${JSON.stringify(domains)}) AS filled
        WHERE monitors.number = filled.value ->> 0 AND monitors.domain IS NULL`,
  );
};
