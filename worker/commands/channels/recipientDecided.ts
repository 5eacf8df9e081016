import type { Recipient } from '../../auth/actor.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import type { Context } from '../command.ts';

/** Why these commands leave no entry in the audit log. */
export const shownByChannel = { unaudited: 'a recipient is no user; the channel shows each decision' };

/** Has open dashboards show it. */
export const recipientDecided = ({ services, actor, requestId }: Context<Recipient>): Promise<void> =>
  publishLiveEvent(services, actor.teamId, requestId, { type: 'channels-changed' });
