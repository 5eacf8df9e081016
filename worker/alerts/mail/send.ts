import type { RecipientResult } from '../../domain/delivery/recipientProgress.ts';
import type { Mask } from '../outbox/answer.ts';
import { alike } from './attempt.ts';
import { sendByBinding } from './cloudflare.ts';
import type { Mail, MailTransport } from './mail.ts';

/** Sends by transports other than HTTP, to each recipient separately. Never throws. */
export const sendMails = async (
  mails: readonly Mail[],
  transport: MailTransport | null,
  signal: AbortSignal,
  mask: Mask,
): Promise<RecipientResult[]> => {
  if (transport?.kind === 'cloudflare') return sendByBinding(mails, transport, signal, mask);
  if (transport?.kind === 'smtp') {
    // nodemailer is larger than everything else: only its users wait for it.
    const { sendBySmtp } = await import('./smtp.ts');
    return sendBySmtp(mails, transport, signal, mask);
  }
  const problem = 'This Pharos cannot send mail.';
  return alike(
    mails.map(({ to }) => to),
    { state: 'permanent', status: null, problem, answer: '' },
  );
};
