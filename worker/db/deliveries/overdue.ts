/** The sweep wakes deliveries that are half a minute late: after this long they will not be tried without help. */
export const overdueMs = 5 * 60_000;

/** Of this many due deliveries it is checked whether an earlier one blocks them. */
const maxLookedAt = 10_000;

export interface Overdue {
  count: number;
  /** Since when the first of them has been due, ms since the epoch; null where there is none. */
  since: number | null;
}

/**
 * Deliveries that were due before `before` (ms) and were not tried; of one team, or of all. Deferred deliveries are not due, and
 * a delivery behind an earlier message of its deduplication key waits for the receiver, not for Pharos. The same applies to
 * deliveries gathered while a digest fails, and to those that wait for their turn in a channel.
 */
export const countOverdue = async (d1: D1Database, before: number, teamId: string | null = null): Promise<Overdue> => {
  const row = await d1
    .prepare(
      `WITH due AS MATERIALIZED (
         SELECT number, dedup_key, channel, event, next_attempt_at FROM deliveries
         WHERE settled_at IS NULL AND next_attempt_at < ?1 AND ifnull(held_until, 0) < ?1
           AND (?2 IS NULL OR team_id = ?2)
         ORDER BY next_attempt_at LIMIT ${maxLookedAt}),
       busy AS MATERIALIZED (
         SELECT channel, EXISTS (
             SELECT 1 FROM deliveries AS t WHERE t.channel = one.channel AND t.tried_at >= ?1) AS tries,
           EXISTS (SELECT 1 FROM deliveries AS g WHERE g.channel = one.channel AND g.event = 'digest'
             AND g.settled_at IS NULL AND g.tried_at IS NOT NULL) AS gathers
         FROM (SELECT DISTINCT channel FROM due) AS one)
       SELECT count(*) AS count, min(next_attempt_at) AS since FROM due JOIN busy USING (channel)
       WHERE NOT tries AND (event = 'digest' OR NOT gathers)
         AND NOT EXISTS (SELECT 1 FROM deliveries AS earlier WHERE earlier.dedup_key = due.dedup_key
           AND earlier.channel = due.channel AND earlier.number < due.number AND earlier.settled_at IS NULL)`,
    )
    .bind(before, teamId)
    .first<Overdue>();
  return row ?? { count: 0, since: null };
};
