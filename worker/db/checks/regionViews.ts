import type { RegionUse, TeamView } from '../../domain/checks/distrust.ts';
import type { Region } from '../../domain/checks/region.ts';

/** A region's latest tick counts if it is at most this old, or as old as an interval. */
const lookBackMs = 60_000;

/** `monitors`: those of all teams that were compared there. */
export interface RegionViews {
  views: TeamView[];
  monitors: number;
}

interface Row extends Omit<TeamView, 'domains'> {
  region: Region;
  total: number;
  /** JSON: the monitors that fail only there; empty or null where there are none. */
  domains: string;
}

const isLately = 'b.slot >= ?1 - max(?2, 1000 * c.interval_seconds)';

const ticksOfAll = `ticks AS MATERIALIZED (
  SELECT CAST(t.key AS INTEGER) AS monitor, b.region, t.value ->> 0 = 2 AS fails, b.slot + (t.value ->> 4) AS at
  FROM cohorts AS c CROSS JOIN tick_batches AS b CROSS JOIN json_each(b.ticks) AS t
  WHERE c.size > 0 AND b.cohort = c.id AND ${isLately}
    AND (?3 IS NULL OR instr(',' || c.regions || ',', ',' || ?3 || ',') > 0) AND t.value ->> 0 < 3)`;

/** A batch without a failure is not unpacked: D1 bills a row for each tick that is. `":[2,` begins one that failed (ticks/format.ts). */
const ticksOfFailing = `failing AS MATERIALIZED (
  SELECT DISTINCT c.id AS cohort, c.interval_seconds, t.key AS monitor
  FROM cohorts AS c CROSS JOIN tick_batches AS b CROSS JOIN json_each(b.ticks) AS t
  WHERE c.size > 0 AND b.cohort = c.id AND ${isLately}
    AND (?3 IS NULL OR b.region = ?3) AND instr(b.ticks, '":[2,') > 0 AND t.value ->> 0 = 2),
hit AS MATERIALIZED (
  SELECT cohort, interval_seconds, json_group_array('$."' || monitor || '"') AS paths FROM failing GROUP BY cohort),
ticks AS MATERIALIZED (
  SELECT CAST(substr(p.value, 4) AS INTEGER) AS monitor, b.region, json_extract(b.ticks, p.value) ->> 0 = 2 AS fails,
    b.slot + (json_extract(b.ticks, p.value) ->> 4) AS at
  FROM hit AS c CROSS JOIN tick_batches AS b CROSS JOIN json_each(c.paths) AS p
  WHERE b.cohort = c.cohort AND ${isLately} AND json_extract(b.ticks, p.value) ->> 0 < 3)`;

/**
 * Compares each region's latest ticks with those of the others, by team, where any of a team's monitors may fail in one region
 * only: one statement, which reads a range of the primary key per cohort. Another region is a witness if it fails as well, or
 * passed after the failures here began; a pass before that proves nothing. Distrusted regions are no witnesses. With
 * `failingOnly`, `monitors` counts only those that failed lately in some region: some rows per cohort instead of some 60 per
 * monitor.
 */
export const readTeamViews = async (
  d1: D1Database,
  now: number,
  only: Region | null,
  { failingOnly }: { failingOnly: boolean },
): Promise<Map<Region, RegionViews>> => {
  const { results } = await d1
    .prepare(
      `WITH ${failingOnly ? ticksOfFailing : ticksOfAll},
       latest AS MATERIALIZED (
         SELECT monitor, region, max(at * 2 + fails) / 2 AS at, max(at * 2 + fails) % 2 AS fails,
           min(iif(fails, at, NULL)) AS failing_since
         FROM ticks GROUP BY monitor, region),
       trusted AS MATERIALIZED (
         SELECT * FROM latest WHERE region NOT IN (SELECT region FROM region_distrusts WHERE until IS NULL)),
       compared AS (
         SELECT here.region, here.monitor, here.fails, count(iif(other.fails OR other.at >= here.failing_since, 1, NULL)) AS witnesses,
           count(iif(other.at >= here.failing_since AND NOT other.fails, 1, NULL)) AS passing
         FROM latest AS here JOIN trusted AS other ON other.monitor = here.monitor AND other.region <> here.region
         WHERE ?3 IS NULL OR here.region = ?3
         GROUP BY here.region, here.monitor),
       judged AS MATERIALIZED (
         SELECT region, monitor, fails AND passing * 2 > witnesses AS alone, fails AND witnesses = 0 AS undecided
         FROM compared
         WHERE NOT (fails AND witnesses > 0 AND passing * 2 <= witnesses)),
       totals AS MATERIALIZED (SELECT region, count(*) AS total FROM judged GROUP BY region)
       SELECT judged.region, totals.total, count(*) AS monitors, sum(alone) AS alone, sum(undecided) AS undecided,
         json_group_array(DISTINCT m.domain) FILTER (WHERE alone) AS domains
       FROM judged JOIN monitors AS m ON m.number = judged.monitor JOIN totals ON totals.region = judged.region
       GROUP BY judged.region, m.team_id HAVING sum(alone) + sum(undecided) > 0`,
    )
    .bind(now, lookBackMs, only)
    .all<Row>();
  const found = new Map<Region, RegionViews>();
  for (const { region, domains: listed, total, ...view } of results) {
    const domains = (JSON.parse(listed) as (string | null)[]).flatMap((domain) => domain || []);
    const before = found.get(region)?.views ?? [];
    found.set(region, { views: [...before, { ...view, domains }], monitors: total });
  }
  return found;
};

/** Whether all checked monitors belong to one team. Stops at the first monitor of another one. */
export const isOnlyTeam = async (d1: D1Database): Promise<boolean> => {
  const other = await d1
    .prepare(
      `SELECT number FROM monitors INDEXED BY monitors_cohort WHERE cohort IS NOT NULL
         AND team_id <> (SELECT team_id FROM monitors INDEXED BY monitors_cohort WHERE cohort IS NOT NULL LIMIT 1) LIMIT 1`,
    )
    .first();
  return other === null;
};

/** The regions from which teams watch; read only while a region is suspect or distrusted. */
export const readRegionUse = async (d1: D1Database): Promise<RegionUse> => {
  const { results } = await d1
    .prepare(
      `WITH used AS MATERIALIZED (
         SELECT DISTINCT m.team_id AS team, r.value AS region FROM monitors AS m, json_each(m.regions) AS r
         WHERE m.cohort IS NOT NULL)
       SELECT region, count(*) AS teams, (SELECT count(DISTINCT team) FROM used) AS all_teams FROM used GROUP BY region`,
    )
    .all<{ region: Region; teams: number; all_teams: number }>();
  return {
    teams: results[0]?.all_teams ?? 0,
    teamsByRegion: Object.fromEntries(results.map(({ region, teams }) => [region, teams])),
  };
};
