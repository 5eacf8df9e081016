import { listOpenDigests, listSent } from '../db/digests.ts';
import { listOpenStories, readChannel, skipDeliveries } from '../db/outbox.ts';
import type { Services } from '../services.ts';
import { deliver } from './deliver.ts';
import { foldDigest } from './foldDigest.ts';
import { planOutbox } from './planOutbox.ts';

/** So many incidents are looked at at a time, and fit into one digest; those that are due first come first. */
const maxStories = 5_000;

/** A Worker has six connections at once; further ones would wait, and the wait would count as the receiver's. */
const atOnce = 6;

/** What planning has to know of the past. */
const sentWithinMs = 120_000;

/**
 * Sends what is due through a channel, each incident's messages in their order, or as a digest where there are many.
 * Answers when to be called again (ms since the epoch); null where nothing is left to be sent.
 */
export const sendDue = async (services: Services, channelId: string, correlationId: string): Promise<number | null> => {
  const { d1, now } = services;
  const channel = await readChannel(d1, channelId);
  // With a channel its deliveries end.
  if (!channel) return null;
  const [digests, open, sent] = await Promise.all([
    listOpenDigests(d1, channelId),
    listOpenStories(d1, channelId, maxStories),
    listSent(d1, channelId, now() - sentWithinMs),
  ]);
  const plan = planOutbox(open, sent, now());
  if (plan.skip.length > 0) await skipDeliveries(d1, plan.skip, now());
  if (plan.digest.length > 0) await foldDigest(services, channel, plan.digest);
  const due = [
    ...digests.filter(({ nextAttemptAt }) => nextAttemptAt <= now()).map(({ number }) => number),
    ...plan.send,
  ];
  for (let i = 0; i < due.length; i += atOnce)
    await Promise.all(due.slice(i, i + atOnce).map((number) => deliver(services, channel, number, correlationId)));
  if (due.length + plan.skip.length + plan.digest.length > 0) return now();
  const times = [plan.againAt, ...digests.map(({ nextAttemptAt }) => nextAttemptAt)].filter((at) => at !== null);
  return times.length > 0 ? Math.min(...times) : null;
};
