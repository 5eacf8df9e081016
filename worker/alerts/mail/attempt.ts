import { problemsOf, type RecipientResult } from '../../domain/delivery/recipientProgress.ts';
import { cutBytes } from '../messages/text.ts';
import type { Attempt } from '../outbox/sendResult.ts';

/** A response to all mails together is stored no longer than that to a single one. */
const keptBytes = 1024;

const states = ['delivered', 'transient', 'permanent'] as const;

/** Combines the results of all recipients into one attempt: it is delivered if any recipient has it. */
export const attemptOf = (recipients: readonly RecipientResult[]): Attempt => {
  const state = states.find((one) => recipients.some((recipient) => recipient.state === one));
  const leading = recipients.find((recipient) => recipient.state === state);
  if (!leading || !state)
    return { state: 'permanent', status: null, problem: 'The channel has no recipient.', answer: '' };
  const answers = recipients.filter(({ answer }) => answer !== '');
  const answer =
    recipients.length === 1
      ? leading.answer
      : cutBytes(answers.map((one) => `${one.address}: ${one.answer}`).join('\n'), keptBytes);
  return {
    state,
    status: leading.status,
    problem: problemsOf(recipients),
    answer,
    recipients: [...recipients],
  };
};

/** The same for all of them. */
export const alike = (addresses: readonly string[], result: Omit<RecipientResult, 'address'>): RecipientResult[] =>
  addresses.map((address) => ({ address, ...result }));
