import { z } from 'zod';
import { emailDomain } from './emailDomain.ts';

/** RFC 5321, 4.5.3.1: the part before the @, and a path without its brackets. */
const maxLocalLength = 64;
const maxLength = 254;

const tooLong = { problem: `An e-mail address can have at most ${maxLength} characters.` };

/** Dot-string of RFC 5321, 4.1.2; quoted ones are in use nowhere and make trouble everywhere. */
const dotString = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;

/** The address as mail is sent to it, its domain in punycode and lower case, or what is wrong with it, for people. */
export const parseEmailAddress = (given: string): { address: string } | { problem: string } => {
  const text = given.trim();
  if (text.length > maxLength) return tooLong;
  const at = text.lastIndexOf('@');
  const [local, host] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)];
  const domain = /[\s@]|\.$/.test(host) ? null : emailDomain(host);
  if (at < 1 || domain === null || /[\s@]/.test(local)) return { problem: 'This is not an e-mail address.' };
  // Few mail servers take other letters there (SMTPUTF8), and no sender of Pharos does.
  if (/[^\0-\x7f]/.test(local))
    return { problem: 'The part before the @ can contain only unaccented letters, digits and common punctuation.' };
  if (!dotString.test(local)) return { problem: 'This is not an e-mail address.' };
  if (local.length > maxLocalLength)
    return { problem: `The part before the @ can have at most ${maxLocalLength} characters.` };
  const address = `${local}@${domain}`;
  return address.length > maxLength ? tooLong : { address };
};

/** The same address in one spelling; as it is given where it is none. For comparing with addresses that were saved. */
export const savedEmailAddress = (given: string): string => {
  const parsed = parseEmailAddress(given);
  return 'address' in parsed ? parsed.address : given.trim();
};

/** An e-mail address that is to be saved: of an account, or of a recipient. */
export const emailField = (missing: string) =>
  z.string(missing).transform((text, context) => {
    const parsed = parseEmailAddress(text);
    if ('address' in parsed) return parsed.address;
    context.addIssue({ code: 'custom', message: text.trim() === '' ? missing : parsed.problem });
    return z.NEVER;
  });
