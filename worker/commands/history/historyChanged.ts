import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import type { Context } from '../command.ts';

/** Makes open dashboards refetch uptime, history and incidents of the monitor. */
export const historyChanged = ({ services, actor, requestId }: Context): Promise<void> =>
  publishLiveEvent(services, actor.teamId, requestId, { type: 'monitors-changed' });
