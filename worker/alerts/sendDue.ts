import { listOpenStories, readChannel, skipDeliveries } from '../db/outbox.ts';
import type { Services } from '../services.ts';
import { deliver } from './deliver.ts';
import { planOutbox } from './planOutbox.ts';

/** So many incidents are looked at at a time; those that are due first come first. */
const maxStories = 200;

/** A Worker has six connections at once; further ones would wait, and the wait would count as the receiver's. */
const atOnce = 6;

/**
 * Sends what is due through a channel, each incident's messages in their order. Answers when to be called again (ms since
 * the epoch); null where nothing is left to be sent.
 */
export const sendDue = async (services: Services, channelId: string, correlationId: string): Promise<number | null> => {
  const { d1, now } = services;
  const channel = await readChannel(d1, channelId);
  // With a channel its deliveries end.
  if (!channel) return null;
  const plan = planOutbox(await listOpenStories(d1, channelId, maxStories), now());
  if (plan.skip.length > 0) await skipDeliveries(d1, plan.skip, now());
  for (let i = 0; i < plan.send.length; i += atOnce)
    await Promise.all(
      plan.send.slice(i, i + atOnce).map((number) => deliver(services, channel, number, correlationId)),
    );
  return plan.send.length + plan.skip.length > 0 ? now() : plan.againAt;
};
