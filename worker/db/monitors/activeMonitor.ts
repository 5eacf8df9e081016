/** The data that an on-demand check needs of an active monitor. */
export interface ActiveMonitor {
  number: number;
  cohort: number;
  interval_seconds: number;
  /** JSON. */
  regions: string;
  /** When the monitor joined its cohort, ms. */
  joined_at: number;
  stretch: number;
  domain: string | null;
}

/** Null where the monitor is paused or deleted. */
export const findActive = (d1: D1Database, number: number): Promise<ActiveMonitor | null> =>
  d1
    .prepare(
      `SELECT m.number, m.cohort, m.interval_seconds, m.regions, m.stretch, m.domain, max(c.since) AS joined_at
       FROM monitors AS m JOIN cohort_memberships AS c ON c.monitor = m.number AND c.cohort = m.cohort
       WHERE m.number = ?1 GROUP BY m.number`,
    )
    .bind(number)
    .first<ActiveMonitor>();
