import type { Claimed } from '../../db/deliveries/attempts.ts';
import type { OutboxChannel } from '../../db/deliveries/outbox.ts';
import { listPartial } from '../../db/deliveries/rests.ts';
import {
  pendingOf,
  problemsOf,
  type RecipientResult,
  turnOfRecipient,
} from '../../domain/delivery/recipientProgress.ts';
import { isClosing, isOpening } from '../../domain/escalation/events.ts';
import type { Services } from '../../services.ts';
import type { Settings } from '../channels/secrets.ts';
import { attemptOf } from '../mail/attempt.ts';
import { type Suppressed, suppressed } from './confirmedRecipients.ts';
import type { SendResult } from './sendResult.ts';

/** The recipients of a message in this attempt. Kinds without recipients have a single one. */
interface Turns {
  isMail: boolean;
  /** Recipients of this attempt. */
  tried: string[];
  /** An earlier message has to come first. */
  waiting: string[];
  /** They were not sent the message that this one follows. */
  suppressed: string[];
}

const earlierFirst = 'Waiting for an earlier message to this recipient.';
const knowsNothing = 'The recipient did not get the previous message of this problem.';

export const turnsOf = async (
  { d1 }: Services,
  { id, kind }: OutboxChannel,
  claimed: Claimed,
  settings: Settings,
): Promise<Turns> => {
  if (kind !== 'email' || !Array.isArray(settings.to))
    return { isMail: false, tried: ['-'], waiting: [], suppressed: [] };
  const pending = pendingOf(settings.to.map(String), claimed.recipients, claimed.isRest);
  const { event } = claimed;
  const rows = settings.to.length > 1 && event !== 'digest' ? await listPartial(d1, id, claimed) : [];
  const closedUntil = rows.findLastIndex((one) => one.event !== 'digest' && isClosing(one.event));
  const earlier = rows.flatMap((one, i) =>
    one.event === 'digest' || !one.recipients
      ? []
      : [{ isOpening: isOpening(one.event), isPast: i <= closedUntil, recipients: one.recipients }],
  );
  const about = { isOpening: event === 'digest' || isOpening(event), isReminder: event === 'reminder' };
  const turns = Map.groupBy(pending, (address) => turnOfRecipient(address, about, earlier));
  return {
    isMail: true,
    tried: turns.get('send') ?? [],
    waiting: turns.get('wait') ?? [],
    suppressed: turns.get('suppressed') ?? [],
  };
};

/** The results of recipients who were not sent it. */
const othersOf = ({ waiting, suppressed }: Turns): RecipientResult[] => [
  ...waiting.map((address) => untried(address, 'transient', earlierFirst)),
  ...suppressed.map((address) => untried(address, 'suppressed', knowsNothing)),
];

const untried = (address: string, state: RecipientResult['state'], problem: string): RecipientResult => ({
  ...{ address, state, status: null, problem, answer: '', isUntried: true },
});

export const withOthers = (sent: SendResult, turns: Turns): SendResult => ({
  ...sent,
  ...(sent.recipients && { recipients: [...sent.recipients, ...othersOf(turns)] }),
});

/** Nobody can be sent it now: all recipients wait, were refused, or are suppressed. */
export const attemptWithoutAny = ({ recipients }: Claimed, turns: Turns): SendResult | Suppressed => {
  const others = othersOf(turns);
  const none = { latencyMs: 0, retryAfterMs: null };
  if (turns.waiting.length > 0) return { ...attemptOf(others), ...none } as SendResult;
  const problem = problemsOf([...recipients, ...others]) ?? 'No recipient is left.';
  const wasRefused = recipients.some(({ state }) => state === 'permanent');
  return wasRefused ? { state: 'permanent', status: null, problem, answer: '', ...none } : suppressed(problem);
};
