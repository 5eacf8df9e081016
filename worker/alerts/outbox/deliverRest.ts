import type { Claimed } from '../../db/deliveries/attempts.ts';
import type { OutboxChannel } from '../../db/deliveries/outbox.ts';
import { claimRest, type RestSettlement, recordRest } from '../../db/deliveries/rests.ts';
import { nextAttempt } from '../../domain/delivery/backoff.ts';
import { giveUp, hasState, problemsOf, type RecipientProgress } from '../../domain/delivery/recipientProgress.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import type { Services } from '../../services.ts';
import { attemptDelivery, claimMs, progressAfter, retriesExhausted } from './attemptDelivery.ts';
import { keepsNothing, type Sent } from './unrecorded.ts';

/** Tries a delivery once for the recipients that do not have it; the others are not sent it again. */
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
  const begun = { at, correlationId, unrecorded };
  const { settlement, isDecided } = await attemptDelivery(services, channel, claimed, begun, async (sent) => {
    const settlement = settleRest(claimed, sent, now());
    return { settlement, isDecided: await recordRest(d1, channel.id, claimed, sent, settlement) };
  });
  if (!isDecided) return;
  const { id: deliveryId, incident: incidentId } = claimed;
  await publishLiveEvent(services, channel.teamId, correlationId, {
    type: 'delivery',
    deliveryId,
    incidentId,
    state: 'delivered',
  });
  if (settlement.failure !== null && !channel.isFailing)
    await publishLiveEvent(services, channel.teamId, correlationId, { type: 'channels-changed' });
};

const settleRest = ({ attempts, triedSince, recipients: before }: Claimed, sent: Sent, now: number): RestSettlement => {
  const known = progressAfter(before, sent);
  const next = nextAttempt(attempts, triedSince, now, sent.retryAfterMs, Math.random());
  const isOver = next === 'failed' || !hasState(known, 'transient');
  const recipients = isOver ? giveUp(known, 'permanent', retriesExhausted) : known;
  return { recipients, dueAt: next === 'failed' || isOver ? null : next.at, failure: newFailure(before, recipients) };
};

/** The recipients that were just refused, or failed. */
const newFailure = (before: readonly RecipientProgress[], after: readonly RecipientProgress[]) =>
  problemsOf(
    after.filter(
      ({ state, address }) =>
        state === 'permanent' && before.find((one) => one.address === address)?.state !== 'permanent',
    ),
    true,
  );
