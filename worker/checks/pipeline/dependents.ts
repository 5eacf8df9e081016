import { listWaitingDependents } from '../../db/checks/dependents.ts';
import type { Services } from '../../services.ts';
import type { MonitorRef } from '../dispatch/monitorRef.ts';
import { notifyMonitors } from './notifyMonitors.ts';

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
  await notifyMonitors(services, waiting, correlationId);
};
