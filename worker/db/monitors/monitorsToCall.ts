import type { Region } from '../../domain/checks/region.ts';

/**
 * Monitors whose objects must be notified of a change now, not with their next loud outcome. Each list has at most `limit`
 * entries.
 */

/** A monitor's names (checks/dispatch/monitorRef.ts). */
interface Named {
  id: string;
  number: number;
  teamId: string;
}

/** Monitors of a team that are not calm, those that are down first; calm since before `changedSince` (ms) is calm. */
export const listNotCalm = async (
  d1: D1Database,
  teamId: string,
  changedSince: number,
  limit: number,
): Promise<Named[]> => {
  const { results } = await d1
    .prepare(
      `SELECT id, number, team_id AS teamId FROM monitors
       WHERE team_id = ?1 AND cohort IS NOT NULL
         AND (verdict <> 'up' OR suspect OR flapping OR verdict_since > ?2 OR region_health LIKE '%"down"%')
       ORDER BY verdict = 'down' DESC, number LIMIT ?3`,
    )
    .bind(teamId, changedSince, limit)
    .all<Named>();
  return results;
};

/**
 * Monitors whose verdict may depend on the vote of a region. Teams take turns, in no order, so that none waits behind the
 * monitors of another, nor for ever behind `limit` others.
 */
export const listUndecidedIn = async (d1: D1Database, region: Region, limit: number): Promise<Named[]> => {
  const { results } = await d1
    .prepare(
      `SELECT id, number, team_id AS teamId FROM monitors
       WHERE cohort IS NOT NULL AND (verdict IN ('down', 'unknown') OR suspect = 1)
         AND EXISTS (SELECT 1 FROM json_each(regions) WHERE value = ?1)
       ORDER BY row_number() OVER (PARTITION BY team_id ORDER BY random()), random() LIMIT ?2`,
    )
    .bind(region, limit)
    .all<Named>();
  return results;
};

/** Teams that watch from a region and have a dashboard open at `now` (ms), in no order. */
export const listWatchingFrom = async (
  d1: D1Database,
  region: Region,
  now: number,
  limit: number,
): Promise<string[]> => {
  const { results } = await d1
    .prepare(
      `SELECT id FROM teams AS t WHERE watched_until > ?1 AND EXISTS (
         SELECT 1 FROM monitors AS m, json_each(m.regions) AS r WHERE m.team_id = t.id AND r.value = ?2)
       ORDER BY random() LIMIT ?3`,
    )
    .bind(now, region, limit)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
};
