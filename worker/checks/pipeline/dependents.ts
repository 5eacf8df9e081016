import { listWaitingDependents } from '../../db/checks/dependents.ts';
import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import type { MonitorRef } from '../dispatch/monitorRef.ts';

/** So many objects are called at a time. */
const atOnce = 20;

/**
 * Tells the monitors that depend on this one, directly or through others, and that may have something to tell: they
 * may have waited for it. One that cannot be told looks around by itself soon. `known`: those, where they were read already.
 */
export const notifyDependents = async (
  services: Services,
  monitor: number,
  correlationId: string,
  known: readonly MonitorRef[] | null = null,
): Promise<void> => {
  const waiting = known ?? (await listWaitingDependents(services.d1, monitor));
  for (let i = 0; i < waiting.length; i += atOnce) {
    const group = waiting.slice(i, i + atOnce);
    const notified = await Promise.allSettled(group.map((ref) => services.monitor(ref.id).follow(ref, correlationId)));
    for (const [j, one] of notified.entries())
      if (one.status === 'rejected') logFailure('effect', correlationId, one.reason, { monitorId: group[j]?.id });
  }
};
