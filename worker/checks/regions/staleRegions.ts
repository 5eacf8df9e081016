import { listStaleRegions } from '../../db/checks/staleRegions.ts';
import type { LastSeen } from '../../domain/verdict/freshness.ts';
import { newId } from '../../ids.ts';
import { log, logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';

/**
 * A run tells so many objects at most; those that are left are found again by the next. Teams take turns, so that none
 * waits behind the silent monitors of another.
 */
const objectsPerSweep = 500;

/**
 * Finds monitors of which some region was not heard for too long, and tells their objects. Quiet outcomes cost no call
 * of an object, so it cannot notice silence itself: this asks D1, once a minute for all monitors, and only of those
 * that fell silent since the last run an object is called.
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
