import type { Region } from '../domain/region.ts';
import type { Services } from '../services.ts';
import { type Batch, loadChecks } from './check.ts';

/**
 * Probes a monitor from these regions now, past the queue: for confirmation, for "check now" and for the first look.
 * Returns when the Probers have taken it on; they deliver the outcomes like any others. Nothing happens where the
 * monitor is paused or gone.
 */
export const askRegions = async (
  services: Services,
  monitor: number,
  regions: readonly Region[],
  correlationId: string,
): Promise<void> => {
  const row = await services.d1
    .prepare('SELECT cohort, interval_seconds FROM monitors WHERE number = ?1 AND cohort IS NOT NULL')
    .bind(monitor)
    .first<{ cohort: number; interval_seconds: number }>();
  if (!row) return;
  const slot = services.now();
  await Promise.all(
    regions.map(async (region) => {
      const checks = await loadChecks(services, { cohort: row.cohort, region, monitors: [monitor] });
      const batch: Batch = {
        correlationId,
        cohort: row.cohort,
        intervalSeconds: row.interval_seconds,
        region,
        slot,
        lane: 'extra',
      };
      // A Prober of its own shard: confirmation must not stand in line behind the targets that make it necessary.
      const shard = monitor % services.config.proberShards;
      await services.prober(region, `extra:${shard}`).probe(batch, checks, { answerWithinMs: 0, mayHandBack: false });
    }),
  );
};
