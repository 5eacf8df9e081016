import type { Answer } from '../../../domain/checks/outcome.ts';
import { type BodyHead, readHead } from '../../../http/body.ts';
import { masker, maskHeader, type Sent } from '../../../masking/mask.ts';
import { abortInSteps } from './deadline.ts';

/** How much of a failing answer's body is kept, in bytes. */
export const answerBodyBytes = 2 * 1024;

const maxHeaders = 40;
const maxHeaderLength = 500;
/** What is looked through for secrets before that. */
const lookedThrough = 2 * 1024;

/**
 * How many characters may be looked through, in all the ways in which an answer can be read: an ordinary one takes a tenth.
 * A target whose 40 headers can be read in many ways must not keep a Prober busy that others share.
 */
const maxReadings = 120_000;

/**
 * How long the body may take beyond the headers, ms: below the time after which a Prober thinks its slots are held by
 * targets that do not answer (objects/prober.ts).
 */
const bodyWithinMs = 300;

/**
 * The beginning of a failing answer, for people to look at. Reads the body unless somebody did before (`head`), lets go
 * of the rest, and never throws.
 */
export const captureAnswer = async (
  response: Response,
  sent: Sent,
  signal: AbortSignal,
  head?: BodyHead,
): Promise<Answer> => {
  const seen = head ?? (await headOf(response, signal));
  return toAnswer([...response.headers], seen, sent);
};

const headOf = async (response: Response, signal: AbortSignal): Promise<BodyHead | null> =>
  response.bodyUsed ? null : readHead(response, answerBodyBytes, abortInSteps(bodyWithinMs, signal));

/** Masks first and shortens then, so that nothing shortened can be part of a secret. */
const toAnswer = (headers: readonly (readonly [string, string])[], head: BodyHead | null, sent: Sent): Answer => {
  const mask = masker(sent, maxReadings);
  // First, as what people look for is mostly there.
  const body = head && readable(mask(head.text, head.cut));
  return {
    headers: headers.slice(0, maxHeaders).map(([name, value]) => {
      const isCut = value.length > lookedThrough;
      const masked = maskHeader(name, value.slice(0, lookedThrough), (text) => mask(text, isCut));
      return { name, value: masked.length > maxHeaderLength ? `${masked.slice(0, maxHeaderLength)}…` : masked };
    }),
    body,
    cut: head?.cut ?? false,
  };
};

/** Signs that steer a terminal or a database are shown as what they are: unreadable. */
export const readable = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is replaced
  text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd');
