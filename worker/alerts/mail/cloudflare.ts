import type { RecipientResult } from '../../domain/delivery/recipientProgress.ts';
import { type Mask, shownAnswer } from '../outbox/answer.ts';
import { mailboxOf } from './identity.ts';
import type { Mail, MailTransport } from './mail.ts';

type Explained = Pick<RecipientResult, 'state' | 'problem'>;

const transient = (problem: string): Explained => ({ state: 'transient', problem });
const permanent = (problem: string): Explained => ({ state: 'permanent', problem });

const notOnboarded =
  'The domain of MAIL_FROM is not set up for sending at Cloudflare. The operator has to onboard it under Email Sending, or change MAIL_FROM';

/** https://developers.cloudflare.com/email-service/api/send-emails/workers-api/#error-codes */
const codes: Record<string, Explained> = {
  E_RATE_LIMIT_EXCEEDED: transient('Cloudflare accepts no more mail for now: its rate limit is reached'),
  E_DAILY_LIMIT_EXCEEDED: transient(
    'The daily limit of the Cloudflare account is reached. The operator can ask Cloudflare for a higher one',
  ),
  E_DELIVERY_FAILED: transient('The recipient’s mail server did not accept the mail from Cloudflare'),
  E_INTERNAL_SERVER_ERROR: transient('Cloudflare reports an internal error'),
  E_SENDER_NOT_VERIFIED: permanent(notOnboarded),
  E_SENDER_DOMAIN_NOT_AVAILABLE: permanent(notOnboarded),
  E_RECIPIENT_NOT_ALLOWED: permanent(
    'Cloudflare may not send to this address: the binding EMAIL or the plan allows other recipients only. The operator has to verify the address, or lift the restriction',
  ),
  E_RECIPIENT_SUPPRESSED: permanent(
    'Cloudflare suppresses this address because mail to it bounced or was reported as spam. The operator can remove it from the suppression list',
  ),
  E_CONTENT_TOO_LARGE: permanent('The mail is too large for Cloudflare'),
};

/** https://developers.cloudflare.com/email-service/reference/headers/#error-codes */
const explain = (code: string | undefined): Explained => {
  const known = code ? codes[code] : undefined;
  const sentence = known?.problem ?? 'Cloudflare did not accept the mail';
  const state = known?.state ?? (code?.startsWith('E_') ? 'permanent' : 'transient');
  return { state, problem: `${sentence}${code ? ` (${code.slice(0, 60)})` : ''}.` };
};

/** One mail per recipient: a send with several is accepted or refused as a whole. */
export const sendByBinding = (
  mails: readonly Mail[],
  transport: Extract<MailTransport, { kind: 'cloudflare' }>,
  signal: AbortSignal,
  mask: Mask,
): Promise<RecipientResult[]> => Promise.all(mails.map((mail) => sendOne(mail, transport, signal, mask)));

const sendOne = async (
  { to, subject, text, html, headers }: Mail,
  { binding, from, replyTo }: Extract<MailTransport, { kind: 'cloudflare' }>,
  signal: AbortSignal,
  mask: Mask,
): Promise<RecipientResult> => {
  const aborted = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('timeout'))),
  );
  try {
    const message = {
      from: named(from),
      to,
      subject,
      text,
      html,
      headers,
      ...(replyTo && { replyTo: named(replyTo) }),
    };
    const sent = await Promise.race([binding.send(message), aborted]);
    const answer = shownAnswer(sent.messageId, false, mask);
    return { address: to, state: 'delivered', status: null, problem: null, answer };
  } catch (error) {
    if (signal.aborted)
      return {
        ...{ address: to, state: 'transient', status: null },
        ...{ problem: 'No answer from Cloudflare in time.', answer: '' },
      };
    const { code, message } = error as { code?: string; message?: string };
    return { address: to, status: null, ...explain(code), answer: shownAnswer(message ?? String(error), false, mask) };
  }
};

const named = (text: string) => {
  const { name, email } = mailboxOf(text);
  return { email, name: name || 'Pharos' };
};
