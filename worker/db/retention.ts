/** So much is deleted at a time; what is left comes a minute later. */
const maxDeleted = 500;

/**
 * Deliveries that were settled before the time ?1, oldest first. Those of an open incident stay, because the escalation
 * and the recovery look at who was told; so does a digest whose members are still there, for it holds their attempts.
 */
const oldDeliveries = `SELECT d.number FROM deliveries AS d
  WHERE d.settled_at < ?1
    AND NOT EXISTS (SELECT 1 FROM incidents AS i WHERE i.id IN (d.incident, d.story) AND i.resolved_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM deliveries AS member WHERE member.digest = d.number)
  ORDER BY d.settled_at, d.number LIMIT ${maxDeleted}`;

/** Deletes deliveries with their attempts; answers how many deliveries. */
export const deleteOldDeliveries = async (d1: D1Database, before: number): Promise<number> => {
  const [, deleted] = await d1.batch([
    d1.prepare(`DELETE FROM delivery_attempts WHERE delivery IN (${oldDeliveries})`).bind(before),
    d1.prepare(`DELETE FROM deliveries WHERE number IN (${oldDeliveries})`).bind(before),
  ]);
  return deleted?.meta.changes ?? 0;
};

/** The trail is only ever added to, so the rows that come first are the oldest: no index is needed to find them. */
export const deleteOldAuditEntries = async (d1: D1Database, before: number): Promise<number> => {
  const { meta } = await d1
    .prepare(
      `DELETE FROM audit_entries WHERE rowid IN (
         SELECT rowid FROM (SELECT rowid, at FROM audit_entries ORDER BY rowid LIMIT ${maxDeleted}) WHERE at < ?1)`,
    )
    .bind(before)
    .run();
  return meta.changes;
};

export const deleteOldDeadLetters = async (d1: D1Database, before: number): Promise<number> => {
  const { meta } = await d1
    .prepare(
      `DELETE FROM dead_letters WHERE id IN (
         SELECT id FROM dead_letters WHERE received_at < ?1 ORDER BY received_at LIMIT ${maxDeleted})`,
    )
    .bind(before)
    .run();
  return meta.changes;
};
