/** Enough to identify a message. */
const bodyLength = 4_096;

/** Stored once, however often it arrives. `receivedAt`: ms since the epoch. */
export const insertDeadLetter = (
  d1: D1Database,
  { id, receivedAt, queue, body }: { id: string; receivedAt: number; queue: string; body: unknown },
): D1PreparedStatement =>
  d1
    .prepare('INSERT OR IGNORE INTO dead_letters (id, received_at, queue, body) VALUES (?1, ?2, ?3, ?4)')
    .bind(id, receivedAt, queue, String(JSON.stringify(body)).slice(0, bodyLength));

/** Number of queue messages that could not be handled. */
export interface DeadLetterCount {
  recent: number;
  total: number;
  /** The dead-letter queues of the recent ones. */
  queues: string[];
}

/** Recent are those since `since`, ms. */
export const countDeadLetters = async (d1: D1Database, since: number): Promise<DeadLetterCount> => {
  const row = await d1
    .prepare(
      `SELECT (SELECT count(*) FROM dead_letters) AS total,
         (SELECT count(*) FROM dead_letters WHERE received_at >= ?1) AS recent,
         (SELECT json_group_array(DISTINCT queue) FROM dead_letters WHERE received_at >= ?1 AND queue IS NOT NULL) AS queues`,
    )
    .bind(since)
    .first<{ total: number; recent: number; queues: string }>();
  return row ? { ...row, queues: JSON.parse(row.queues) as string[] } : { recent: 0, total: 0, queues: [] };
};
