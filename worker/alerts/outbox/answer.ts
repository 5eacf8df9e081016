import { readHead } from '../../http/body.ts';
import { masker } from '../../masking/mask.ts';
import { readable } from '../../masking/readable.ts';
import { cutBytes } from '../messages/text.ts';
import { isAddress, secretPartsOf } from './addressParts.ts';

/**
 * The largest part of a response that is read, enough to judge every vendor. Discord sends the whole message back: 6,000
 * characters, of which JSON may make twelve each.
 */
const readBytes = 128 * 1024;
/** Searched for the part that people see. */
const shownFrom = 16 * 1024;
/** Kept for people. */
const keptBytes = 1024;

/** Masks secrets in a text, in every form in which a receiver may quote them. */
export type Mask = (text: string, isCut?: boolean) => string;

/** Of an address its secret parts are masked (addressParts.ts), of any other secret each quotable form. */
export const maskOf = (secrets: readonly string[]): Mask => {
  const addresses = secrets.filter(isAddress).map(secretPartsOf);
  const others = [...secrets.filter((secret) => !isAddress(secret)), ...addresses.flatMap(({ keys }) => keys)];
  return masker({
    headers: Object.fromEntries(others.map((secret, i) => [`secret-${i}`, secret])),
    body: null,
    wholes: addresses.flatMap(({ wholes }) => wholes),
  });
};

/** The beginning of a response's body: `text` to be judged, null where it is incomplete. */
export const readAnswer = async (response: Response, signal: AbortSignal) => {
  const head = await readHead(response, readBytes, signal);
  return { head: head.text, isCut: head.cut };
};

/** The beginning of a response for display: masked first and shortened then. */
export const shownAnswer = (text: string, isCut: boolean, mask: Mask): string =>
  cutBytes(mask(readable(text.slice(0, shownFrom)), isCut || text.length > shownFrom), keptBytes);
