import { type LiveEvent, liveEvent } from '../contract/live.ts';
import { requireShape } from '../contract/responseSchema.ts';
import { logFailure } from '../log.ts';
import type { Services } from '../services.ts';

/**
 * Pushes an event to the team's open dashboards. A feed that cannot be reached is logged and no more: dashboards ask
 * again when they come back, and no check is to be made twice for them.
 */
export const publishLiveEvent = async (
  services: Services,
  teamId: string,
  correlationId: string,
  event: LiveEvent,
): Promise<void> => {
  if (services.config.strictResponses) requireShape(`Live event ${event.type}`, liveEvent, event);
  try {
    await services.feed(teamId).publish(event);
  } catch (error) {
    logFailure('feed', correlationId, error, { teamId });
  }
};
