import {
  type ChannelNotice,
  type FailingChannel,
  listFailingChannels,
  listNotifiedChannel,
  listWorkingChannels,
  notifyDeleted,
  notifyFailing,
  notifyWorking,
  type WorkingChannel,
} from '../../db/channels/failingChannels.ts';
import type { ChannelKind } from '../../domain/delivery/channelKind.ts';
import { newId } from '../../ids.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import { log } from '../../log.ts';
import type { Services } from '../../services.ts';
import { subscriptionGone } from '../answers/webPush.ts';
import { channels as kinds } from '../channels/table.ts';
import type { ChannelMessage } from '../messages/message.ts';
import { wakeChannels } from './wake.ts';

/** Receivers restart now and then: failures shorter than this are ignored. A failed delivery counts at once. */
const lastingMs = 15 * 60_000;

/**
 * Notifies teams, once a minute, of their channels that keep failing, through another one that works, and later of their
 * recovery. A team without another channel sees it on the dashboard.
 */
export const sweepChannels = async (services: Services): Promise<void> => {
  const { d1, now } = services;
  const at = now();
  const [failing, working] = await Promise.all([listFailingChannels(d1, at - lastingMs, at), listWorkingChannels(d1)]);
  if (failing.length + working.length === 0) return;
  const correlationId = newId('run');
  const notified = failing.flatMap((channel) => failingNotice(services, channel, at));
  const ended = working.flatMap((channel) => workingNotices(services, channel, at));
  if (failing.length > 0) await notifyFailing(d1, failing, notified);
  if (working.length > 0) await notifyWorking(d1, working, ended);
  log('delivery', correlationId, { failingChannels: failing.length, workingChannels: working.length });
  const woken = [...notified, ...ended].map(({ through }) => through);
  if (woken.length > 0) await wakeChannels(services, woken, correlationId);
  const teamIds = new Set([...failing, ...working].map(({ teamId }) => teamId));
  await Promise.all(
    [...teamIds].map((id) => publishLiveEvent(services, id, correlationId, { type: 'channels-changed' })),
  );
};

/** Notifies the recipients of a failure that the channel no longer fails. To be called before it is deleted. */
export const notifyDeletion = async (
  services: Services,
  own: { teamId: string; id: string },
  correlationId: string,
): Promise<void> => {
  const { d1, now } = services;
  const at = now();
  const [channel] = await listNotifiedChannel(d1, own);
  if (!channel || channel.through.length === 0) return;
  const why = 'The channel was deleted, so Pharos sends nothing there.';
  const notices = workingNotices(services, { ...channel, deliveredAt: at }, at);
  await notifyDeleted(
    d1,
    notices.map((notice) => ({ ...notice, message: { ...notice.message, why, isDeleted: true } })),
  );
  await wakeChannels(services, channel.through, correlationId);
};

type Named = Pick<FailingChannel, 'id' | 'name' | 'kind' | 'teamName' | 'timeZone' | 'failingSince'>;

const messageOf = (
  { config }: Services,
  { id, name, kind, teamName, timeZone, failingSince }: Named,
  at: number,
): Pick<ChannelMessage, 'channel' | 'since' | 'at' | 'teamName' | 'timeZone' | 'url'> => ({
  channel: { id, name, kind: kinds[kind as ChannelKind].label },
  since: failingSince,
  at,
  teamName,
  timeZone,
  url: `${config.publicOrigin}/alerts/channels/${id}`,
});

/** For a browser that has ended its subscription, this is the whole reason. */
const whyFailing = ({ failure }: FailingChannel): string =>
  failure === subscriptionGone
    ? failure
    : `${failure ?? 'The messages did not arrive.'} Check the settings of this channel and send a test.`;

const failingNotice = (services: Services, channel: FailingChannel, at: number): ChannelNotice[] => {
  if (channel.through === null) return [];
  const message: Omit<ChannelMessage, 'dedupKey'> = {
    ...messageOf(services, channel, at),
    event: 'channel-failing',
    durationMs: null,
    why: whyFailing(channel),
    ...(channel.isPartial === 1 && { isPartial: true }),
  };
  return [{ about: channel, through: channel.through, message }];
};

const workingNotices = (services: Services, channel: WorkingChannel, at: number): ChannelNotice[] =>
  channel.through.map((through) => {
    const message: Omit<ChannelMessage, 'dedupKey'> = {
      ...messageOf(services, channel, at),
      event: 'channel-working',
      durationMs: Math.max(0, channel.deliveredAt - channel.failingSince),
      why: 'A message was delivered. You can send failed alerts again from the list of deliveries.',
    };
    return { about: channel, through, message };
  });
