import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';

interface ActedOn {
  teamId: string;
  monitorId: string;
  /** Number of the monitor. */
  monitor: number;
}

/**
 * Has the Monitor object hear at once what people did about an incident. Where the call is lost it hears of it before it
 * tells anybody anything further: it reads that first.
 */
export const notifyMonitor = async (
  services: Services,
  { teamId, monitorId, monitor }: ActedOn,
  correlationId: string,
): Promise<void> => {
  try {
    await services.monitor(monitorId).follow({ id: monitorId, number: monitor, teamId }, correlationId);
  } catch (error) {
    logFailure('effect', correlationId, error, { monitorId });
  }
};
