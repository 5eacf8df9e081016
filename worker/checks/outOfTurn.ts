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
      const options = { answerWithinMs: 0, mayHandBack: false, gatherer: null, isOnlyCall: true };
      await services.prober(region, `extra:${shard}`).probe(batch, checks, options);
    }),
  );
};

/** A monitor looks at so many of those that it depends on. */
const maxLooks = 20;

/**
 * Probes what a monitor depends on, directly or through others, as far as it passes for up: an outage of theirs that no
 * regular check has seen yet is then found while this one is still being confirmed. Many can depend on one: it is looked
 * at a few times a minute at most.
 */
export const lookAtDependencies = async (services: Services, monitor: number, correlationId: string): Promise<void> => {
  const { results } = await services.d1
    .prepare(
      `WITH RECURSIVE above(number) AS (
         SELECT depends_on FROM monitor_dependencies WHERE monitor = ?1
         UNION SELECT d.depends_on FROM above JOIN monitor_dependencies AS d ON d.monitor = above.number)
       SELECT m.id, m.number, m.regions FROM above JOIN monitors AS m ON m.number = above.number
       WHERE m.cohort IS NOT NULL AND m.verdict <> 'down' AND m.suspect = 0 LIMIT ${maxLooks}`,
    )
    .bind(monitor)
    .all<{ id: string; number: number; regions: string }>();
  await Promise.all(
    results.map(async ({ id, number, regions }) => {
      if (!(await services.lookLimit.limit({ key: `depended on: ${id}` })).success) return;
      await askRegions(services, number, JSON.parse(regions) as Region[], correlationId);
    }),
  );
};
