import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import type { Context } from '../command.ts';

/** Open dashboards ask again: uptime, history and incidents of the monitor are different. */
export const historyChanged = ({ services, actor, requestId }: Context): Promise<void> =>
  publishLiveEvent(services, actor.teamId, requestId, { type: 'monitors-changed' });
