import { z } from 'zod';
import { emailField } from '../../domain/fields/emailAddress.ts';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { hexOf } from '../../hex.ts';
import { sha256 } from '../../sha256.ts';
import { htmlText } from '../mail/html.ts';
import { mailDomain, messageId } from '../mail/identity.ts';
import { type Mail, mailMissing } from '../mail/mail.ts';
import { resendAnswers, resendRequest } from '../mail/resend.ts';
import { type AlertMessage, dedupKeyOf } from '../messages/message.ts';
import { plainText } from '../messages/messageTexts.ts';
import { cut } from '../messages/text.ts';
import { symbolOf, titleOf } from '../messages/titles.ts';
import { type ChannelContext, defineChannel, NotConfigured } from './channel.ts';

const maxSubject = 200;

/** The operator chooses how mail is sent (mail/mail.ts); the content is the same. */
export const email = defineChannel({
  label: 'E-mail',
  help: 'Each recipient confirms once, by a link that Pharos mails. Unconfirmed recipients get no alerts.',
  settings: () =>
    z.strictObject({
      to: z
        .array(emailField('Enter an e-mail address.'), 'Enter at least one address.')
        .min(1, 'Enter at least one address.')
        .max(10, 'At most 10 addresses; use a mailing list for more.')
        .meta({ label: 'To', placeholder: 'ada@example.com' } satisfies FieldMeta),
    }),
  limits: { text: 100_000, unit: 'characters' },
  answers: resendAnswers,
  dedupe:
    'Resend drops a repeated idempotency key for 24 hours. Over SMTP the Message-ID stays the same, and many mail servers drop duplicates of it. Cloudflare’s binding has no deduplication.',
  request: async (message, { to }, key, context) => {
    const { mail } = context;
    if (!mail) throw new NotConfigured(mailMissing);
    const mails = await Promise.all(to.map((address) => mailTo(address, message, key, { ...context, mail })));
    return mail.kind === 'resend' ? resendRequest(mails, key, mail) : mails;
  },
});

type Given = ChannelContext & { mail: NonNullable<ChannelContext['mail']> };

const mailTo = async (
  address: string,
  message: AlertMessage,
  key: string,
  { mail, publicOrigin, leaveUrls }: Given,
): Promise<Mail> => {
  const domain = mailDomain(publicOrigin, mail.from);
  const dedupKey = messageId(dedupKeyOf(message), domain);
  const leaveUrl = leaveUrls?.get(address);
  return {
    id: messageId(await hashOf(`${key} ${address.toLowerCase()}`), domain),
    to: address,
    subject: cut(`${symbolOf(message)} ${titleOf(message)}`, maxSubject),
    text: plainText(message) + (leaveUrl ? `\n\nStop these alerts: ${leaveUrl}` : ''),
    html: htmlText(message, leaveUrl),
    headers: {
      // Mail readers thread mails that refer to the same id; automatic replies are suppressed.
      'in-reply-to': dedupKey,
      references: dedupKey,
      'auto-submitted': 'auto-generated',
      'x-pharos-delivery': key,
      ...(leaveUrl && oneClick(leaveUrl)),
    },
  };
};

/** https://www.rfc-editor.org/rfc/rfc8058 requires HTTPS; without it there is only the link in the text. */
const oneClick = (url: string): Record<string, string> =>
  url.startsWith('https:')
    ? { 'list-unsubscribe': `<${url}>`, 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' }
    : {};

/** Names the mail to one recipient, and fits into one line of a header: some servers read no folded Message-ID. */
const hashOf = async (text: string) => hexOf((await sha256(text)).subarray(0, 16));
