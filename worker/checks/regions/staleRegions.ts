import { listStaleRegions } from '../../db/checks/staleRegions.ts';
import type { LastSeen } from '../../domain/verdict/freshness.ts';
import { newId } from '../../ids.ts';
import { log, logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';

/**
 * Maximum number of objects notified per run; the next run finds the rest again. Teams take turns, so that none waits behind
 * the stale monitors of another.
 */
const objectsPerSweep = 500;

/**
 * Finds monitors with a region that has sent no data for too long, and notifies their objects. Quiet outcomes cost no call of
 * an object, so it cannot notice stale data itself: this asks D1, once a minute for all monitors, and calls only the objects
 * of those that turned stale since the last run.
 */
export const sweepStaleRegions = async (services: Services): Promise<void> => {
  const rows = await listStaleRegions(services.d1, services.now(), objectsPerSweep);
  if (rows.length === 0) return;
  const correlationId = newId('run');
  const notified = await Promise.allSettled(
    rows.map(({ id, lastSeen, interval_seconds }) =>
      services.monitor(id).noteLastSeen(JSON.parse(lastSeen) as LastSeen, interval_seconds * 1000, correlationId),
    ),
  );
  const failed = notified.filter((t) => t.status === 'rejected');
  if (failed[0]) logFailure('stale', correlationId, failed[0].reason, { objects: rows.length, failed: failed.length });
  else log('stale', correlationId, { objects: rows.length });
};
