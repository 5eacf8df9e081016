import { listWaitingDependents } from '../../db/checks/dependents.ts';
import type { Services } from '../../services.ts';
import type { MonitorRef } from '../dispatch/monitorRef.ts';
import { notifyMonitors } from './notifyMonitors.ts';

/**
 * Notifies the direct and indirect dependents of a monitor that may have alerts waiting for it. A dependent that misses this
 * refreshes its context soon by itself. `known`: the dependents, where they were read already.
 */
export const notifyDependents = async (
  services: Services,
  monitor: number,
  correlationId: string,
  known: readonly MonitorRef[] | null = null,
): Promise<void> => {
  const waiting = known ?? (await listWaitingDependents(services.d1, monitor));
  await notifyMonitors(services, waiting, correlationId);
};
