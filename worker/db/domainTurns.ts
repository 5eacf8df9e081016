import { noticedLoad } from '../domain/domainLoad.ts';
import type { Services } from '../services.ts';

/** Regular checks that are not noted take as much as may go unnoticed. */
const takesMs = (regular: string) => `CAST(ceil(?3 * 3600000.0 / (?5 - max(${regular}, ?6))) AS INTEGER)`;

/**
 * Takes `requests` of what regular checks leave of the requests to one registrable domain (domain/domainLoad.ts), for all teams
 * together. Answers with how long (ms) they have to wait for their turn, or null, with nothing taken, where that would be more than `maxWaitMs`.
 * One row a domain: when the next request may leave. https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export const takeDomainTurn = async (
  { d1, now, config }: Pick<Services, 'd1' | 'now' | 'config'>,
  { domain, requests, maxWaitMs }: { domain: string; requests: number; maxWaitMs: number },
): Promise<number | null> => {
  const at = now();
  const perHour = config.domainRequestsPerSecond * 3_600;
  return d1
    .prepare(
      `INSERT INTO domain_turns (domain, next_at) VALUES (?1, ?2 + ${takesMs('0')})
       ON CONFLICT DO UPDATE SET next_at = max(next_at, ?2) + ${takesMs('regular_per_hour')} WHERE next_at - ?2 <= ?4
       RETURNING next_at - ${takesMs('regular_per_hour')} - ?2 AS wait_ms`,
    )
    .bind(domain, at, requests, maxWaitMs, perHour, noticedLoad(config.domainRequestsPerSecond))
    .first<number>('wait_ms');
};

/** Drops domains whose turn has long come and that have few regular checks: without a row they may be asked at once as well. */
export const dropDomainTurns = (d1: D1Database, now: number) =>
  d1
    .prepare(
      'DELETE FROM domain_turns WHERE domain IN (SELECT domain FROM domain_turns WHERE next_at < ?1 AND regular_per_hour = 0 LIMIT 500)',
    )
    .bind(now - 3_600_000)
    .run();
