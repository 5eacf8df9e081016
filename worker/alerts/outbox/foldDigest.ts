import {
  countStillOpen,
  createDigest,
  listMembers,
  type Member,
  type NamedMember,
  nameMembers,
  readOpenDigest,
} from '../../db/deliveries/digests.ts';
import type { OutboxChannel } from '../../db/deliveries/outbox.ts';
import { digestLines } from '../../domain/delivery/digest.ts';
import type { SendingPlan } from '../../domain/delivery/sending.ts';
import type { CountedTime } from '../../domain/incidents/lasted.ts';
import { newId } from '../../ids.ts';
import type { Services } from '../../services.ts';
import type { DigestMessage, MonitorMessage } from '../messages/message.ts';

const maxLines = 20;

/** The rest waits for the next digest. */
const maxMembers = 10_000;

/** A mass outage is decided monitor by monitor; deliveries that follow the last digest this soon are part of the same wave. */
const sameWaveMs = 10 * 60_000;

type SummarizedEvent = MonitorMessage['event'];

/** Combines many deliveries into one message. It is stored with them, so that each attempt has the same content. */
export const foldDigest = async (
  { d1, config, now }: Services,
  channel: OutboxChannel,
  { digestId: given, numbers: all }: NonNullable<SendingPlan['digest']>,
): Promise<void> => {
  const at = now();
  const numbers = all.slice(0, maxMembers);
  const members = await listMembers(d1, numbers);
  const [first] = members;
  if (!first) return;
  const digestId = given ?? (await readOpenDigest(d1, channel.id, at - sameWaveMs)) ?? newId('dig');
  const latest = new Map(members.map((member) => [member.dedupKey, member]));
  const contained = members.map(({ dedupKey, event }) => ({ incidentId: dedupKey, event }));
  const lines = digestLines(contained, maxLines);
  const named = await nameMembers(
    d1,
    lines.flatMap(({ incidentId }) => latest.get(incidentId)?.number ?? []),
  );
  const stillOpen = await countStillOpen(d1, { channelId: channel.id, digestId, numbers });
  const id = `${digestId}:${first.number}`;
  const url = `${config.publicOrigin}/monitors?digest=${id}`;
  const message = { ...digestMessage(members, [...latest.values()], named), ...stillOpen, digestId, at, url };
  await createDigest(d1, channel, { id, digestId, message, numbers, at });
};

const digestMessage = (
  members: readonly Member[],
  latest: readonly Member[],
  named: readonly NamedMember[],
): Omit<DigestMessage, 'digestId' | 'stillOpen' | 'stillDown' | 'at' | 'url'> => {
  const counts: DigestMessage['counts'] = {};
  for (const { said } of latest) counts[said as SummarizedEvent] = (counts[said as SummarizedEvent] ?? 0) + 1;
  const alerts = members.length;
  const when = members.every(({ wasHeld }) => wasHeld)
    ? 'during the quiet hours of this channel'
    : 'at about the same time';
  return {
    event: 'digest',
    alerts,
    counts,
    monitors: named.map(({ said, id, name, url, since, durationMs, counted, cause }) => ({
      ...{ id, name, url, event: said as SummarizedEvent, cause },
      ...{ since, durationMs, counted: counted === null ? null : (JSON.parse(counted) as CountedTime) },
    })),
    since: members.reduce((earliest, { since }) => Math.min(earliest, since), Number.POSITIVE_INFINITY),
    why:
      alerts === 1
        ? 'It was part of a digest, and so is its follow-up.'
        : `${alerts.toLocaleString('en')} alerts arrived ${when}, so they are sent as one digest.`,
    teamName: named[0]?.teamName ?? '',
    timeZone: named[0]?.timeZone ?? 'UTC',
  };
};
