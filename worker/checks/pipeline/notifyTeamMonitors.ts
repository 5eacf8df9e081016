import { listNotCalm } from '../../db/monitors/monitorsToCall.ts';
import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import { notifyMonitors } from './notifyMonitors.ts';

/** Objects called at once; the others notice the change with their next loud outcome, or their alarm. */
const maxCalled = 300;
/** A monitor that changed this long ago may still have an alert to send that was suppressed. */
const recentlyMs = 86_400_000;

/**
 * Notifies the Monitor objects of a team that its escalation policies or maintenance windows have changed
 * (`policy_changed_at`), as far as they may have to act on it now: those of monitors that are not calm. Never throws:
 * objects read the change before they alert, whether they are called or not.
 */
export const notifyTeamMonitors = async (services: Services, teamId: string, correlationId: string): Promise<void> => {
  try {
    const notCalm = await listNotCalm(services.d1, teamId, services.now() - recentlyMs, maxCalled);
    await notifyMonitors(services, notCalm, correlationId, maxCalled);
  } catch (error) {
    logFailure('effect', correlationId, error, { teamId });
  }
};
