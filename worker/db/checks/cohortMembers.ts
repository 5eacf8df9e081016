import { type Region, regionBits, regions } from '../../domain/checks/region.ts';

export interface Cohort {
  id: number;
  intervalSeconds: number;
  regions: Region[];
}

export interface Member {
  number: number;
  cohort: number;
  /** Bits of the regions in which its checks travel in the slow lane. */
  slowRegions: number;
  /** The monitor is checked in one of this many slots. */
  stretch: number;
  /** Its second in its period, where the checks of its domain are planned; null for most. */
  place: number | null;
}

/** Cohorts that hold a monitor. */
export const listCohorts = async (d1: D1Database): Promise<Cohort[]> => {
  const { results } = await d1
    .prepare('SELECT id, interval_seconds, regions FROM cohorts WHERE size > 0')
    .all<{ id: number; interval_seconds: number; regions: string }>();
  return results.map((row) => ({
    id: row.id,
    intervalSeconds: row.interval_seconds,
    regions: row.regions.split(',') as Region[],
  }));
};

/** All monitors of these cohorts, and of all other cohorts those with a place of their own; by cohort. */
export const listMembers = async (d1: D1Database, cohorts: readonly Cohort[]): Promise<Map<number, Member[]>> => {
  const columns = `m.number, m.cohort, m.slow_regions, m.stretch, m.place, (m.suspect OR m.verdict = 'down') AS failing`;
  const { results } = await d1
    .prepare(
      `SELECT ${columns} FROM json_each(?1) AS due CROSS JOIN monitors AS m ON m.cohort = due.value
       UNION ALL SELECT ${columns} FROM monitors AS m INDEXED BY monitors_placed
       WHERE m.cohort IS NOT NULL AND m.place IS NOT NULL AND m.cohort NOT IN (SELECT value FROM json_each(?1))
       ORDER BY 1`,
    )
    .bind(JSON.stringify(cohorts.map((cohort) => cohort.id)))
    .all<Omit<Member, 'slowRegions'> & { slow_regions: number; failing: number }>();
  const everywhere = regionBits(regions);
  const members = results.map((row) => ({
    number: row.number,
    cohort: row.cohort,
    slowRegions: row.failing ? everywhere : row.slow_regions,
    stretch: row.stretch,
    place: row.place,
  }));
  return Map.groupBy(members, (member) => member.cohort);
};
