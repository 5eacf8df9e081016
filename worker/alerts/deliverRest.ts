import { tellFeed } from '../checks/tellFeed.ts';
import type { Claimed } from '../db/attempts.ts';
import type { OutboxChannel } from '../db/outbox.ts';
import { claimRest, type RestSettlement, recordRest } from '../db/rests.ts';
import { nextAttempt } from '../domain/backoff.ts';
import { giveUp, hasState, problemsOf, type RecipientProgress } from '../domain/recipientProgress.ts';
import { log } from '../log.ts';
import type { Services } from '../services.ts';
import type { Suppressed } from './confirmedRecipients.ts';
import { attempt, claimMs, givenUp, progressAfter } from './deliver.ts';
import type { SendResult } from './send.ts';
import { keepsNothing } from './unrecorded.ts';

/** Tries once to bring a delivery to the recipients that do not have it; who has it is sent nothing. */
export const deliverRest = async (
  services: Services,
  channel: OutboxChannel,
  number: number,
  correlationId: string,
  unrecorded = keepsNothing,
): Promise<void> => {
  const { d1, now } = services;
  const at = now();
  const claimed = await claimRest(d1, number, at, at + claimMs);
  if (!claimed) return;
  const kept = await unrecorded.get(number);
  const result = kept ?? { ...(await attempt(services, channel, claimed)), at };
  const settlement = settleRest(claimed, result, now());
  const recorded = recordRest(d1, channel.id, claimed, result, settlement);
  const isDecided = await recorded.catch(async (error: unknown) => {
    await unrecorded.put(number, result);
    throw error;
  });
  if (kept) await unrecorded.delete(number);
  const { state, status, latencyMs } = result;
  log('delivery', correlationId, { deliveryId: claimed.id, channelId: channel.id, state, status, latencyMs });
  if (!isDecided) return;
  const { id: deliveryId, incident: incidentId } = claimed;
  await tellFeed(services, channel.teamId, correlationId, {
    type: 'delivery',
    deliveryId,
    incidentId,
    state: 'delivered',
  });
  if (settlement.failure !== null && !channel.isFailing)
    await tellFeed(services, channel.teamId, correlationId, { type: 'channels-changed' });
};

const settleRest = (
  { attempts, triedSince, recipients: before }: Claimed,
  result: (SendResult | Suppressed) & { at: number },
  now: number,
): RestSettlement => {
  const known = progressAfter(before, result);
  const next = nextAttempt(attempts, triedSince, now, result.retryAfterMs, Math.random());
  const isOver = next === 'dead' || !hasState(known, 'passing');
  const recipients = isOver ? giveUp(known, 'permanent', givenUp) : known;
  return { recipients, dueAt: next === 'dead' || isOver ? null : next.at, failure: newFailure(before, recipients) };
};

/** Of those that were refused, or given up, just now. */
const newFailure = (before: readonly RecipientProgress[], after: readonly RecipientProgress[]) =>
  problemsOf(
    after.filter(
      ({ state, address }) =>
        state === 'permanent' && before.find((one) => one.address === address)?.state !== 'permanent',
    ),
    true,
  );
