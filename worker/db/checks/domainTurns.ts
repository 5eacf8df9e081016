import { noticedLoad, waitingShare } from '../../domain/checks/domainLoad.ts';
import type { Services } from '../../services.ts';

/** Regular checks without a stored value use at most this much. */
const takesMs = (regular: string) => `CAST(ceil(?3 * 3600000.0 / (?5 - max(${regular}, ?6))) AS INTEGER)`;

/** Current wait of the team, ms: its turns alternate with those of the other teams. */
const heldMs = 'held_ms * max(0.0, until_at - ?2) / max(1, until_at - at)';

/**
 * Takes `requests` of what regular checks leave of the requests to one registrable domain (domain/checks/domainLoad.ts), for all
 * teams together. Answers with how long (ms) they have to wait for their turn, or null, with nothing taken, where that
 * would be more than `maxWaitMs`, or where the team waits for its share of that time already.
 * Two rows: when the next request to the domain may leave, and what the team waits for there.
 * https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export const takeDomainTurn = async (
  { d1, now, config }: Pick<Services, 'd1' | 'now' | 'config'>,
  { domain, teamId, requests, maxWaitMs }: { domain: string; teamId: string; requests: number; maxWaitMs: number },
): Promise<number | null> => {
  const perHour = config.domainRequestsPerSecond * 3_600;
  const given = [domain, now(), requests, maxWaitMs, perHour, noticedLoad(config.domainRequestsPerSecond), teamId];
  const [taken] = await d1.batch<{ wait_ms: number }>([
    d1
      .prepare(
        `INSERT INTO domain_turns (domain, next_at) VALUES (?1, ?2 + ${takesMs('0')})
         ON CONFLICT DO UPDATE SET next_at = max(next_at, ?2) + ${takesMs('regular_per_hour')}
           WHERE next_at - ?2 <= ?4
             AND ifnull((SELECT ${heldMs} FROM team_turns WHERE domain = ?1 AND team_id = ?7), 0)
               <= (?4 - max(next_at - ?2, 0)) * ${waitingShare}
         RETURNING next_at - ${takesMs('regular_per_hour')} - ?2 AS wait_ms`,
      )
      .bind(...given),
    // Where the statement above took nothing, nothing is stored.
    d1
      .prepare(
        `INSERT INTO team_turns (domain, team_id, held_ms, at, until_at)
         SELECT domain, ?7, ${takesMs('regular_per_hour')}, ?2, next_at FROM domain_turns
         WHERE domain = ?1 AND changes() = 1
         ON CONFLICT DO UPDATE SET held_ms = excluded.held_ms + ${heldMs}, at = ?2, until_at = excluded.until_at`,
      )
      .bind(...given),
  ]);
  return taken?.results[0]?.wait_ms ?? null;
};

/** Drops domains whose turn has long come and that have few regular checks: without a row they may be asked at once as well. */
export const deletionsOfTurns = (d1: D1Database, now: number): D1PreparedStatement[] => [
  d1
    .prepare(
      'DELETE FROM domain_turns WHERE domain IN (SELECT domain FROM domain_turns WHERE next_at < ?1 AND regular_per_hour = 0 LIMIT 500)',
    )
    .bind(now - 3_600_000),
  // A team that waits for nothing needs no row.
  d1
    .prepare(
      `DELETE FROM team_turns WHERE (domain, team_id) IN
           (SELECT domain, team_id FROM team_turns WHERE until_at < ?1 LIMIT 500)`,
    )
    .bind(now - 60_000),
];
