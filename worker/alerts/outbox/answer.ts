import { readHead } from '../../http/body.ts';
import { masker } from '../../masking/mask.ts';
import { readable } from '../../masking/readable.ts';
import { cutBytes } from '../messages/text.ts';
import { isAddress, secretPartsOf } from './addressParts.ts';

/**
 * What a vendor's answer may need to be understood; more is not read. Discord sends the whole message back: 6,000
 * characters, of which JSON may make twelve each.
 */
const readBytes = 128 * 1024;
/** What is looked through for the part that people see. */
const shownFrom = 16 * 1024;
/** What is kept for people to look at. */
const keptBytes = 1024;

/** Masks what opens doors in a text, wherever and however it is sent back. */
export type Mask = (text: string, isCut?: boolean) => string;

/** Of an address its own parts are masked (addressParts.ts), of any other secret what a receiver may quote of it. */
export const maskOf = (secrets: readonly string[]): Mask => {
  const addresses = secrets.filter(isAddress).map(secretPartsOf);
  const others = [...secrets.filter((secret) => !isAddress(secret)), ...addresses.flatMap(({ keys }) => keys)];
  return masker({
    headers: Object.fromEntries(others.map((secret, i) => [`secret-${i}`, secret])),
    body: null,
    wholes: addresses.flatMap(({ wholes }) => wholes),
  });
};

/** The beginning of an answer's body: `text` to be judged, null where it did not come whole. */
export const readAnswer = async (response: Response, signal: AbortSignal) => {
  const head = await readHead(response, readBytes, signal);
  return { head: head.text, isCut: head.cut };
};

/** The beginning of what was answered, as people may see it: masked first and shortened then. */
export const shownAnswer = (text: string, isCut: boolean, mask: Mask): string =>
  cutBytes(mask(readable(text.slice(0, shownFrom)), isCut || text.length > shownFrom), keptBytes);
