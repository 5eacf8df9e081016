import { readable } from '../checks/probes/answer.ts';
import { readHead } from '../checks/probes/body.ts';
import { masker } from '../checks/probes/mask.ts';
import type { Judgement } from './channels/channel.ts';
import { cutBytes } from './text.ts';

/** What a vendor's answer may need to be understood; more is not read. */
const readBytes = 16 * 1024;
/** What is kept for people to look at. */
const keptBytes = 1024;

/** A receiver that asks for longer is tried again after this: an alert that waits for hours is none. */
const maxRetryAfterMs = 60 * 60 * 1000;

/** How long a receiver asks to wait, as far as it is heeded; ms. */
export const heededWait = (ms: number) => Math.min(Math.max(0, Math.round(ms)), maxRetryAfterMs);

/** What the status says where the vendor says nothing more. */
export const judgeStatus = (status: number): Judgement => {
  if (status >= 200 && status < 300) return { state: 'delivered', problem: null };
  if (status === 401 || status === 403)
    return { state: 'permanent', problem: `The token is refused (HTTP ${status}). Enter a new one.` };
  if (status === 404 || status === 410)
    return { state: 'permanent', problem: `Nobody takes messages at this address (any more) (HTTP ${status}).` };
  if (status === 508)
    return { state: 'permanent', problem: 'The message came back to Pharos itself (HTTP 508). Enter another address.' };
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    return {
      state: 'passing',
      problem:
        status === 429
          ? 'Too many messages: the receiver asks to wait (HTTP 429).'
          : `The receiver has a problem of its own (HTTP ${status}).`,
    };
  return { state: 'permanent', problem: `The receiver refuses the message (HTTP ${status}).` };
};

/** Masks what opens doors in a text, wherever and however it is sent back. */
export type Mask = (text: string, isCut?: boolean) => string;

/** An address is a secret with all its parts: receivers quote the path, or what they take for the key in it. */
const partsOf = (secret: string): string[] => {
  if (!/^https?:/i.test(secret) || !URL.canParse(secret)) return [secret];
  const { pathname, search, searchParams } = new URL(secret);
  const parts = [...pathname.split('/'), ...searchParams.values()].filter((part) => part.length >= 8);
  return [secret, ...(pathname.length > 8 ? [pathname, pathname + search] : []), ...parts];
};

export const maskOf = (secrets: readonly string[]): Mask =>
  masker({ headers: Object.fromEntries(secrets.flatMap(partsOf).map((part, i) => [`secret-${i}`, part])), body: null });

/** The beginning of an answer's body: `text` to be judged, null where it did not come whole. */
export const readAnswer = async (response: Response, signal: AbortSignal) => {
  const head = await readHead(response, readBytes, signal);
  return { head: head.text, isCut: head.cut };
};

/** The beginning of what was answered, as people may see it: masked first and shortened then. */
export const shownAnswer = (text: string, isCut: boolean, mask: Mask): string =>
  cutBytes(mask(readable(text), isCut), keptBytes);
