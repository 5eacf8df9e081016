import { signAcknowledgeToken } from '../../auth/acknowledgeToken.ts';
import type { Claimed } from '../../db/deliveries/attempts.ts';
import { readEscalationContext } from '../../db/escalation/escalationContext.ts';
import type { ChannelKind } from '../../domain/delivery/channelKind.ts';
import { isOfChannel } from '../../domain/escalation/events.ts';
import type { UpcomingStep } from '../../domain/escalation/progress.ts';
import { causeOf } from '../../domain/incidents/cause.ts';
import type { Services } from '../../services.ts';
import { channels } from '../channels/table.ts';
import {
  type AlertMessage,
  actionOf,
  type ChannelMessage,
  type DigestMessage,
  type MonitorMessage,
} from './message.ts';
import { kindOf } from './names.ts';

/** The message from the Monitor object. */
export type MessageDraft = Omit<
  MonitorMessage,
  'dedupKey' | 'monitorPage' | 'incident' | 'acknowledgeUrl' | 'answerLine' | 'notified' | 'next'
> & {
  /** Missing as `step` is. */
  upcoming?: UpcomingStep | null;
};

/** The message of a delivery with its links, the same ones in each attempt. */
export const addLinks = async (
  { config, d1 }: Services,
  teamId: string,
  { number, incident: incidentId, dedupKey, event, message, createdAt }: Claimed,
): Promise<AlertMessage> => {
  if (event === 'digest') return message as DigestMessage;
  if (isOfChannel(event)) return message as ChannelMessage;
  // Messages from before advisories existed are all about an outage.
  const { upcoming, ...stored } = { about: 'down', ...(message as object) } as MessageDraft;
  const known = { ...stored, cause: stored.cause ?? causeOf(stored.regions) };
  const { publicOrigin, sessionSecret } = config;
  const monitorPage = `${publicOrigin}/monitors/${known.monitor.id}`;
  const draft: MonitorMessage = { ...known, dedupKey, monitorPage, incident: null, acknowledgeUrl: null };
  if (incidentId === null) return draft;
  const incident = { id: incidentId, url: `${publicOrigin}/incidents/${incidentId}` };
  const withIncident = { ...draft, incident };
  if (actionOf(withIncident) !== 'open' || known.acknowledgedBy !== null) return withIncident;
  const asked = { teamId, incidentId, at: createdAt, upcoming: upcoming ?? null };
  const { policyId, answer, notified, next } = await readEscalationContext(d1, asked);
  const token = await signAcknowledgeToken({ delivery: number, at: createdAt, policyId }, sessionSecret);
  return {
    ...withIncident,
    acknowledgeUrl: `${publicOrigin}/a/${token}`,
    answerLine: answer === null ? null : kindOf(known.monitor).evidenceLine(answer),
    notified: notified.map((one) => ({ ...one, kind: labelOf(one.kind) })),
    // An earlier version did not store the next step.
    ...(upcoming === undefined ? {} : { next }),
  };
};

const labelOf = (kind: string) => channels[kind as ChannelKind]?.label ?? '';
