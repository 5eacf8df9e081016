import type { Bound } from '../../domain/checks/distrust.ts';
import type { Region } from '../../domain/checks/region.ts';

/** A region whose outcomes do not vote at present. */
export interface Distrust {
  region: Region;
  since: number;
  /** Monitors that failed only there when it began, out of this many. */
  failing: number;
  monitors: number;
  /** Reference targets that failed there and answered elsewhere; null where they gave no evidence. */
  references: { failing: number; count: number } | null;
  /** Latest time at which evidence showed that the region is broken. */
  provenAt: number;
}

interface Row extends Omit<Distrust, 'references' | 'provenAt'> {
  references_failing: number | null;
  reference_count: number | null;
  proven_at: number;
}

export const listDistrusts = async (d1: D1Database): Promise<Distrust[]> => {
  const { results } = await d1
    .prepare(
      `SELECT region, since, failing, monitors, references_failing, reference_count, proven_at FROM region_distrusts
       WHERE until IS NULL ORDER BY since, region`,
    )
    .all<Row>();
  return results.map(({ references_failing: failing, reference_count: count, proven_at: provenAt, ...row }) => ({
    ...row,
    provenAt,
    references: failing === null || count === null ? null : { failing, count },
  }));
};

/** True where this call started it: of two simultaneous calls one does, and no bound is ever exceeded. */
export const beginDistrust = async (
  d1: D1Database,
  { region, failing, monitors, references }: Omit<Distrust, 'since' | 'provenAt'>,
  bounds: readonly Bound[],
  now: number,
): Promise<boolean> => {
  const begun = await d1
    .prepare(
      `INSERT OR IGNORE INTO region_distrusts (region, since, failing, monitors, references_failing, reference_count, proven_at)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?2
       WHERE NOT EXISTS (SELECT 1 FROM region_distrusts WHERE region = ?1 AND until IS NULL)
         AND NOT EXISTS (SELECT 1 FROM json_each(?7) AS bound
           WHERE ?1 IN (SELECT value FROM json_each(bound.value -> 'regions'))
             AND (SELECT count(*) FROM region_distrusts WHERE until IS NULL
               AND region IN (SELECT value FROM json_each(bound.value -> 'regions'))) >= bound.value ->> 'most')`,
    )
    .bind(
      region,
      now,
      failing,
      monitors,
      references?.failing ?? null,
      references?.count ?? null,
      JSON.stringify(bounds),
    )
    .run();
  return begun.meta.changes === 1;
};

/** Records that evidence still shows these to be broken. */
export const noteProven = (d1: D1Database, proven: readonly Region[], now: number): Promise<D1Result> =>
  d1
    .prepare(
      `UPDATE region_distrusts SET proven_at = ?2
       WHERE until IS NULL AND region IN (SELECT value FROM json_each(?1)) AND proven_at < ?2`,
    )
    .bind(JSON.stringify(proven), now)
    .run();

/** True where this call ended it. */
export const endDistrust = async (d1: D1Database, region: Region, now: number): Promise<boolean> => {
  const ended = await d1
    .prepare('UPDATE region_distrusts SET until = max(?2, since) WHERE region = ?1 AND until IS NULL')
    .bind(region, now)
    .run();
  return ended.meta.changes === 1;
};
