import type { RecipientResult } from '../../domain/delivery/recipientProgress.ts';
import { attemptOf } from '../mail/attempt.ts';
import { type Attempt, refused, type SendDeps } from './sendResult.ts';

/**
 * What is tried again must not use up the day, nor what no recipient gets, because of the operator's settings. But where
 * others have it, a refused recipient counts: a team must not have a mail server asked for mailboxes that are gone without end.
 */
const isFree = ({ state }: RecipientResult, attempted: Attempt) =>
  state !== 'delivered' && (state !== 'permanent' || attempted.state !== 'delivered');

/** Sends to so many recipients of e-mail only if the team may write to as many today. */
export const metered = async (
  recipients: readonly string[],
  deps: SendDeps,
  bring: () => Promise<Attempt>,
): Promise<Attempt> => {
  if (recipients.length === 0) return bring();
  const refusal = await deps.mailAllowance?.take(recipients.length);
  if (refusal) return { ...refused(refusal.problem), limitedUntil: refusal.until };
  const attempted = forEach(await bring(), recipients);
  const missed = attempted.recipients?.filter((one) => isFree(one, attempted)).length ?? 0;
  if (missed > 0) await deps.mailAllowance?.giveBack(missed);
  return attempted;
};

/** What one request for several recipients says of each. */
const forEach = (attempted: Attempt, to: readonly string[]): Attempt => {
  if (attempted.recipients) return attempted;
  const { state, status, problem, answer, refusedAt = [], retryAfterMs: wait = null } = attempted;
  const recipients = to.map((address, i): RecipientResult => {
    const refusal = refusedAt.find(({ index }) => index === i);
    return refusal
      ? { address, state: 'permanent', status, problem: refusal.problem, answer }
      : { address, state, status, problem, answer };
  });
  return { ...attempted, ...attemptOf(recipients), answer, retryAfterMs: wait };
};
