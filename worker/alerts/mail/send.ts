import type { RecipientResult } from '../../domain/delivery/recipientProgress.ts';
import type { Mask } from '../outbox/answer.ts';
import { alike } from './attempt.ts';
import { sendByBinding } from './cloudflare.ts';
import type { Mail, MailTransport } from './mail.ts';

/** Sends by the ways that are not HTTP, to each recipient by itself. Never throws. */
export const sendMails = async (
  mails: readonly Mail[],
  transport: MailTransport | null,
  signal: AbortSignal,
  mask: Mask,
): Promise<RecipientResult[]> => {
  if (transport?.kind === 'cloudflare') return sendByBinding(mails, transport, signal, mask);
  if (transport?.kind === 'smtp') {
    // nodemailer is larger than all the rest: only who uses it waits for it.
    const { sendBySmtp } = await import('./smtp.ts');
    return sendBySmtp(mails, transport, signal, mask);
  }
  const problem = 'This Pharos cannot send mail.';
  return alike(
    mails.map(({ to }) => to),
    { state: 'permanent', status: null, problem, answer: '' },
  );
};
