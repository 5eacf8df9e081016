import { claimReviews } from '../../db/checks/regionReviews.ts';
import type { Region } from '../../domain/checks/region.ts';
import type { Services } from '../../services.ts';
import { reviewMessage } from '../dispatch/message.ts';
import type { Batch, CheckResult } from './batch.ts';

/** This many monitors that newly fail in a region within a minute are a reason to review the region itself. */
const manyMonitors = 3;
const withinMs = 60_000;

/** When the region is reviewed: soon after the other regions were asked, and again in case they were slow. */
const reviewAfterMs = 1_000;

/**
 * Failures seen by this isolate. Other isolates see the rest, and once a minute all regions are reviewed
 * (checks/regions/distrust.ts).
 */
export const recentFailures = new Map<Region, Map<number, number>>();

/**
 * Requests a review of the region when many monitors begin to fail there. A team can cause that as often as it likes, so
 * reviews are claimed: one per region and interval, whatever causes them.
 */
export const noteFailures = async (services: Services, batch: Batch, loud: readonly CheckResult[]): Promise<void> => {
  const { region, correlationId } = batch;
  const now = services.now();
  const failed = loud.filter(({ outcome }) => outcome.health === 'down').map(({ check }) => check.monitor);
  if (failed.length === 0) return;
  const before = [...(recentFailures.get(region) ?? [])].filter(([, at]) => at > now - withinMs);
  const seen = new Map([...before, ...failed.map((monitor) => [monitor, now] as const)]);
  recentFailures.set(region, seen.size < manyMonitors ? seen : new Map());
  if (seen.size < manyMonitors) return;
  const reviews = await claimReviews(services.d1, region, now + reviewAfterMs);
  if (reviews.length === 0) return;
  const body = reviewMessage(region, correlationId);
  const delays = reviews.map((at) => Math.ceil((at - now) / 1000));
  await services.queue(region).sendBatch(delays.map((delaySeconds) => ({ body, delaySeconds })));
};
