import { emailKey } from '../teams/account.ts';

/** The result of one message for each of several recipients. */

/** `transient` may be tried again, `permanent` is refused for good; `suppressed`: it does not go there, and `problem` says why. */
export interface RecipientResult {
  address: string;
  state: 'delivered' | 'transient' | 'permanent' | 'suppressed';
  /** The code of the reply, or the HTTP status; null where no answer came. */
  status: number | null;
  /** For people, in one sentence; null where it was delivered. */
  problem: string | null;
  /** The server's response, shortened and masked. */
  answer: string;
  /** It was not tried, because time was up, or because an earlier message has to come first. */
  isUntried?: boolean;
}

export interface RecipientProgress extends Omit<RecipientResult, 'isUntried'> {
  /** When it was tried last, ms since the epoch; 0 for never. */
  triedAt: number;
}

const isSame = (a: { address: string }, b: { address: string }) => emailKey(a.address) === emailKey(b.address);

const isFinal = ({ state }: RecipientProgress) => state !== 'transient';

/** Those of the recipients that are still to be tried, of a rest only those who were before; who was not tried comes first, so that one that hangs starves nobody. */
export const pendingOf = (
  addresses: readonly string[],
  progress: readonly RecipientProgress[],
  isRest = false,
): string[] => {
  const own = (address: string) => progress.find((one) => isSame(one, { address }));
  const triedAt = (address: string) => own(address)?.triedAt ?? 0;
  return addresses
    .filter((address) => {
      const known = own(address);
      return known ? !isFinal(known) : !isRest;
    })
    .toSorted((a, b) => triedAt(a) - triedAt(b));
};

const noRecipient = 'The recipient was removed from the channel, or has not confirmed.';

/**
 * The progress after an attempt at `at` (ms since the epoch) for all pending recipients: one without a result is no recipient
 * any more.
 */
export const advance = (
  progress: readonly RecipientProgress[],
  results: readonly RecipientResult[],
  at: number,
): RecipientProgress[] => {
  const before = (result: RecipientResult) => progress.find((one) => isSame(one, result));
  const advanced = results.map(({ isUntried, ...result }) => ({
    ...result,
    triedAt: isUntried ? (before(result)?.triedAt ?? 0) : at,
  }));
  const others = progress.filter((one) => !results.some((result) => isSame(one, result)));
  return [...giveUp(others, 'suppressed', noRecipient), ...advanced];
};

/** Ends the pending recipients: they are not tried any more. */
export const giveUp = (progress: readonly RecipientProgress[], state: 'permanent' | 'suppressed', why: string) =>
  progress.map((one) =>
    one.state === 'transient' ? { ...one, state, problem: [why, one.problem].filter(Boolean).join(' ') } : one,
  );

/** Recipients differ in their result, so the delivery's state alone is not enough. */
export const isPartial = (progress: readonly RecipientProgress[]): boolean =>
  new Set(progress.map(({ state }) => state)).size > 1;

export const hasState = (progress: readonly RecipientProgress[], state: RecipientProgress['state']): boolean =>
  progress.some((one) => one.state === state);

/** Names those with problems, each with its own; of all of them without names, unless `isNamed`. Null where there is none. */
export const problemsOf = (
  results: readonly Pick<RecipientProgress, 'address' | 'state' | 'problem'>[],
  isNamed = false,
): string | null => {
  const failed = results.filter(({ problem }) => problem !== null);
  const [first] = failed;
  if (!first) return null;
  const isOfAll =
    !isNamed && failed.length === results.length && failed.every(({ problem }) => problem === first.problem);
  return isOfAll ? first.problem : failed.map(({ address, problem }) => `${address}: ${problem}`).join(' ');
};

/** An earlier message with the same dedup key to the same channel, with its result for each recipient. */
export interface EarlierMessage {
  isOpening: boolean;
  /** The incident was closed since, and opened again. */
  isPast: boolean;
  recipients: readonly RecipientProgress[];
}

/**
 * Whether a message goes to a recipient now: after the earlier ones with its dedup key, and a follow-up of a problem only to
 * recipients who were notified of the problem. `earlier` are those with the same key whose recipients differ, oldest first.
 */
export const turnOfRecipient = (
  address: string,
  { isOpening, isReminder }: { isOpening: boolean; isReminder: boolean },
  earlier: readonly EarlierMessage[],
): 'send' | 'wait' | 'suppressed' => {
  const stateIn = ({ recipients }: EarlierMessage) => recipients.find((one) => isSame(one, { address }))?.state;
  if (earlier.some((one) => stateIn(one) === 'transient')) return isReminder ? 'suppressed' : 'wait';
  if (isOpening) return 'send';
  const opening = earlier.findLast((one) => one.isOpening && !one.isPast);
  const state = opening && stateIn(opening);
  return state === 'permanent' || state === 'suppressed' ? 'suppressed' : 'send';
};
