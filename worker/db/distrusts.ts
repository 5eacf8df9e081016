import type { Region } from '../domain/region.ts';

/** A region whose outcomes do not vote at present. */
export interface Distrust {
  region: Region;
  since: number;
  /** Monitors that failed there alone, of so many, when it began. */
  failing: number;
  monitors: number;
  /** Reference targets that did not answer there and did elsewhere; null where these said nothing. */
  references: { failing: number; count: number } | null;
}

interface Row extends Omit<Distrust, 'references'> {
  references_failing: number | null;
  reference_count: number | null;
}

export const listDistrusts = async (d1: D1Database): Promise<Distrust[]> => {
  const { results } = await d1
    .prepare(
      `SELECT region, since, failing, monitors, references_failing, reference_count FROM region_distrusts
       WHERE until IS NULL ORDER BY since, region`,
    )
    .all<Row>();
  return results.map(({ references_failing: failing, reference_count: count, ...row }) => ({
    ...row,
    references: failing === null || count === null ? null : { failing, count },
  }));
};

/** True where it began by this call: of two that find the same at once, one does, and never more than `most` last at once. */
export const beginDistrust = async (
  d1: D1Database,
  { region, failing, monitors, references }: Omit<Distrust, 'since'>,
  most: number,
  now: number,
): Promise<boolean> => {
  const begun = await d1
    .prepare(
      `INSERT OR IGNORE INTO region_distrusts (region, since, failing, monitors, references_failing, reference_count)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6
       WHERE NOT EXISTS (SELECT 1 FROM region_distrusts WHERE region = ?1 AND until IS NULL)
         AND (SELECT count(*) FROM region_distrusts WHERE until IS NULL) < ?7`,
    )
    .bind(region, now, failing, monitors, references?.failing ?? null, references?.count ?? null, most)
    .run();
  return begun.meta.changes === 1;
};

/** True where it ended by this call. */
export const endDistrust = async (d1: D1Database, region: Region, now: number): Promise<boolean> => {
  const ended = await d1
    .prepare('UPDATE region_distrusts SET until = max(?2, since) WHERE region = ?1 AND until IS NULL')
    .bind(region, now)
    .run();
  return ended.meta.changes === 1;
};
