import { listNotCalm } from '../../db/monitors/monitorsToCall.ts';
import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import { notifyMonitors } from './notifyMonitors.ts';

/** Maximum number of objects called at once; the others notice the change with their next loud outcome or alarm. */
const maxCalled = 300;
/** A monitor that changed this recently may still have a suppressed alert to send. */
const recentlyMs = 86_400_000;

/**
 * Notifies the Monitor objects of a team that its escalation policies or maintenance windows have changed
 * (`policy_changed_at`), if they may have to act now: those of monitors that are not calm. Never throws: objects read the
 * change before they alert, whether they are called or not.
 */
export const notifyTeamMonitors = async (services: Services, teamId: string, correlationId: string): Promise<void> => {
  try {
    const notCalm = await listNotCalm(services.d1, teamId, services.now() - recentlyMs, maxCalled);
    await notifyMonitors(services, notCalm, correlationId, maxCalled);
  } catch (error) {
    logFailure('effect', correlationId, error, { teamId });
  }
};
