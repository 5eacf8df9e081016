import { tellFeed } from '../checks/tellFeed.ts';
import { type Claimed, claimDelivery, countUnconfirmed, recordAttempt, type Settlement } from '../db/attempts.ts';
import type { OutboxChannel } from '../db/outbox.ts';
import { nextAttempt } from '../domain/backoff.ts';
import type { ChannelKind } from '../domain/channelKind.ts';
import { advance, giveUp, hasState, isPartial, type RecipientProgress } from '../domain/recipientProgress.ts';
import { log } from '../log.ts';
import type { Services } from '../services.ts';
import { openSettings } from './channels/secrets.ts';
import { confirmedRecipients, noting, type Suppressed, suppressed } from './confirmedRecipients.ts';
import { linkedMessage } from './linked.ts';
import { attemptWithoutAny, turnsOf, withOthers } from './recipientTurns.ts';
import { defaultTimeoutMs, type SendResult, send } from './send.ts';
import { channelDepsOf } from './sendDeps.ts';
import { keepsNothing } from './unrecorded.ts';

/** Who has not recorded an attempt by then has failed, and somebody else tries. */
export const claimMs = 2 * defaultTimeoutMs;

/** Tries a delivery once, if it is due, and records what became of it; `unrecorded` keeps it where that fails. */
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
  const kept = await unrecorded.get(number);
  const result = kept ?? { ...(await attempt(services, channel, claimed)), at };
  const { state, status, latencyMs } = result;
  const record = async () => {
    const settlement = await settle(services, claimed, result, now());
    return { settlement, isDecided: await recordAttempt(d1, channel, claimed, result, settlement) };
  };
  const { settlement, isDecided } = await record().catch(async (error: unknown) => {
    await unrecorded.put(number, result);
    throw error;
  });
  if (kept) await unrecorded.delete(number);
  log('delivery', correlationId, { deliveryId: claimed.id, channelId: channel.id, state, status, latencyMs });
  if (isDecided) await announce(services, channel, claimed, settlement, correlationId);
};

export const attempt = async (
  services: Services,
  channel: OutboxChannel,
  claimed: Claimed,
): Promise<SendResult | Suppressed> => {
  const { id, shown, sealed } = channel;
  const kind = channel.kind as ChannelKind;
  const stored = await openSettings(id, { shown, sealed }, services.config.encryptionKey).catch(() => null);
  if (!stored) {
    const problem = 'The secrets of the channel cannot be read: ENCRYPTION_KEY is another one. Enter them again.';
    return { state: 'permanent', status: null, problem, answer: '', latencyMs: 0, retryAfterMs: null };
  }
  const { settings, held } = await confirmedRecipients(services, channel, stored);
  if (!settings) return suppressed(held);
  const turns = await turnsOf(services, channel, claimed, settings);
  if (turns.tried.length === 0) return attemptWithoutAny(claimed, turns);
  const message = await linkedMessage(services, channel.teamId, claimed);
  const tried = { ...settings, ...(turns.isMail && { to: turns.tried }) };
  const deps = await channelDepsOf(services, channel, tried);
  const sent = await send(kind, tried, message, claimed.id, deps);
  return noting(withOthers(sent, turns), held);
};

/** What is said of recipients who were tried for a day. */
export const givenUp = 'Given up after 24 hours.';

/** What is known of each recipient after an attempt. Where it was not even tried, that holds for all who were pending. */
export const progressAfter = (
  before: readonly RecipientProgress[],
  { state, problem, recipients, at }: (SendResult | Suppressed) & { at: number },
): RecipientProgress[] => {
  if (recipients) return advance(before, recipients, at);
  return giveUp(before, state === 'suppressed' ? 'left-out' : 'permanent', problem ?? '');
};

const settle = async (
  { d1 }: Services,
  claimed: Claimed,
  result: (SendResult | Suppressed) & { at: number },
  now: number,
): Promise<Settlement> => {
  const { number, attempts, triedSince, recipients: before } = claimed;
  const { repeatsAtMost } = result;
  const known = progressAfter(before, result);
  const goesOn = result.state === 'passing' || hasState(known, 'passing');
  // What people may have seen so often already is not sent once more.
  const isSpent = repeatsAtMost !== undefined && (await countUnconfirmed(d1, number, triedSince)) >= repeatsAtMost;
  const next = goesOn && !isSpent ? nextAttempt(attempts, triedSince, now, result.retryAfterMs, Math.random()) : 'dead';
  const progress = next === 'dead' ? giveUp(known, 'permanent', givenUp) : known;
  const recipients = before.length > 0 || isPartial(progress) ? progress : null;
  const settled = { at: now, nextAttemptAt: now, recipients, restDueAt: null };
  if (result.state === 'delivered')
    return { ...settled, state: 'delivered', restDueAt: next === 'dead' ? null : next.at };
  if (result.state === 'suppressed') return { ...settled, state: 'skipped' };
  return next === 'dead' ? { ...settled, state: 'dead' } : { ...settled, state: 'waiting', nextAttemptAt: next.at };
};

const announce = async (
  services: Services,
  { teamId, isFailing }: OutboxChannel,
  { id, incident }: Claimed,
  { state }: Settlement,
  correlationId: string,
) => {
  await tellFeed(services, teamId, correlationId, { type: 'delivery', deliveryId: id, incidentId: incident, state });
  if (state !== 'skipped' && isFailing !== (state !== 'delivered'))
    await tellFeed(services, teamId, correlationId, { type: 'channels-changed' });
};
