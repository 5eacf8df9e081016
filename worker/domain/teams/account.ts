import { z } from 'zod';
import { emailField, savedEmailAddress } from '../fields/emailAddress.ts';
import { lineField } from '../fields/name.ts';
import { timeZoneField } from '../time/timeZoneField.ts';

/** bcrypt reads no further. https://www.usenix.org/legacy/events/usenix99/provos/provos.pdf, section 4 */
export const maxPasswordBytes = 72;
const minPasswordLength = 10;

/** How many bytes the text takes in UTF-8. */
export const utf8Bytes = (text: string) => {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
};

/** What e-mails are compared by. */
export const emailKey = (email: string) => email.toLowerCase();

const missingEmail = 'Enter your e-mail address.';

/** Accounts from before the rule of today keep their address. */
const savedEmail = z
  .string(missingEmail)
  .max(254, 'An e-mail address can have at most 254 characters.')
  .transform(savedEmailAddress)
  .pipe(z.string().regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'This is not an e-mail address.'));

/** Normalized, because keyboards differ in how they write one and the same accented letter. */
const password = z.string('Enter a password.').normalize('NFC');

const newPassword = password
  .min(minPasswordLength, `A password needs at least ${minPasswordLength} characters.`)
  .refine(
    (text) => utf8Bytes(text) <= maxPasswordBytes,
    `A password can have at most ${maxPasswordBytes} bytes; non-English letters take more than one byte each.`,
  )
  // bcrypt repeats the password with a NUL behind it, so that "a" and "a\0a" would be the same.
  .refine((text) => !text.includes('\0'), 'A password cannot contain a NUL character.');

/** What signing up takes. The team is named after the person unless the form says otherwise. */
export const signUpInput = z.object({
  email: emailField(missingEmail),
  password: newPassword,
  teamName: lineField({ what: 'team name', missing: 'A team name cannot be empty.', max: 100 }).optional(),
  /** The browser's, as a first guess: one that is not known here is no reason to refuse anybody. */
  timeZone: timeZoneField.optional().catch(undefined),
});

/** What can be changed of a team. */
export const changeTeamInput = z.strictObject({ timeZone: timeZoneField });

/** What signing in takes. A password that could never have been chosen is simply a wrong one. */
export const signInInput = z.object({ email: savedEmail, password: password.min(1, 'Enter your password.') });
