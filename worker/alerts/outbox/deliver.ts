import { type Claimed, claimDelivery, countUnconfirmed, recordAttempt } from '../../db/deliveries/attempts.ts';
import type { OutboxChannel } from '../../db/deliveries/outbox.ts';
import type { Settlement } from '../../db/deliveries/settlement.ts';
import { nextAttempt } from '../../domain/delivery/backoff.ts';
import { giveUp, hasState, isPartial } from '../../domain/delivery/recipientProgress.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import type { Services } from '../../services.ts';
import { attemptDelivery, claimMs, progressAfter, retriesExhausted } from './attemptDelivery.ts';
import { keepsNothing, type Sent } from './unrecorded.ts';

/** Tries a due delivery once and records the result; `unrecorded` keeps it where that fails. */
export const deliver = async (
  services: Services,
  channel: OutboxChannel,
  number: number,
  correlationId: string,
  unrecorded = keepsNothing,
): Promise<void> => {
  const { d1, now } = services;
  const at = now();
  const claimed = await claimDelivery(d1, number, at, at + claimMs);
  if (!claimed) return;
  const begun = { at, correlationId, unrecorded };
  const { settlement, isDecided } = await attemptDelivery(services, channel, claimed, begun, async (sent) => {
    const settlement = await settle(services, claimed, sent, now());
    return { settlement, isDecided: await recordAttempt(d1, channel, claimed, sent, settlement) };
  });
  if (isDecided) await announce(services, channel, claimed, settlement, correlationId);
};

const settle = async ({ d1 }: Services, claimed: Claimed, sent: Sent, now: number): Promise<Settlement> => {
  const { number, attempts, triedSince, recipients: before } = claimed;
  const { repeatsAtMost } = sent;
  const known = progressAfter(before, sent);
  const goesOn = sent.state === 'transient' || hasState(known, 'transient');
  // A message that people may have seen this often is not sent once more.
  const isSpent = repeatsAtMost !== undefined && (await countUnconfirmed(d1, number, triedSince)) >= repeatsAtMost;
  const next = goesOn && !isSpent ? nextAttempt(attempts, triedSince, now, sent.retryAfterMs, Math.random()) : 'failed';
  const progress = next === 'failed' ? giveUp(known, 'permanent', retriesExhausted) : known;
  const recipients = before.length > 0 || isPartial(progress) ? progress : null;
  const settled = { at: now, nextAttemptAt: now, recipients, restDueAt: null };
  if (sent.state === 'delivered')
    return { ...settled, state: 'delivered', restDueAt: next === 'failed' ? null : next.at };
  if (sent.state === 'suppressed') return { ...settled, state: 'suppressed' };
  return next === 'failed' ? { ...settled, state: 'failed' } : { ...settled, state: 'waiting', nextAttemptAt: next.at };
};

const announce = async (
  services: Services,
  { teamId, isFailing }: OutboxChannel,
  { id, incident }: Claimed,
  { state }: Settlement,
  correlationId: string,
) => {
  await publishLiveEvent(services, teamId, correlationId, {
    type: 'delivery',
    deliveryId: id,
    incidentId: incident,
    state,
  });
  if (state !== 'suppressed' && isFailing !== (state !== 'delivered'))
    await publishLiveEvent(services, teamId, correlationId, { type: 'channels-changed' });
};
