import type { ChannelKind } from '../domain/channelKind.ts';
import { maskedSecret } from '../domain/monitor.ts';
import type { RecipientResult } from '../domain/recipientProgress.ts';
import { accompany } from './accompany.ts';
import { type AddressRules, addressProblem, originHeader } from './address.ts';
import { type Mask, maskOf, readAnswer, shownAnswer } from './answer.ts';
import { judgeAnswer } from './answers/judge.ts';
import type { Judgement, VendorAnswers } from './answers/vendorAnswers.ts';
import { subscriptionGone } from './answers/webPush.ts';
import {
  type Channel,
  type ChannelContext,
  type Companion,
  type HttpRequest,
  NotConfigured,
} from './channels/channel.ts';
import { type Settings, secretTexts } from './channels/secrets.ts';
import { channels } from './channels/table.ts';
import { attemptOf } from './mail/attempt.ts';
import { type Mail, mailMissing } from './mail/mail.ts';
import { resendAnswers, resendRequest } from './mail/resend.ts';
import { sendMails } from './mail/send.ts';
import type { AlertMessage } from './message.ts';
import { cut } from './text.ts';

export const defaultTimeoutMs = 10_000;

/** The team may write to no more recipients until then, ms since the epoch. */
export interface Refusal {
  problem: string;
  until: number;
}

export interface SendDeps {
  now: () => number;
  rules: AddressRules;
  context: Omit<ChannelContext, 'now'>;
  timeoutMs?: number;
  /** Takes recipients from what the team may write to today; answers with the reason where it may not. Without it any number is right. */
  mailAllowance?: { take(recipients: number): Promise<Refusal | null>; giveBack(recipients: number): Promise<void> };
  /** Tests only: stands in for the origin of every request, after its address has been checked. */
  baseUrl?: string;
}

/** One attempt. None of its texts holds a secret of the settings or of the configuration. */
export interface SendResult {
  state: Judgement['state'];
  /** Of HTTP, or the code of an SMTP reply; null where no answer came. */
  status: number | null;
  /** For people; null where it was delivered, and to every recipient. */
  problem: string | null;
  /** The first 1 KiB of the answer. */
  answer: string;
  latencyMs: number;
  /** How long the receiver asks to wait, at most an hour; null where it does not. */
  retryAfterMs: number | null;
  /** Of e-mail: what became of it for each recipient that was tried. */
  recipients?: RecipientResult[];
  /** Of an answer after which the message may have arrived: how often it may be sent again. Left out for no limit. */
  repeatsAtMost?: number;
  /** The receiver has ended for good. */
  isGone?: true;
}

/** What one way of sending (HTTP, mail) finds out. */
export type Attempt = Omit<SendResult, 'latencyMs' | 'retryAfterMs'> & {
  retryAfterMs?: number | null;
  /** A limit of the team refused it before it left, until then, ms since the epoch. */
  limitedUntil?: number;
  /** Of several mails in one request: those that were refused (`Judgement.refused`). */
  refusedAt?: NonNullable<Judgement['refused']>;
};

/** What lay behind the mask is deleted (db/subscriptions.ts). */
const isMasked = (value: unknown) => String(value).includes(maskedSecret);

const refused = (problem: string): Attempt => ({ state: 'permanent', status: null, problem, answer: '' });

/**
 * Tries once to bring `message` to the receiver that `settings` name. `key` names the delivery; give the same one in
 * every attempt. Never throws and never logs: whatever happens is a result.
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
    return refused(`The settings are not usable any more. ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const mask = maskOf([...secretTexts(kind, parsed.data), ...secretsOf(deps.context)]);
  let outgoing: HttpRequest | Mail[];
  let companions: Companion[];
  try {
    outgoing = await channel.request(message, parsed.data, key, { ...deps.context, now: deps.now() });
    companions = channel.also?.(message, parsed.data) ?? [];
  } catch (error) {
    return refused(error instanceof NotConfigured ? error.message : 'No message can be made with these settings.');
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
 * Tries once to send a mail that is no alert. Never throws. `key` names it; give the same one in every attempt. Where the
 * operator has configured no way to send mail the result is `permanent` and says so.
 */
export const sendLetter = async (letter: Mail, key: string, deps: SendDeps): Promise<Attempt> => {
  const { mail } = deps.context;
  if (!mail) return refused(mailMissing);
  const outgoing = mail.kind === 'resend' ? await resendRequest([letter], key, mail) : [letter];
  const mask = maskOf(secretsOf(deps.context));
  return metered([letter.to], deps, () => inTime(deps, (signal) => carry(outgoing, resendAnswers, deps, signal, mask)));
};

