import { type Mask, shownAnswer } from '../answer.ts';
import type { Attempt } from '../send.ts';
import type { Mail, MailTransport } from './mail.ts';

/** Sends by the ways that are not HTTP. Never throws. */
export const sendMail = async (
  mail: Mail,
  transport: MailTransport | null,
  signal: AbortSignal,
  mask: Mask,
): Promise<Attempt> => {
  if (transport?.kind === 'cloudflare') return sendByBinding(mail, transport, signal, mask);
  if (transport?.kind === 'smtp') {
    // nodemailer is larger than all the rest: only who uses it waits for it.
    const { sendBySmtp } = await import('./smtp.ts');
    return sendBySmtp(mail, transport, signal, mask);
  }
  return { state: 'permanent', status: null, problem: 'Pharos has no way to send mail.', answer: '' };
};

/** What passes by itself; any other code says that this mail will not go. */
const passingCodes = [
  'E_RATE_LIMIT_EXCEEDED',
  'E_DAILY_LIMIT_EXCEEDED',
  'E_DELIVERY_FAILED',
  'E_INTERNAL_SERVER_ERROR',
];

/** https://developers.cloudflare.com/email-service/api/send-emails/workers-api/ */
const sendByBinding = async (
  { to, subject, text, html, headers }: Mail,
  { binding, from }: Extract<MailTransport, { kind: 'cloudflare' }>,
  signal: AbortSignal,
  mask: Mask,
): Promise<Attempt> => {
  const aborted = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('timeout'))),
  );
  try {
    const sent = await Promise.race([binding.send({ from: sender(from), to, subject, text, html, headers }), aborted]);
    return { state: 'delivered', status: null, problem: null, answer: shownAnswer(sent.messageId, false, mask) };
  } catch (error) {
    if (signal.aborted)
      return { state: 'passing', status: null, problem: 'No answer from Cloudflare in time.', answer: '' };
    const { code, message } = error as { code?: string; message?: string };
    const isPassing = !code?.startsWith('E_') || passingCodes.includes(code);
    return {
      state: isPassing ? 'passing' : 'permanent',
      status: null,
      problem: `Cloudflare did not take the mail${code ? ` (${code})` : ''}.`,
      answer: shownAnswer(message ?? String(error), false, mask),
    };
  }
};

/** `Pharos <alerts@example.com>`, or the address alone. */
export const sender = (from: string): { email: string; name: string } => {
  const [, name, email] = /^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/.exec(from) ?? [];
  return { name: name || 'Pharos', email: email ?? from.trim() };
};
