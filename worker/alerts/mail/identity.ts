import { emailDomain } from '../../domain/fields/emailDomain.ts';

/** `Pharos <alerts@example.com>`, or the address alone. */
export const mailboxOf = (text: string): { email: string; name: string } => {
  const [, name, email] = /^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/.exec(text) ?? [];
  return { name: name ?? '', email: email ?? text.trim() };
};

/**
 * The domain by which Pharos identifies itself to mail servers: that of the dashboard, else that of the sender. Null where
 * neither is a domain name, as in local development.
 */
export const mailDomain = (publicOrigin: string, from: string): string | null =>
  emailDomain(new URL(publicOrigin).hostname) ?? emailDomain(mailboxOf(from).email.split('@').at(-1) ?? '');

/** The name in EHLO: a domain name or an address literal. https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.1 */
export const ehloName = (publicOrigin: string, from: string): string => mailDomain(publicOrigin, from) ?? '[127.0.0.1]';

/** RFC 5322, 3.6.4: both sides are dot-atoms. Gmail refuses ids of some senders that contain other characters. */
export const messageId = (key: string, domain: string | null): string =>
  `<${key.replace(/[^\w-]/g, atomSign).replace(/^\.|\.$|\.(?=\.)/g, '=2E')}@${domain ?? 'pharos.invalid'}>`;

/** Full stops replace the colons of our keys; all other characters remain distinct. */
const atomSign = (sign: string) =>
  sign === ':' ? '.' : `=${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
