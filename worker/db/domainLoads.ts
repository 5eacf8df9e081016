import { isNull, sql } from 'drizzle-orm';
import { registrableDomain } from '../domain/checks/registrableDomain.ts';
import type { Database } from './client.ts';
import { monitors } from './schema.ts';

/** How much regular checks of a team's monitors ask of one domain. */
export interface DomainLoad {
  domain: string;
  teamId: string;
  /** Checks per hour, as chosen. */
  need: number;
  /** Least and highest `stretch` of its monitors. */
  lowest: number;
  highest: number;
  /** What is noted for the domain in `domain_turns`, checks per hour. */
  noted: number;
}

const counted = 'cohort IS NOT NULL AND domain IS NOT NULL';
const perHour = 'json_array_length(regions) * 3600 / interval_seconds';

/**
 * Teams with active monitors of the domains that are asked for more than `above` checks per hour, or were when it was
 * counted last. One statement; it reads an entry of an index for each active monitor, and for those of
 * busy domains another.
 */
export const listDomainLoads = async (d1: D1Database, above: number): Promise<DomainLoad[]> => {
  const { results } = await d1
    .prepare(
      `WITH busy AS MATERIALIZED (
         SELECT domain FROM monitors WHERE ${counted} GROUP BY domain HAVING sum(${perHour}) > ?1 OR max(stretch) > 1)
       SELECT busy.domain, m.team_id AS teamId, sum(${perHour}) AS need, min(m.stretch) AS lowest, max(m.stretch) AS highest,
         ifnull((SELECT regular_per_hour FROM domain_turns WHERE domain = busy.domain), 0) AS noted
       FROM busy CROSS JOIN monitors AS m ON m.domain = busy.domain
       WHERE m.cohort IS NOT NULL AND m.domain IS NOT NULL GROUP BY busy.domain, m.team_id`,
    )
    .bind(above)
    .all<DomainLoad>();
  return results;
};

export interface Stretch {
  domain: string;
  teamId: string;
  stretch: number;
}

/** What was raised stays so for so long: else one team's coming and going would rewrite the monitors of others each minute. */
const lowerAfterMs = 600_000;

/**
 * Reads the monitors of these teams and domains, and writes those that are to be checked at another rate. Each change
 * shifts the slots of a monitor, so that it is raised again only after a whole stretched interval, in which it was
 * checked: a load that grows each minute would put its check off each minute. New monitors are raised at once, so that
 * the domain is sent twice its budget of regular checks at most, for that one interval.
 */
export const stretchMonitors = (d1: D1Database, stretches: readonly Stretch[], now: number): Promise<D1Result> =>
  d1
    .prepare(
      `UPDATE monitors SET stretch = wanted.value ->> 'stretch', stretched_at = ?2 FROM json_each(?1) AS wanted
       WHERE monitors.domain = wanted.value ->> 'domain' AND monitors.team_id = wanted.value ->> 'teamId'
         AND monitors.cohort IS NOT NULL AND monitors.stretch <> wanted.value ->> 'stretch'
         AND monitors.stretched_at <= ?2 - iif(monitors.stretch < wanted.value ->> 'stretch',
           iif(monitors.stretch > 1, 1000 * monitors.interval_seconds * monitors.stretch, 0), ${lowerAfterMs})`,
    )
    .bind(JSON.stringify(stretches), now)
    .run();

/** Notes what regular checks leave to those out of turn (db/domainTurns.ts). */
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

/** Takes back what is noted for domains that have no such load any more. */
export const forgetRegularLoads = (d1: D1Database, noted: readonly string[]): Promise<D1Result> =>
  d1
    .prepare(
      `UPDATE domain_turns SET regular_per_hour = 0
       WHERE regular_per_hour > 0 AND domain NOT IN (SELECT value FROM json_each(?1))`,
    )
    .bind(JSON.stringify(noted))
    .run();

/** So that a large database is done within minutes, and no minute does much. */
const perMinute = 1_000;

/** Gives monitors of older versions their domain; costs one look at an empty index once all have it. */
export const fillDomains = async (db: Database): Promise<void> => {
  const rows = await db
    .select({ number: monitors.number, settings: monitors.settings })
    .from(monitors)
    .where(isNull(monitors.domain))
    .orderBy(monitors.number)
    .limit(perMinute);
  if (rows.length === 0) return;
  const domains = rows.map(({ number, settings }) => [number, registrableDomain(new URL(settings.url).hostname)]);
  await db.run(
    sql`UPDATE monitors SET domain = filled.value ->> 1 FROM json_each(${JSON.stringify(domains)}) AS filled
        WHERE monitors.number = filled.value ->> 0 AND monitors.domain IS NULL`,
  );
};