/**
 * What is tried again must not use up the day, nor what no recipient gets, because of the operator's settings. But where
 * others have it, a refused recipient counts: a team must not have a mail server asked for mailboxes that are gone without end.
 */
const isFree = ({ state }: RecipientResult, attempted: Attempt) =>
  state !== 'delivered' && (state !== 'permanent' || attempted.state !== 'delivered');

/** Sends to so many recipients of e-mail only if the team may write to as many today. */
const metered = async (
  recipients: readonly string[],
  deps: SendDeps,
  bring: () => Promise<Attempt>,
): Promise<Attempt> => {
  if (recipients.length === 0) return bring();
  const refusal = await deps.mailAllowance?.take(recipients.length);
  if (refusal) return { ...refused(refusal.problem), limitedUntil: refusal.until };
  const attempted = forEach(await bring(), recipients);
  const missed = attempted.recipients?.filter((one) => isFree(one, attempted)).length ?? 0;
  if (missed > 0) await deps.mailAllowance?.giveBack(missed);
  return attempted;
};

/** What one request for several recipients says of each. */
const forEach = (attempted: Attempt, to: readonly string[]): Attempt => {
  if (attempted.recipients) return attempted;
  const { state, status, problem, answer, refusedAt = [], retryAfterMs: wait = null } = attempted;
  const recipients = to.map((address, i): RecipientResult => {
    const refusal = refusedAt.find(({ index }) => index === i);
    return refusal
      ? { address, state: 'permanent', status, problem: refusal.problem, answer }
      : { address, state, status, problem, answer };
  });
  return { ...attempted, ...attemptOf(recipients), answer, retryAfterMs: wait };
};

/** One deadline for all that an attempt sends: its claim ends soon after (deliver.ts). */
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

const sendRequest = async (
  request: HttpRequest,
  answers: VendorAnswers | null,
  deps: SendDeps,
  signal: AbortSignal,
  mask: Mask,
): Promise<Attempt> => {
  const { url, method, headers, body } = request;
  const problem = addressProblem(url, deps.rules);
  if (problem) return refused(problem);
  let response: Response;
  try {
    const target = deps.baseUrl ? rebased(url, deps.baseUrl) : url;
    const own = { [originHeader]: deps.context.publicOrigin };
    response = await fetch(target, { method, headers: { ...headers, ...own }, body, signal, redirect: 'manual' });
  } catch {
    const said = signal.aborted ? timedOut(deps) : 'The connection failed, or was closed before an answer.';
    return { state: 'passing', status: null, problem: said, answer: '' };
  }
  const { head, isCut } = await readAnswer(response, signal);
  const { status, headers: answered } = response;
  const answer = shownAnswer(head, isCut, mask);
  if (status >= 300 && status < 400) return { state: 'permanent', status, problem: redirected(response, mask), answer };
  const {
    state,
    problem: said,
    ...judged
  } = judgeAnswer({ status, headers: answered, body: head, isCut }, answers, deps.now());
  return {
    ...{ state, status, problem: judged.quotes ? said && mask(said) : said, answer, retryAfterMs: judged.retryAfterMs },
    ...(judged.repeatsAtMost !== null && { repeatsAtMost: judged.repeatsAtMost }),
    ...(judged.isGone && { isGone: true }),
    refusedAt: judged.refused.map(({ index, problem: why }) => ({ index, problem: mask(why) })),
  };
};

const timedOut = ({ timeoutMs = defaultTimeoutMs }: SendDeps) => `No answer within ${timeoutMs / 1000} seconds.`;

const rebased = (url: string, baseUrl: string) => {
  const { pathname, search } = new URL(url);
  return baseUrl.replace(/\/$/, '') + pathname + search;
};

/** Enough for any host and most paths: a receiver may answer with a hundred kilobytes, which would be stored each time. */
const maxPlace = 300;
const maxSeen = 4096;

/** Keys travel in queries, so only the place is told. */
const redirected = (response: Response, mask: Mask): string => {
  const location = response.headers.get('location') ?? '';
  const to = URL.canParse(location) ? new URL(location) : null;
  const seen = to ? to.origin + to.pathname : '';
  const place = to ? ` to ${cut(mask(seen.slice(0, maxSeen), seen.length > maxSeen), maxPlace)}` : '';
  return `The address redirects${place} (HTTP ${response.status}). Enter the address where it ends.`;
};
