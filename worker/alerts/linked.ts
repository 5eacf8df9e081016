import { acknowledgeForMs, signAcknowledgement } from '../auth/acknowledgements.ts';
import type { Claimed, OutboxChannel } from '../db/outbox.ts';
import { isOfChannel } from '../domain/escalation/events.ts';
import type { Services } from '../services.ts';
import {
  type AlertMessage,
  actionOf,
  type ChannelMessage,
  type DigestMessage,
  type MonitorMessage,
} from './message.ts';

/** The message of a delivery with its links, the same ones in each attempt. */
export const linkedMessage = async (
  { config }: Services,
  { teamId, name: through }: OutboxChannel,
  { incident: incidentId, event, message, createdAt }: Claimed,
): Promise<AlertMessage> => {
  if (event === 'digest') return message as DigestMessage;
  if (isOfChannel(event)) return message as ChannelMessage;
  const told = message as Omit<MonitorMessage, 'incident' | 'acknowledgeUrl'>;
  const { publicOrigin, sessionSecret } = config;
  const unlinked: MonitorMessage = { ...told, incident: null, acknowledgeUrl: null };
  if (incidentId === null) return unlinked;
  const incident = { id: incidentId, url: `${publicOrigin}/incidents/${incidentId}` };
  const linked = { ...unlinked, incident };
  if (actionOf(linked) !== 'open' || told.acknowledgedBy !== null) return linked;
  const until = createdAt + acknowledgeForMs;
  const token = await signAcknowledgement({ teamId, incidentId, through, until }, sessionSecret);
  return { ...linked, acknowledgeUrl: `${publicOrigin}/a/${token}` };
};
