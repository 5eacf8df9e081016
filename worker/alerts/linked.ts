import { signAcknowledgeToken } from '../auth/acknowledgeToken.ts';
import { readGoverning } from '../db/acknowledgeLinks.ts';
import type { Claimed } from '../db/attempts.ts';
import { causeOf } from '../domain/cause.ts';
import { isOfChannel } from '../domain/escalation/events.ts';
import type { Services } from '../services.ts';
import {
  type AlertMessage,
  actionOf,
  type ChannelMessage,
  type DigestMessage,
  type MonitorMessage,
} from './message.ts';

/** As the Monitor object makes it. */
export type UnlinkedMessage = Omit<
  MonitorMessage,
  'story' | 'monitorPage' | 'incident' | 'acknowledgeUrl' | 'answerLine' | 'notified' | 'next'
>;

/** The message of a delivery with its links, the same ones in each attempt. */
export const linkedMessage = async (
  { config, d1 }: Services,
  { number, incident: incidentId, story, event, message, createdAt }: Claimed,
): Promise<AlertMessage> => {
  if (event === 'digest') return message as DigestMessage;
  if (isOfChannel(event)) return message as ChannelMessage;
  // Before lesser problems were told, everything was about an outage.
  const stored = { about: 'down', ...(message as object) } as UnlinkedMessage;
  const told = { ...stored, cause: stored.cause ?? causeOf(stored.regions) };
  const { publicOrigin, sessionSecret } = config;
  const monitorPage = `${publicOrigin}/monitors/${told.monitor.id}`;
  const unlinked: MonitorMessage = { ...told, story, monitorPage, incident: null, acknowledgeUrl: null };
  if (incidentId === null) return unlinked;
  const incident = { id: incidentId, url: `${publicOrigin}/incidents/${incidentId}` };
  const linked = { ...unlinked, incident };
  if (actionOf(linked) !== 'open' || told.acknowledgedBy !== null) return linked;
  const policyId = await readGoverning(d1, incidentId);
  const token = await signAcknowledgeToken({ delivery: number, at: createdAt, policyId }, sessionSecret);
  return { ...linked, acknowledgeUrl: `${publicOrigin}/a/${token}` };
};
