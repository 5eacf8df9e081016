import { dissolveDigests } from '../../db/channels/deletedChannels.ts';
import { listDigests, listSent, type OpenDigest } from '../../db/deliveries/digests.ts';
import {
  listOpenDeliveries,
  type OpenDelivery,
  type OutboxChannel,
  readChannel,
  skipDeliveries,
} from '../../db/deliveries/outbox.ts';
import { endRests, holdRests, listRests } from '../../db/deliveries/rests.ts';
import { keepsIncidents } from '../../domain/delivery/channelKind.ts';
import { heldUntil } from '../../domain/delivery/quietHours.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import type { Services } from '../../services.ts';
import { deliver } from './deliver.ts';
import { deliverRest } from './deliverRest.ts';
import { foldDigest } from './foldDigest.ts';
import { isOpen, planOutbox } from './planOutbox.ts';
import { keepQuiet } from './quiet.ts';
import { keepsNothing, type Unrecorded } from './unrecorded.ts';

/** Number of incidents per pass, which fit into one digest; those that are due first come first. */
const maxDedupKeys = 5_000;

/** A Worker has six simultaneous connections; further ones would wait, and the wait would count as the receiver's. */
const atOnce = 6;

/** The past deliveries that planning needs. */
const sentWithinMs = 120_000;
const digestsWithinMs = 3_600_000;

/**
 * Sends the due deliveries of a channel, each incident's messages in their order, or as a digest where there are many. Returns
 * when to be called again (ms since the epoch); null where nothing is left to send.
 */
export const sendDue = async (
  services: Services,
  channelId: string,
  correlationId: string,
  unrecorded = keepsNothing,
): Promise<number | null> => {
  const { d1, now } = services;
  const channel = await readChannel(d1, channelId);
  // The deliveries of a deleted channel end.
  if (!channel) {
    await endRests(d1, channelId);
    return null;
  }
  if (channel.isDeleted) await dissolveDigests(d1, channelId, now());
  const [listedDigests, listed, sent] = await Promise.all([
    listDigests(d1, channelId, now() - digestsWithinMs),
    listOpenDeliveries(d1, channelId, maxDedupKeys),
    listSent(d1, channelId, now() - sentWithinMs),
  ]);
  const untils = await keepQuiet(services, channel, [...listedDigests, ...listed].flatMap(openOf), correlationId);
  const held = ({ number }: { number: number }) => untils.get(number);
  const digests = listedDigests.map((one) => ({ ...one, dueAt: held(one) ?? one.dueAt }));
  const open = listed.map((one) => {
    const until = held(one);
    return until === undefined ? one : { ...one, heldUntil: until, nextAttemptAt: until };
  });
  const receiver = { keepsIncidents: keepsIncidents(channel.kind, channel.shown), onlyEnds: channel.isDeleted };
  const { suppress, send, digest, retry, againAt } = planOutbox(open, { sent, digests }, now(), receiver);
  if (suppress.length > 0) await leaveOut(services, channel, suppress, correlationId);
  if (digest) await foldDigest(services, channel, digest);
  const due = retry === null ? send : [retry, ...send];
  for (let i = 0; i < due.length; i += atOnce)
    await Promise.all(
      due.slice(i, i + atOnce).map((number) => deliver(services, channel, number, correlationId, unrecorded)),
    );
  const restAt = channel.kind === 'email' ? await sendRests(services, channel, correlationId, unrecorded) : null;
  if (digest || due.length + suppress.length > 0) return now();
  return againAt === null || restAt === null ? (againAt ?? restAt) : Math.min(againAt, restAt);
};

/** Sends partial deliveries to the remaining recipients. Returns when to run again (ms since the epoch); null for never. */
const sendRests = async (
  services: Services,
  channel: OutboxChannel,
  correlationId: string,
  unrecorded: Unrecorded,
): Promise<number | null> => {
  const { d1, now } = services;
  const at = now();
  const rests = await listRests(d1, channel.id);
  const quietUntil = (isCritical: boolean) => heldUntil(channel.quietHours, at, isCritical);
  const held = rests.filter(({ dueAt, critical }) => dueAt <= at && quietUntil(critical === 1) !== null);
  const until = quietUntil(false);
  if (until !== null && held.length > 0)
    await holdRests(
      d1,
      held.map(({ number }) => number),
      until,
    );
  const open = rests.filter((one) => !held.includes(one));
  // One message per problem at a time: recipients of the first may get the next, although others are still pending.
  const ready = open.filter(({ dueAt }) => dueAt <= at);
  const due = ready.filter(({ dedupKey }, i) => ready.findIndex((one) => one.dedupKey === dedupKey) === i);
  // No more at a time: a new alert must not wait for all of them.
  await Promise.all(
    due.slice(0, atOnce).map(({ number }) => deliverRest(services, channel, number, correlationId, unrecorded)),
  );
  if (due.length > 0) return now();
  const times = [...open.map(({ dueAt }) => dueAt), ...(held.length > 0 && until !== null ? [until] : [])];
  return times.length > 0 ? Math.min(...times) : null;
};

/** One event is enough to make dashboards refetch all of them. */
const leaveOut = async (
  services: Services,
  { teamId }: OutboxChannel,
  numbers: readonly number[],
  correlationId: string,
): Promise<void> => {
  const deliveryId = await skipDeliveries(services.d1, numbers, services.now());
  if (deliveryId !== null)
    await publishLiveEvent(services, teamId, correlationId, {
      type: 'delivery',
      deliveryId,
      incidentId: null,
      state: 'suppressed',
    });
};

/** The deferrable deliveries: neither settled nor in a digest, which is deferred in their place. */
const openOf = (one: OpenDigest | OpenDelivery) => {
  const dueAt = 'dueAt' in one ? one.dueAt : isOpen(one) && one.digestId === null ? one.nextAttemptAt : null;
  return dueAt === null ? [] : [{ ...one, dueAt }];
};
