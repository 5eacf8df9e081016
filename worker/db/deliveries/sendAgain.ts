import { closings } from '../../domain/escalation/events.ts';

/** What somebody sends again by hand. The statements name it ?1, the time ?2, and `closings` ?3. */

export const givenForAgain = (id: string, at: number) => [id, at, JSON.stringify(closings)];

/** The delivery itself, or all that were told in its digest. */
const asked = `SELECT one.* FROM deliveries AS own JOIN deliveries AS one
    ON one.number = own.number OR (one.digest = own.digest AND own.digest IS NOT NULL)
  WHERE own.id = ?1`;

/** With which its problem ended for that channel, which may be itself; null while it lasts. */
const end = `(SELECT min(c.number) FROM deliveries AS c WHERE c.dedup_key = one.dedup_key AND c.channel = one.channel
  AND c.number >= one.number AND c.event IN (SELECT value FROM json_each(?3)))`;

/**
 * Nothing that follows on its problem was told there, nor the end itself. Otherwise it would come after its end, and a
 * receiver that keeps incidents of its own would open, or close, the wrong one.
 */
const isOfUse = `NOT EXISTS (SELECT 1 FROM deliveries AS n WHERE n.dedup_key = one.dedup_key AND n.channel = one.channel
  AND n.number >= ${end} AND (n.state IN ('delivered', 'sending') OR (n.number > ${end} AND n.state <> 'suppressed')))`;

/** For the revival of the delivery, or of its digest: something of it is news to the receiver. */
export const isNews = `EXISTS (SELECT 1 FROM (${asked}) AS one WHERE ${isOfUse})`;

/**
 * Whoever is told by hand of a problem that is over is told that it is: the end was left out, as nobody there knew of the
 * problem, or given up as well. Belongs behind the revival.
 */
export const endAgain = (d1: D1Database, given: ReturnType<typeof givenForAgain>): D1PreparedStatement =>
  d1
    .prepare(
      `UPDATE deliveries SET state = 'waiting', settled_at = NULL, next_attempt_at = ?2, held_until = ?2,
         attempts = 0, tried_since = NULL, digest = NULL
       WHERE state IN ('suppressed', 'failed') AND number IN (SELECT ${end} FROM (${asked}) AS one
         WHERE one.settled_at IS NULL AND ${isOfUse})`,
    )
    .bind(...given);
