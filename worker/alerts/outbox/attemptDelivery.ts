import type { Claimed } from '../../db/deliveries/attempts.ts';
import type { OutboxChannel } from '../../db/deliveries/outbox.ts';
import type { ChannelKind } from '../../domain/delivery/channelKind.ts';
import { advance, giveUp, type RecipientProgress } from '../../domain/delivery/recipientProgress.ts';
import { log } from '../../log.ts';
import type { Services } from '../../services.ts';
import { openSettings } from '../channels/secrets.ts';
import { addLinks } from '../messages/addLinks.ts';
import { confirmedRecipients, noting, type Suppressed, suppressed } from './confirmedRecipients.ts';
import { attemptWithoutAny, turnsOf, withOthers } from './recipientTurns.ts';
import { send } from './send.ts';
import { channelDepsOf } from './sendDeps.ts';
import { defaultTimeoutMs, type SendResult } from './sendResult.ts';
import type { Sent, Unrecorded } from './unrecorded.ts';

/** Without a recorded attempt by then, the sender has failed, and another one retries. */
export const claimMs = 2 * defaultTimeoutMs;

interface Begun {
  /** When it was claimed, ms since the epoch. */
  at: number;
  correlationId: string;
  unrecorded: Unrecorded;
}

/** Tries a claimed delivery once and records the result; where that fails, `unrecorded` keeps it. */
export const attemptDelivery = async <Recorded>(
  services: Services,
  channel: OutboxChannel,
  claimed: Claimed,
  { at, correlationId, unrecorded }: Begun,
  record: (sent: Sent) => Promise<Recorded>,
): Promise<Recorded> => {
  const { id: deliveryId, number } = claimed;
  const kept = await unrecorded.get(number);
  const sent = kept ?? { ...(await attempt(services, channel, claimed)), at };
  const recorded = await record(sent).catch(async (error: unknown) => {
    await unrecorded.put(number, sent);
    throw error;
  });
  if (kept) await unrecorded.delete(number);
  const { state, status, latencyMs } = sent;
  log('delivery', correlationId, { deliveryId, channelId: channel.id, state, status, latencyMs });
  return recorded;
};

const attempt = async (
  services: Services,
  channel: OutboxChannel,
  claimed: Claimed,
): Promise<SendResult | Suppressed> => {
  const { id, shown, sealed } = channel;
  const kind = channel.kind as ChannelKind;
  const stored = await openSettings(id, { shown, sealed }, services.config.encryptionKey).catch(() => null);
  if (!stored) {
    const problem = 'The secrets of the channel cannot be decrypted: ENCRYPTION_KEY has changed. Enter them again.';
    return { state: 'permanent', status: null, problem, answer: '', latencyMs: 0, retryAfterMs: null };
  }
  const { settings, held } = await confirmedRecipients(services, channel, stored);
  if (!settings) return suppressed(held);
  const turns = await turnsOf(services, channel, claimed, settings);
  if (turns.tried.length === 0) return attemptWithoutAny(claimed, turns);
  const message = await addLinks(services, channel.teamId, claimed);
  const tried = { ...settings, ...(turns.isMail && { to: turns.tried }) };
  const deps = await channelDepsOf(services, channel, tried);
  const sent = await send(kind, tried, message, claimed.id, deps);
  return noting(withOthers(sent, turns), held);
};

/** The problem of recipients who were tried for a day. */
export const retriesExhausted = 'Failed after 24 hours of retries.';

/** The state of each recipient after an attempt. Where nothing was sent, the result applies to all pending recipients. */
export const progressAfter = (
  before: readonly RecipientProgress[],
  { state, problem, recipients, at }: Sent,
): RecipientProgress[] => {
  if (recipients) return advance(before, recipients, at);
  return giveUp(before, state === 'suppressed' ? 'suppressed' : 'permanent', problem ?? '');
};
