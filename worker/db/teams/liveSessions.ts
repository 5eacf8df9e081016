/** The sessions of a team that are active at `now`, and when each ends; ms since the epoch. */
export const listLiveSessions = async (
  d1: D1Database,
  teamId: string,
  ids: readonly string[],
  now: number,
): Promise<Map<string, number>> => {
  const { results } = await d1
    .prepare(
      `SELECT s.id, s.expires_at AS expiresAt FROM sessions AS s
       JOIN members AS m ON m.user_id = s.user_id AND m.team_id = ?3
       WHERE s.id IN (SELECT value FROM json_each(?1)) AND s.expires_at > ?2`,
    )
    .bind(JSON.stringify([...new Set(ids)]), now, teamId)
    .all<{ id: string; expiresAt: number }>();
  return new Map(results.map(({ id, expiresAt }) => [id, expiresAt]));
};

/** Somebody of the team has a dashboard open, until then at least (ms since the epoch). */
export const markWatched = async (d1: D1Database, teamId: string, until: number): Promise<void> => {
  await d1.prepare('UPDATE teams SET watched_until = ?2 WHERE id = ?1').bind(teamId, until).run();
};
