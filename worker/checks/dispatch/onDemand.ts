import { takeDomainTurn } from '../../db/checks/domainTurns.ts';
import { type AskedMonitor, findAsked, listUpUpstream } from '../../db/checks/onDemand.ts';
import type { RedirectDomains } from '../../domain/checks/redirects.ts';
import type { Region } from '../../domain/checks/region.ts';
import { log } from '../../log.ts';
import type { Services } from '../../services.ts';
import type { Batch } from '../pipeline/batch.ts';
import { loadChecks } from '../pipeline/check.ts';
import { sendMessages } from './sendMessages.ts';

/**
 * Maximum wait while a person waits for the check, and for a confirmation until the next regular checks replace it.
 * Confirmations may wait longer than all else, so that creating, changing or "check now" cannot take their turns.
 */
export const personWaitsMs = 10_000;
const confirmationWaitsMs = 30_000;

/** `refused`: too many on-demand checks of the domain come first; the regular ones will decide. */
export type Turn = 'now' | 'later' | 'refused';

/**
 * Probes a monitor from these regions now, bypassing the queue: for confirmation, "check now" and the first check. Returns
 * when the Probers have accepted it; they deliver the outcomes like any others. Where the turn of its registrable domain
 * comes later (db/checks/domainTurns.ts), it goes through the queue for then. Does nothing where the monitor is paused or
 * deleted.
 */
export const askRegions = async (
  services: Services,
  monitor: number,
  regions: readonly Region[],
  correlationId: string,
  maxWaitMs = confirmationWaitsMs,
): Promise<Turn> => {
  const row = await findAsked(services.d1, monitor);
  if (!row || regions.length === 0) return 'now';
  const waitMs = await takeTurns(services, row, { requests: regions.length, maxWaitMs });
  if (waitMs === null) {
    log('effect', correlationId, { monitor, regions: regions.length, onDemand: 'refused' });
    return 'refused';
  }
  const slot = services.now();
  const about = { correlationId, cohort: row.cohort, intervalSeconds: row.intervalSeconds, lane: 'extra' as const };
  // A queue delays by whole seconds.
  if (waitMs >= 1_000) {
    const later = slot + Math.ceil(waitMs / 1_000) * 1_000;
    const messages = regions.map((region) => ({
      ...about,
      ...(row.stretch > 1 && { stretch: row.stretch }),
      version: 1 as const,
      region,
      slot: later,
      monitors: [monitor],
    }));
    await sendMessages(services, messages);
    return 'later';
  }
  await Promise.all(
    regions.map(async (region) => {
      const checks = await loadChecks(services, { cohort: row.cohort, region, monitors: [monitor] });
      const batch: Batch = { ...about, region, slot };
      // A Prober of its own shard: confirmation must not wait behind the targets that make it necessary.
      const shard = monitor % services.config.proberShards;
      const options = { answerWithinMs: 0, mayHandBack: false, gatherer: null, isOnlyCall: true };
      await services.prober(region, `extra:${shard}`).probe(batch, checks, options);
    }),
  );
  return 'now';
};

/** A turn of the target's domain, and of each domain to which it redirects; null where one has none. */
const takeTurns = async (services: Services, row: AskedMonitor, asked: { requests: number; maxWaitMs: number }) => {
  const redirects = Object.keys(JSON.parse(row.redirectDomains ?? '{}') as RedirectDomains);
  let longestMs = 0;
  for (const domain of new Set([...(row.domain ? [row.domain] : []), ...redirects])) {
    const waitMs = await takeDomainTurn(services, { domain, teamId: row.teamId, ...asked });
    if (waitMs === null) return null;
    longestMs = Math.max(longestMs, waitMs);
  }
  return longestMs;
};

/** Maximum number of dependencies that one monitor checks. */
const maxLooks = 20;

/**
 * Probes the dependencies of a monitor, direct and indirect, that count as up: their outage is then found, before any regular
 * check, while this one is still being confirmed. Many monitors can share a dependency, so it is checked at most a few times
 * a minute.
 */
export const checkDependencies = async (services: Services, monitor: number, correlationId: string): Promise<void> => {
  const upstream = await listUpUpstream(services.d1, monitor, maxLooks);
  await Promise.all(
    upstream.map(async ({ id, number, regions }) => {
      if (!(await services.lookLimit.limit({ key: `depended on: ${id}` })).success) return;
      await askRegions(services, number, regions, correlationId, personWaitsMs);
    }),
  );
};
