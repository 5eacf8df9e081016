import { closings, isOutage, problems } from '../../domain/escalation/events.ts';

/** At most this much is deleted at a time; the rest follows a minute later. */
const maxDeleted = 500;

/**
 * The last advisory (?2) of a monitor whose recovery (?3) was not sent to the channel. The recovery may never come, because
 * policies may suppress recoveries: but that affects at most one problem.
 */
const isLastWithoutEnd = `(d.event IN (SELECT value FROM json_each(?2)) AND d.state <> 'suppressed'
  AND EXISTS (SELECT 1 FROM monitors WHERE number = d.monitor)
  AND NOT EXISTS (SELECT 1 FROM deliveries AS later WHERE later.monitor = d.monitor AND later.number > d.number
    AND (later.dedup_key <> d.dedup_key
      OR (later.channel = d.channel AND later.event IN (SELECT value FROM json_each(?3))))))`;

/** The alert that a channel fails, while it still fails. */
const isOfFailure = `(d.event = 'channel-failing' AND EXISTS (SELECT 1 FROM channels AS c
  WHERE c.failure_notified_at IS NOT NULL AND c.id || '-' || c.failure_notified_at = d.dedup_key))`;

/**
 * Deliveries that were settled before the time ?1, oldest first. Those of ongoing problems stay, because the escalation and the
 * recovery need the earlier recipients; so does a digest with members that still exist, for it holds their attempts.
 */
const oldDeliveries = `SELECT d.number FROM deliveries AS d
  WHERE d.settled_at < ?1
    AND NOT EXISTS (SELECT 1 FROM incidents AS i WHERE i.id IN (d.incident, d.dedup_key) AND i.resolved_at IS NULL)
    AND NOT ${isLastWithoutEnd} AND NOT ${isOfFailure}
    AND NOT EXISTS (SELECT 1 FROM deliveries AS member WHERE member.digest = d.number)
  ORDER BY d.settled_at, d.number LIMIT ${maxDeleted}`;

/** Deletes deliveries with their attempts; returns the number of deliveries. */
export const deleteOldDeliveries = async (d1: D1Database, before: number): Promise<number> => {
  const advisory = problems.filter((problem) => !isOutage(problem));
  const given = [before, JSON.stringify(advisory), JSON.stringify(closings)];
  const [, deleted] = await d1.batch([
    d1.prepare(`DELETE FROM delivery_attempts WHERE delivery IN (${oldDeliveries})`).bind(...given),
    d1.prepare(`DELETE FROM deliveries WHERE number IN (${oldDeliveries})`).bind(...given),
  ]);
  return deleted?.meta.changes ?? 0;
};

/** The trail is append-only, so the first rows are the oldest: no index is needed to find them. */
export const deletionOfAuditEntries = (d1: D1Database, before: number): D1PreparedStatement =>
  d1
    .prepare(
      `DELETE FROM audit_entries WHERE rowid IN (
         SELECT rowid FROM (SELECT rowid, at FROM audit_entries ORDER BY rowid LIMIT ${maxDeleted}) WHERE at < ?1)`,
    )
    .bind(before);

export const deletionOfDeadLetters = (d1: D1Database, before: number): D1PreparedStatement =>
  d1
    .prepare(
      `DELETE FROM dead_letters WHERE id IN (
         SELECT id FROM dead_letters WHERE received_at < ?1 ORDER BY received_at LIMIT ${maxDeleted})`,
    )
    .bind(before);
