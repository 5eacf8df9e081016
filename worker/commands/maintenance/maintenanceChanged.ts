import { z } from 'zod';
import { policyChanged } from '../../checks/pipeline/policyChanged.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import { logFailure } from '../../log.ts';
import type { Context } from '../command.ts';

/** Of a command's input: the window that it is about. */
export const windowIdField = z.string();

/** Of the database functions: the window, and the user who acts on it. */
export const actOn = ({ actor }: Context, id: string) => ({ teamId: actor.teamId, userId: actor.userId, id });

/** Has open dashboards and Monitor objects follow a change. Objects that the call misses read it before they alert. */
export const maintenanceChanged = async ({ services, actor, requestId }: Context): Promise<void> => {
  const published = publishLiveEvent(services, actor.teamId, requestId, { type: 'maintenance-changed' });
  await policyChanged(services, actor.teamId).catch((error: unknown) => logFailure('effect', requestId, error));
  await published;
};
