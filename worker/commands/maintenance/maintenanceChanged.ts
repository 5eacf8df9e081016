import { z } from 'zod';
import { notifyTeamMonitors } from '../../checks/pipeline/notifyTeamMonitors.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import type { Context } from '../command.ts';

/** In a command's input: the window of the command. */
export const windowIdField = z.string();

/** Makes open dashboards and Monitor objects follow a change. Objects that the call misses read it before they alert. */
export const maintenanceChanged = async ({ services, actor, requestId }: Context): Promise<void> => {
  await Promise.all([
    publishLiveEvent(services, actor.teamId, requestId, { type: 'maintenance-changed' }),
    notifyTeamMonitors(services, actor.teamId, requestId),
  ]);
};
