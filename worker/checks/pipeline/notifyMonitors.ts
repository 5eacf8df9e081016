import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import { chunks } from '../dispatch/chunks.ts';
import type { MonitorRef } from '../dispatch/monitorRef.ts';

/**
 * Has Monitor objects read at once what changed for them, `atOnce` at a time. A call that fails is logged and not made
 * again: the object reads the change before it decides anything further.
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
