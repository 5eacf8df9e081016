import { base64url } from 'jose';
import { sha256 } from '../../sha256.ts';
import { type Answer, isRefused, jsonOf, type OwnJudgement, type VendorAnswers } from '../answers/vendorAnswers.ts';
import { type HttpRequest, postJson } from '../channels/channel.ts';
import { cut, oneLine } from '../messages/text.ts';
import type { Mail, MailTransport } from './mail.ts';

const origin = 'https://api.resend.com';

/**
 * One request for all recipients, with a mail for each, so that no limit of requests per second is reached. A refused mail does
 * not block the others (`permissive`). https://resend.com/docs/api-reference/emails/send-email,
 * https://resend.com/docs/api-reference/emails/send-batch-emails
 */
export const resendRequest = async (
  mails: readonly Mail[],
  key: string,
  { from, replyTo, apiKey }: Extract<MailTransport, { kind: 'resend' }>,
): Promise<HttpRequest> => {
  const bodies = mails.map(({ to, subject, text, html, headers }) => ({
    ...{ from, to: [to], subject, text, html, headers },
    ...(replyTo && { reply_to: replyTo }),
  }));
  const isBatch = bodies.length > 1;
  return postJson(origin + (isBatch ? '/emails/batch' : '/emails'), isBatch ? bodies : bodies[0], {
    authorization: `Bearer ${apiKey}`,
    'idempotency-key': await idempotencyKey(mails, key),
    ...(isBatch && { 'x-batch-validation': 'permissive' }),
  });
};

/**
 * At most 256 characters, and different for different recipients: Resend refuses a key that comes again with another payload.
 * https://resend.com/docs/dashboard/emails/idempotency-keys
 */
const idempotencyKey = async (mails: readonly Mail[], key: string): Promise<string> => {
  const recipients = mails.map(({ to }) => to.toLowerCase()).toSorted();
  const digest = await sha256(recipients.join(' '));
  return `${key.slice(0, 200)}:${base64url.encode(digest.subarray(0, 12))}`;
};

const refusals = (body: Record<string, unknown> | null): NonNullable<OwnJudgement['refused']> =>
  Array.isArray(body?.errors)
    ? body.errors.flatMap((one: { index?: unknown; message?: unknown } | null) =>
        typeof one?.index === 'number'
          ? [{ index: one.index, problem: `Resend rejected this recipient: ${quoted(one.message)}` }]
          : [],
      )
    : [];

const quoted = (message: unknown) => {
  const text = cut(oneLine(typeof message === 'string' ? message : ''), 300);
  return text === '' ? 'no reason was given.' : text.replace(/[^.!?]$/, '$&.');
};

const transient = (problem: string): OwnJudgement => ({ state: 'transient', problem });
const permanent = (problem: string): OwnJudgement => ({ state: 'permanent', problem });

/** Names of Resend's errors. https://resend.com/docs/api-reference/errors */
const byName: Record<string, (status: number) => OwnJudgement> = {
  concurrent_idempotent_requests: (status) =>
    transient(`Resend is still processing an earlier attempt (HTTP ${status}).`),
  invalid_idempotent_request: (status) =>
    permanent(
      `Resend received this message before, with other settings, and does not send it again (HTTP ${status}). Check under Emails in Resend whether it arrived.`,
    ),
  missing_api_key: apiKeyRefused,
  invalid_api_key: apiKeyRefused,
  invalid_api_Key: apiKeyRefused,
  restricted_api_key: apiKeyRefused,
  suspended_api_key: apiKeyRefused,
  invalid_from_address: (status) =>
    permanent(`Resend cannot read the sender (HTTP ${status}). The operator has to correct MAIL_FROM.`),
  rate_limit_exceeded: (status) => transient(`Resend accepts no more requests for now (HTTP ${status}).`),
  daily_quota_exceeded: (status) =>
    transient(`The daily quota of the Resend account is used up (HTTP ${status}). The operator can raise it.`),
  monthly_quota_exceeded: (status) =>
    transient(`The monthly quota of the Resend account is used up (HTTP ${status}). The operator has to raise it.`),
};

function apiKeyRefused(status: number): OwnJudgement {
  return permanent(`Resend rejected the API key (HTTP ${status}). The operator has to check RESEND_API_KEY.`);
}

/** Some errors differ only in their message. */
const byMessage = (message: string, status: number): OwnJudgement | null => {
  const [, domain] = /\bThe ([\w.-]+) domain is not verified/i.exec(message) ?? [];
  if (domain)
    return permanent(
      `The domain ${domain} is not verified at Resend (HTTP ${status}). The operator has to verify it under Domains, or change MAIL_FROM.`,
    );
  if (/only send testing emails/i.test(message))
    return permanent(
      `Until a domain is verified, Resend sends only to the account’s owner (HTTP ${status}). The operator has to verify a domain under Domains and use it in MAIL_FROM.`,
    );
  return /api key is invalid/i.test(message) ? apiKeyRefused(status) : null;
};

/** The meaning of a response of Resend; null where its status is enough. */
const judgeResend = (answer: Answer): OwnJudgement | null => {
  const { status } = answer;
  const body = jsonOf(answer);
  if (status >= 200 && status < 300) return judgeSuccess(body);
  const name = typeof body?.name === 'string' ? body.name : '';
  const message = typeof body?.message === 'string' ? body.message : '';
  const known = Object.hasOwn(byName, name) ? byName[name]?.(status) : null;
  if (known) return known;
  const explained = byMessage(message, status);
  if (explained) return explained;
  if (status === 409) return transient(`Resend reports a conflict with another request (HTTP ${status}).`);
  return isRefused(status) && message !== ''
    ? permanent(`Resend rejected the mail (HTTP ${status}): ${quoted(message)}`)
    : null;
};

/** The id of one mail; for a batch, an id for each accepted mail. */
const judgeSuccess = (body: Record<string, unknown> | null): OwnJudgement | null =>
  typeof body?.id === 'string' || Array.isArray(body?.data)
    ? { state: 'delivered', problem: null, refused: refusals(body) }
    : null;

/** With the same key Resend answers again without sending again. */
export const resendAnswers: VendorAnswers = {
  vendor: 'Resend',
  isDelivered: () => false,
  judge: judgeResend,
  repeats: 'unseen',
  refusals: [],
};
