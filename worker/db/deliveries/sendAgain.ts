import { closings } from '../../domain/escalation/events.ts';

/** Deliveries that somebody sends again by hand. The statements name it ?1, the time ?2, and `closings` ?3. */

export const givenForAgain = (id: string, at: number) => [id, at, JSON.stringify(closings)];

/** The delivery itself, or all members of its digest. */
const asked = `SELECT one.* FROM deliveries AS own JOIN deliveries AS one
    ON one.number = own.number OR (one.digest = own.digest AND own.digest IS NOT NULL)
  WHERE own.id = ?1`;

/** The recovery of its problem for that channel, which may be itself; null while the problem lasts. */
const end = `(SELECT min(c.number) FROM deliveries AS c WHERE c.dedup_key = one.dedup_key AND c.channel = one.channel
  AND c.number >= one.number AND c.event IN (SELECT value FROM json_each(?3)))`;

/**
 * No later message of its problem was delivered there, nor the recovery. Otherwise it would arrive after the recovery, and a
 * stateful receiver would open, or close, the wrong incident.
 */
const isOfUse = `NOT EXISTS (SELECT 1 FROM deliveries AS n WHERE n.dedup_key = one.dedup_key AND n.channel = one.channel
  AND n.number >= ${end} AND (n.state IN ('delivered', 'sending') OR (n.number > ${end} AND n.state <> 'suppressed')))`;

/** For the retry of the delivery, or of its digest: some of it is new to the receiver. */
export const isNews = `EXISTS (SELECT 1 FROM (${asked}) AS one WHERE ${isOfUse})`;

/**
 * Recipients that are notified by hand of a problem that is over also get the recovery: it was suppressed, as no recipient there
 * knew of the problem, or failed as well. Belongs behind the retry.
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
