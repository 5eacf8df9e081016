import { newConfirmToken } from '../../auth/confirmToken.ts';
import {
  type Asked,
  type AskScope,
  claimAsks,
  hasMailboxRefused,
  insertToken,
  purgeAsks,
  recordAsk,
  returnMailboxAsk,
  takeMailboxAsk,
} from '../../db/channels/confirmationMails.ts';
import type { RecipientRow } from '../../db/channels/recipients.ts';
import { confirmForMs, maxAskAttempts } from '../../domain/delivery/recipient.ts';
import { limitPeriod } from '../../domain/teams/limits.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import { log } from '../../log.ts';
import type { Services } from '../../services.ts';
import { confirmationMail } from '../mail/confirmation.ts';
import { mailDomain } from '../mail/identity.ts';
import { mailMissing } from '../mail/mail.ts';
import { sendLetter } from './send.ts';
import { sendDepsOf } from './sendDeps.ts';
import { type Attempt, defaultTimeoutMs } from './sendResult.ts';

/** Without a recorded result by then, the attempt has failed, and the cron retries. */
const claimMs = 3 * defaultTimeoutMs;

/** Delays after failed attempts, minutes. Greylisting lets a mail through after some minutes. */
const retryAfterMinutes = [1, 5, 30, 120];

/** Interval of retries until the operator has configured mail, ms. */
const lookAgainMs = 3_600_000;

/** A Worker has at most six simultaneous connections. */
const atOnce = 6;

/**
 * Sends the confirmation mails that are due, of all teams or of those that `scope` names. Each is claimed first, so two
 * simultaneous runs send it once; the cron retries failures.
 */
export const askRecipients = async (services: Services, scope: AskScope, correlationId: string): Promise<void> => {
  const now = services.now();
  const claimed = await claimAsks(services.d1, scope, now, now + claimMs);
  for (let i = 0; i < claimed.length; i += atOnce)
    await Promise.all(claimed.slice(i, i + atOnce).map((one) => ask(services, one, correlationId)));
  for (const teamId of new Set(claimed.map((one) => one.teamId)))
    await publishLiveEvent(services, teamId, correlationId, { type: 'channels-changed' });
};

/** Once a minute. */
export const sweepRecipients = async (services: Services, correlationId: string): Promise<void> => {
  await purgeAsks(services.d1, services.now());
  await askRecipients(services, {}, correlationId);
};

const ask = async (services: Services, to: RecipientRow, correlationId: string): Promise<void> => {
  const asked = await tryToAsk(services, to);
  await recordAsk(services.d1, to, asked);
  log('delivery', correlationId, { teamId: to.teamId, confirmation: asked.askedAt === null ? 'failed' : 'sent' });
};

const tryToAsk = async (services: Services, to: RecipientRow): Promise<Asked> => {
  const { config, d1, now } = services;
  const failed = (problem: string, askDueAt: number | null): Asked => ({ askDueAt, askedAt: null, problem });
  if (!config.mail) return failed(mailMissing, now() + lookAgainMs);
  if (await hasMailboxRefused(d1, to))
    return failed('The owner of this mailbox declined your alerts under another spelling of the address.', null);
  if (!(await takeMailboxAsk(d1, to.address, now())))
    return failed('This mailbox has reached its daily limit of confirmation mails.', onceFree(to, nextDay(now())));
  const { token, hash } = await newConfirmToken();
  await insertToken(d1, hash, to, now());
  const letter = confirmationMail({
    to: to.address,
    key: `confirm-${hash}`,
    url: `${config.publicOrigin}/confirm/${token}`,
    publicOrigin: config.publicOrigin,
    domain: mailDomain(config.publicOrigin, config.mail.from),
    until: now() + confirmForMs,
  });
  const attempt = await sendLetter(letter, `confirm-${hash}`, sendDepsOf(services, to.teamId));
  if (attempt.state === 'delivered') return { askDueAt: null, askedAt: now(), problem: null };
  // It was never sent, so it does not count against the mailbox's limit either.
  if (wasRefused(attempt) || attempt.limitedUntil) await returnMailboxAsk(d1, to.address, now());
  if (attempt.limitedUntil) return failed(attempt.problem ?? '', onceFree(to, attempt.limitedUntil));
  const wait = attempt.state === 'transient' ? retryAfterMinutes[to.askAttempts - 1] : undefined;
  return failed(attempt.problem ?? 'The mail was not sent.', wait === undefined ? null : now() + wait * 60_000);
};

const nextDay = (now: number) => limitPeriod(86_400_000, now).to;

/** When a mail that a limit delays is sent; never automatically after too many delays. */
const onceFree = ({ askAttempts }: RecipientRow, until: number) => (askAttempts < maxAskAttempts ? until : null);

/** The server refused it; without a refusal, the mail may have arrived. */
const wasRefused = ({ status }: Attempt) => status !== null && status >= 400;
