import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import { chunks } from '../dispatch/chunks.ts';
import type { MonitorRef } from '../dispatch/monitorRef.ts';

/**
 * Has Monitor objects read their changes at once, `atOnce` at a time. A failed call is logged and not repeated: the object
 * reads the change before its next decision.
 */
export const notifyMonitors = async (
  services: Services,
  monitors: readonly MonitorRef[],
  correlationId: string,
  atOnce = 20,
): Promise<void> => {
  for (const group of chunks(monitors, atOnce)) {
    const calls = await Promise.allSettled(group.map((ref) => services.monitor(ref.id).follow(ref, correlationId)));
    const failed = calls.filter((call) => call.status === 'rejected');
    if (failed[0])
      logFailure('effect', correlationId, failed[0].reason, { objects: group.length, failed: failed.length });
  }
};
