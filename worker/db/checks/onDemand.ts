import type { Region } from '../../domain/checks/region.ts';

/** A monitor as an on-demand check needs it. */
export interface AskedMonitor {
  teamId: string;
  cohort: number;
  intervalSeconds: number;
  stretch: number;
  /** Empty where the checks request no host. */
  domain: string | null;
  /** JSON: `RedirectDomains`; null where none is known. */
  redirectDomains: string | null;
}

/** Null where the monitor is paused or deleted. */
export const findAsked = (d1: D1Database, number: number): Promise<AskedMonitor | null> =>
  d1
    .prepare(
      `SELECT team_id AS teamId, cohort, interval_seconds AS intervalSeconds, stretch, domain,
         redirect_domains AS redirectDomains
       FROM monitors WHERE number = ?1 AND cohort IS NOT NULL`,
    )
    .bind(number)
    .first<AskedMonitor>();

/** The monitors on which a monitor depends, directly or through others, as far as they count as up; at most `limit`. */
export const listUpUpstream = async (
  d1: D1Database,
  number: number,
  limit: number,
): Promise<{ id: string; number: number; regions: Region[] }[]> => {
  const { results } = await d1
    .prepare(
      `WITH RECURSIVE above(number) AS (
         SELECT depends_on FROM monitor_dependencies WHERE monitor = ?1
         UNION SELECT d.depends_on FROM above CROSS JOIN monitor_dependencies AS d ON d.monitor = above.number)
       SELECT m.id, m.number, m.regions FROM above CROSS JOIN monitors AS m ON m.number = above.number
       WHERE m.cohort IS NOT NULL AND m.verdict <> 'down' AND m.suspect = 0 LIMIT ?2`,
    )
    .bind(number, limit)
    .all<{ id: string; number: number; regions: string }>();
  return results.map(({ regions, ...row }) => ({ ...row, regions: JSON.parse(regions) as Region[] }));
};
