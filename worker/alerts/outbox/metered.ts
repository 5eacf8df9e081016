import type { RecipientResult } from '../../domain/delivery/recipientProgress.ts';
import { attemptOf } from '../mail/attempt.ts';
import { type Attempt, refused, type SendDeps } from './sendResult.ts';

/**
 * Retries must not use up the daily limit, nor mail that no recipient gets because of the operator's settings. But where others
 * have it, a refused recipient counts: a team must not make Pharos ask a mail server for deleted mailboxes without end.
 */
const isFree = ({ state }: RecipientResult, attempted: Attempt) =>
  state !== 'delivered' && (state !== 'permanent' || attempted.state !== 'delivered');

/** Sends to this many recipients of e-mail only if the team's daily limit allows it. */
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

/** The result for each recipient of one request. */
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
