import { createDigest, listMembers, type Member, readOpenStory } from '../db/digests.ts';
import type { OutboxChannel } from '../db/outbox.ts';
import { digestOf } from '../domain/digest.ts';
import { newId } from '../ids.ts';
import type { Services } from '../services.ts';
import type { DigestMessage, MonitorMessage } from './message.ts';

const maxLines = 20;

/** Makes one message of many deliveries. It is kept with them, so that each attempt says the same. */
export const foldDigest = async (
  { d1, config, now }: Services,
  channel: OutboxChannel,
  numbers: readonly number[],
): Promise<void> => {
  const members = await listMembers(d1, numbers);
  const [first] = members;
  if (!first) return;
  const open = await readOpenStory(d1, channel.id);
  const digestId = open?.digestId ?? newId('dig');
  const at = now();
  const message = digestMessage(members, { digestId, stillDown: open?.stillDown ?? 0, at, url: config.publicOrigin });
  await createDigest(d1, channel, { id: `${digestId}:${first.number}`, digestId, message, numbers, at });
};

/** `stillDown` are those that earlier digests told as down. */
const digestMessage = (
  members: readonly Member[],
  { digestId, stillDown, at, url }: { digestId: string; stillDown: number; at: number; url: string },
): DigestMessage => {
  const [{ teamName, timeZone }] = members as [Member];
  const told = members.map(({ story, name, event }) => ({ incidentId: story, name, event }));
  const { lines } = digestOf(told, maxLines);
  const latest = new Map(members.map((member) => [member.story, member]));
  const counts: DigestMessage['counts'] = {};
  for (const { said } of latest.values()) {
    const event = said as MonitorMessage['event'];
    counts[event] = (counts[event] ?? 0) + 1;
  }
  const down = [...latest.values()].filter(({ event }) => event === 'down' || event === 'flapping').length;
  return {
    event: 'digest',
    digestId,
    counts,
    stillDown: stillDown + down,
    monitors: lines.flatMap(({ incidentId }) => {
      const member = latest.get(incidentId);
      return member
        ? [{ id: member.id, name: member.name, url: member.url, event: member.said as MonitorMessage['event'] }]
        : [];
    }),
    url,
    since: Math.min(...members.map(({ since }) => since)),
    at,
    why: `${members.length.toLocaleString('en')} alerts came at about the same time, so they are told as one.`,
    teamName,
    timeZone,
  };
};
