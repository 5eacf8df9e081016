import { listNotCalm } from '../../db/monitors/monitorsToCall.ts';
import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import { notifyMonitors } from './notifyMonitors.ts';

/** So many objects are called at once; those that are left hear it with their next loud outcome, or their alarm. */
const maxCalled = 300;
/** A monitor that changed this long ago may still have something to tell that was suppressed. */
const recentlyMs = 86_400_000;

/**
 * Tells the Monitor objects of a team that what they judge by has changed (`policy_changed_at`), as far as they may have
 * to act on it now: those of monitors that are not calm. The change was made, so a failure is logged and no more.
 */
export const policyChanged = async (services: Services, teamId: string, correlationId: string): Promise<void> => {
  try {
    const notCalm = await listNotCalm(services.d1, teamId, services.now() - recentlyMs, maxCalled);
    await notifyMonitors(services, notCalm, correlationId, maxCalled);
  } catch (error) {
    logFailure('effect', correlationId, error, { teamId });
  }
};
