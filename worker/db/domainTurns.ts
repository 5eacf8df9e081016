import type { Services } from '../services.ts';

/**
 * Takes `requests` from what one registrable domain may be asked out of turn, by all teams together. Answers with how
 * long (ms) they have to wait for their turn, or null, with nothing taken, where that would be more than `maxWaitMs`.
 * One row a domain: when the next request may leave. https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export const takeDomainTurn = async (
  { d1, now, config }: Pick<Services, 'd1' | 'now' | 'config'>,
  { domain, requests, maxWaitMs }: { domain: string; requests: number; maxWaitMs: number },
): Promise<number | null> => {
  const at = now();
  const takesMs = Math.ceil((requests * 1_000) / config.domainRequestsPerSecond);
  const row = await d1
    .prepare(
      `INSERT INTO domain_turns (domain, next_at) VALUES (?1, ?2 + ?3)
       ON CONFLICT DO UPDATE SET next_at = max(next_at, ?2) + ?3 WHERE next_at - ?2 <= ?4
       RETURNING next_at`,
    )
    .bind(domain, at, takesMs, maxWaitMs)
    .first<{ next_at: number }>();
  return row && row.next_at - takesMs - at;
};

/** Drops domains whose turn has long come: without a row they may be asked at once as well. */
export const dropDomainTurns = (d1: D1Database, now: number) =>
  d1
    .prepare('DELETE FROM domain_turns WHERE domain IN (SELECT domain FROM domain_turns WHERE next_at < ?1 LIMIT 500)')
    .bind(now - 3_600_000)
    .run();
