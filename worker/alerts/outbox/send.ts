import type { ChannelKind } from '../../domain/delivery/channelKind.ts';
import { maskedSecret } from '../../domain/monitors/monitor.ts';
import type { VendorAnswers } from '../answers/vendorAnswers.ts';
import { subscriptionGone } from '../answers/webPush.ts';
import { type Channel, type Companion, type HttpRequest, NotConfigured } from '../channels/channel.ts';
import { type Settings, secretTexts } from '../channels/secrets.ts';
import { channels } from '../channels/table.ts';
import { attemptOf } from '../mail/attempt.ts';
import { type Mail, mailMissing } from '../mail/mail.ts';
import { resendAnswers, resendRequest } from '../mail/resend.ts';
import { sendMails } from '../mail/send.ts';
import type { AlertMessage } from '../messages/message.ts';
import { accompany } from './accompany.ts';
import { type Mask, maskOf } from './answer.ts';
import { metered } from './metered.ts';
import { sendRequest } from './sendRequest.ts';
import { type Attempt, defaultTimeoutMs, refused, type SendDeps, type SendResult } from './sendResult.ts';

/** The masked values are deleted (db/channels/subscriptions.ts). */
const isMasked = (value: unknown) => String(value).includes(maskedSecret);

/**
 * Sends `message` once to the receiver in `settings`. `key` names the delivery; pass the same one in every attempt. Never throws
 * and never logs: every outcome is a result.
 */
export const send = async (
  kind: ChannelKind,
  settings: Settings,
  message: AlertMessage,
  key: string,
  deps: SendDeps,
): Promise<SendResult> => {
  const startedAt = deps.now();
  const attempted = await attempt(channels[kind], kind, settings, message, key, deps);
  return { ...attempted, latencyMs: deps.now() - startedAt, retryAfterMs: attempted.retryAfterMs ?? null };
};

const attempt = async (
  channel: Channel,
  kind: ChannelKind,
  settings: Settings,
  message: AlertMessage,
  key: string,
  deps: SendDeps,
): Promise<Attempt> => {
  if (kind === 'web-push' && isMasked(settings.endpoint)) return refused(subscriptionGone);
  // Rules and formats may have changed since the settings were stored.
  const parsed = channel.settings(deps.rules).safeParse(settings);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refused(`The stored settings are no longer valid. ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const mask = maskOf([...secretTexts(kind, parsed.data), ...secretsOf(deps.context)]);
  let outgoing: HttpRequest | Mail[];
  let companions: Companion[];
  try {
    outgoing = await channel.request(message, parsed.data, key, { ...deps.context, now: deps.now() });
    companions = channel.also?.(message, parsed.data) ?? [];
  } catch (error) {
    return refused(error instanceof NotConfigured ? error.message : 'These settings do not produce a message.');
  }
  const recipients = kind === 'email' ? (parsed.data as { to: string[] }).to : [];
  return inTime(deps, (signal) =>
    accompany(
      companions,
      () => metered(recipients, deps, () => carry(outgoing, channel.answers ?? null, deps, signal, mask)),
      ({ request, answers }) => carry(request, answers, deps, signal, mask),
    ),
  );
};

/**
 * Sends a mail other than an alert once. Never throws. `key` names it; pass the same one in every attempt. Where the operator
 * has not configured mail, the result is `permanent` and says so.
 */
export const sendLetter = async (letter: Mail, key: string, deps: SendDeps): Promise<Attempt> => {
  const { mail } = deps.context;
  if (!mail) return refused(mailMissing);
  const outgoing = mail.kind === 'resend' ? await resendRequest([letter], key, mail) : [letter];
  const mask = maskOf(secretsOf(deps.context));
  return metered([letter.to], deps, () => inTime(deps, (signal) => carry(outgoing, resendAnswers, deps, signal, mask)));
};

/** One deadline for all requests of an attempt: its claim ends soon after (attemptDelivery.ts). */
const inTime = async (deps: SendDeps, run: (signal: AbortSignal) => Promise<Attempt>): Promise<Attempt> => {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), deps.timeoutMs ?? defaultTimeoutMs);
  try {
    return await run(deadline.signal);
  } finally {
    clearTimeout(timer);
  }
};

const carry = async (
  outgoing: HttpRequest | Mail[],
  answers: VendorAnswers | null,
  deps: SendDeps,
  signal: AbortSignal,
  mask: Mask,
): Promise<Attempt> =>
  Array.isArray(outgoing)
    ? attemptOf(await sendMails(outgoing, deps.context.mail, signal, mask))
    : await sendRequest(outgoing, answers, deps, signal, mask);

const secretsOf = ({ mail, vapid }: SendDeps['context']): string[] => [
  ...(mail?.kind === 'resend' ? [mail.apiKey] : []),
  ...(mail?.kind === 'smtp' ? [mail.password] : []),
  ...(vapid ? [vapid.privateKey] : []),
];
