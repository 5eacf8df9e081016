import type { RedirectDomains } from '../../domain/checks/redirects.ts';

/**
 * Stores where the monitor's target redirects, unless another check did so meanwhile. The monitor loses its place, because it
 * has to fit into the plan of one more domain; the next cron run finds another.
 */
export const learnRedirect = (d1: D1Database, monitor: number, known: RedirectDomains, next: RedirectDomains) =>
  d1
    .prepare(
      `UPDATE monitors SET redirect_domains = ?2, place = NULL
       WHERE number = ?1 AND json(ifnull(redirect_domains, '{}')) = json(?3)`,
    )
    .bind(monitor, JSON.stringify(next), JSON.stringify(known))
    .run();
