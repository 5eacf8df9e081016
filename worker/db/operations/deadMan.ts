/** Results of the heartbeats (operations/deadMan.ts). Times are ms since the epoch. */
export interface DeadManPing {
  at: number;
  failingSince: number | null;
  problem: string | null;
}

/** The latest; null before the first. */
export const readPing = (d1: D1Database): Promise<DeadManPing | null> =>
  d1.prepare('SELECT at, failing_since AS failingSince, problem FROM dead_man_ping WHERE id = 1').first<DeadManPing>();

/** `problem` is null where the heartbeat was delivered. */
export const recordPing = async (d1: D1Database, at: number, problem: string | null): Promise<void> => {
  await d1
    .prepare(
      `INSERT INTO dead_man_ping (id, at, failing_since, problem) VALUES (1, ?1, iif(?2 IS NULL, NULL, ?1), ?2)
       ON CONFLICT (id) DO UPDATE SET at = ?1, problem = ?2,
         failing_since = iif(?2 IS NULL, NULL, ifnull(failing_since, ?1))`,
    )
    .bind(at, problem)
    .run();
};
