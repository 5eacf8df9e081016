import type { RegionView } from '../domain/distrust.ts';
import type { Region } from '../domain/region.ts';

/** A region whose outcomes do not vote at present. */
export interface Distrust {
  region: Region;
  since: number;
  /** Monitors that failed there alone, of so many, when it began. */
  failing: number;
  monitors: number;
}

export const listDistrusts = async (d1: D1Database): Promise<Distrust[]> => {
  const { results } = await d1
    .prepare('SELECT region, since, failing, monitors FROM region_distrusts WHERE until IS NULL ORDER BY since, region')
    .all<Distrust>();
  return results;
};

/** True where it began by this call: of two that find the same at once, one does. */
export const beginDistrust = async (
  d1: D1Database,
  { region, alone, monitors }: Pick<RegionView, 'alone' | 'monitors'> & { region: Region },
  now: number,
): Promise<boolean> => {
  const begun = await d1
    .prepare(
      `INSERT OR IGNORE INTO region_distrusts (region, since, failing, monitors) SELECT ?1, ?2, ?3, ?4
       WHERE NOT EXISTS (SELECT 1 FROM region_distrusts WHERE region = ?1 AND until IS NULL)`,
    )
    .bind(region, now, alone, monitors)
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
