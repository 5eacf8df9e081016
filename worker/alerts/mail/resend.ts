import type { HttpRequest } from '../channels/channel.ts';
import type { Mail, MailTransport } from './mail.ts';

/** https://resend.com/docs/api-reference/emails/send-email */
export const resendRequest = (
  { to, subject, text, html, headers }: Mail,
  key: string,
  { from, apiKey }: Extract<MailTransport, { kind: 'resend' }>,
): HttpRequest => ({
  url: 'https://api.resend.com/emails',
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    authorization: `Bearer ${apiKey}`,
    // At most 256 characters. https://resend.com/docs/dashboard/emails/idempotency-keys
    'idempotency-key': key.slice(0, 256),
  },
  body: JSON.stringify({ from, to, subject, text, html, headers }),
});
