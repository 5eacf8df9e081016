import { resetMs, retryAfterMs } from '../../domain/delivery/retryAfter.ts';
import {
  type Answer,
  isRefused,
  isWebPage,
  type Judgement,
  jsonOf,
  type Refusal,
  type VendorAnswers,
} from './vendorAnswers.ts';

/** Longest accepted retry delay of a receiver: an alert that waits for hours is useless. */
const maxWaitMs = 60 * 60 * 1000;

/** Where vendors name an error; a deeper search would let a receiver cost time. */
const lookedThrough = 4 * 1024;

/** The same message three times is a nuisance; more would make people mute the channel. */
const seenRepeatsAtMost = 2;

const judgement = (state: Judgement['state'], problem: string | null, more: Partial<Judgement> = {}): Judgement => ({
  state,
  problem,
  retryAfterMs: null,
  repeatsAtMost: null,
  isGone: false,
  quotes: false,
  refused: [],
  ...more,
});

/**
 * Judges the response to a message at `now` (ms since the epoch). Without `answers` (a receiver of the team's own) any status
 * from 200 to 299 means success; a vendor has to give its documented response.
 */
export const judgeAnswer = (answer: Answer, answers: VendorAnswers | null, now: number): Judgement => {
  const own = answer.isCut ? null : answers?.judge?.(answer);
  const judged = own ? judgement(own.state, own.problem, { ...own, quotes: true }) : judgeByTable(answer, answers);
  return judged.state === 'transient' ? { ...judged, retryAfterMs: waitOf(answer, answers, now) } : judged;
};

const judgeByTable = (answer: Answer, answers: VendorAnswers | null): Judgement => {
  // Telegram and others send the message back, and a target can put the words of a refusal into it.
  if (isSuccess(answer.status) && (answer.isCut || answers?.isDelivered(answer))) return judgeSuccess(answer, answers);
  const refusal = answers?.refusals.find((one) => matches(one, answer));
  if (refusal) {
    const { state = 'permanent', isGone = false } = refusal;
    return judgement(state, explained(refusal, answer), { isGone });
  }
  return isSuccess(answer.status)
    ? judgeSuccess(answer, answers)
    : judgeStatus(answer.status, answers?.vendor ?? 'the receiver');
};

const isSuccess = (status: number) => status >= 200 && status < 300;

const matches = ({ status, says }: Refusal, answer: Answer): boolean =>
  isAmong(answer.status, status) && (says === undefined || says.test(answer.body.slice(0, lookedThrough)));

const isAmong = (status: number, wanted: Refusal['status']): boolean => {
  if (wanted === undefined) return isRefused(status);
  return wanted === 'any' ? status < 500 : [wanted].flat().includes(status);
};

const explained = ({ problem }: Refusal, answer: Answer) => (typeof problem === 'string' ? problem : problem(answer));

const judgeSuccess = (answer: Answer, answers: VendorAnswers | null): Judgement => {
  if (!answers || (!answer.isCut && answers.isDelivered(answer))) return judgement('delivered', null);
  const repeatsAtMost = answers.repeats === 'seen' ? seenRepeatsAtMost : null;
  return judgement('transient', unconfirmed(answer, answers.vendor), { repeatsAtMost });
};

/** A proxy may have answered, or the vendor in an undocumented way: the message may have arrived. */
const unconfirmed = (answer: Answer, vendor: string): string => {
  const { status, isCut } = answer;
  if (isWebPage(answer))
    return `A web page answered instead of ${vendor} (HTTP ${status}), for example a sign-in page. Check the address, and make sure that it needs no sign-in.`;
  return isCut
    ? `The response from ${vendor} was cut off (HTTP ${status}), so the message may not have arrived.`
    : `${capitalised(vendor)} did not confirm the message (HTTP ${status}). Check the address, and check whether the message arrived.`;
};

const capitalised = (text: string) => text.replace(/^\w/, (sign) => sign.toUpperCase());

/** Meaning of the status, without an error of the vendor. */
const judgeStatus = (status: number, vendor: string): Judgement => {
  const who = capitalised(vendor);
  if (status === 401 || status === 403)
    return judgement(
      'permanent',
      `${who} rejected the credentials (HTTP ${status}). Enter the address, token or key again.`,
    );
  if (status === 404 || status === 410)
    return judgement('permanent', `Nothing accepts messages at this address (HTTP ${status}). Enter a new address.`);
  if (status === 508)
    return judgement('permanent', 'The message looped back to Pharos (HTTP 508). Enter another address.');
  if (status === 413) return judgement('permanent', `${who} rejected the message as too long (HTTP 413).`);
  if (status === 429) return judgement('transient', `${who} accepts no more messages for now (HTTP 429).`);
  if (status === 408 || status === 425 || status >= 500)
    return judgement('transient', `${who} reports an internal error (HTTP ${status}).`);
  return judgement('permanent', `${who} rejected the message (HTTP ${status}).`);
};

/** Of several delays the vendor's own takes precedence: headers often round, and resets often belong to another limit. */
const waitOf = ({ status, headers, body }: Answer, answers: VendorAnswers | null, now: number): number | null => {
  const json = answers?.waitIn ? jsonOf({ body }) : null;
  const own = json ? answers?.waitIn?.(json) : null;
  const ofStatus = () => (status === 429 ? resetOf(headers, now) : null);
  const wait = retryAfterMs(textOf(own), now) ?? retryAfterMs(headers.get('retry-after'), now) ?? ofStatus();
  return wait === null ? null : Math.min(wait, maxWaitMs);
};

const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? value : null);

/** In order of precision. They come with successes as well, so they mean a delay only with 429. */
const resetOf = (headers: Answer['headers'], now: number): number | null =>
  retryAfterMs(headers.get('x-ratelimit-reset-after'), now) ??
  ['ratelimit-reset', 'x-ratelimit-reset', 'x-rate-limit-reset', 'x-limit-app-reset'].reduce<number | null>(
    (wait, name) => wait ?? resetMs(headers.get(name), now),
    null,
  );
