import { z } from 'zod';
import { emailField } from '../../domain/emailAddress.ts';
import { htmlText } from '../mail/html.ts';
import { type Mail, mailMissing } from '../mail/mail.ts';
import { resendRequest } from '../mail/resend.ts';
import { storyOf } from '../message.ts';
import { cut } from '../text.ts';
import { plainText, symbolOf, titleOf } from '../words.ts';
import { defineChannel, type FieldMeta, NotConfigured } from './channel.ts';

const maxSubject = 200;

/** How the mail leaves is the operator's choice (mail/mail.ts); what it says is the same. */
export const email = defineChannel({
  label: 'E-mail',
  help: 'Each recipient gets a mail with a link and confirms once. Until then Pharos sends them no alerts.',
  settings: () =>
    z.strictObject({
      to: z
        .array(emailField('Enter an e-mail address.'), 'Enter at least one address.')
        .min(1, 'Enter at least one address.')
        .max(10, 'At most 10 addresses; use a mailing list for more.')
        .meta({ label: 'To', placeholder: 'ada@example.com' } satisfies FieldMeta),
    }),
  limits: { text: 100_000, unit: 'characters' },
  dedupe:
    'Resend drops a key that it has seen within 24 hours. By SMTP the Message-ID stays the same, which many mail servers know; Cloudflare’s binding has nothing of the kind.',
  request: (message, { to }, key, { mail, publicOrigin }) => {
    if (!mail) throw new NotConfigured(mailMissing);
    const host = new URL(publicOrigin).hostname;
    const letter: Mail = {
      kind: 'mail',
      id: `<${key}@${host}>`,
      to,
      subject: cut(`${symbolOf(message)} ${titleOf(message)}`, maxSubject),
      text: plainText(message),
      html: htmlText(message),
      // Mail readers gather what refers to the same id; automatic replies stay away.
      headers: {
        references: `<${storyOf(message)}@${host}>`,
        'auto-submitted': 'auto-generated',
        'x-pharos-delivery': key,
      },
    };
    return mail.kind === 'resend' ? resendRequest(letter, key, mail) : letter;
  },
});
