import type { Visitor } from '../../auth/actor.ts';
import { limitAttempts } from '../../auth/limits.ts';
import { requireGoodPassword } from '../../auth/passwordRules.ts';
import { hashPassword } from '../../auth/passwords.ts';
import { newSession } from '../../auth/sessions.ts';
import { countSignUp, placeOf } from '../../auth/throttle.ts';
import { getAccount, hasUsers, insertAccount } from '../../db/teams/accounts.ts';
import { rememberPlace } from '../../db/teams/signIns.ts';
import { emailKey, signUpInput } from '../../domain/teams/account.ts';
import { signUpRefusal } from '../../domain/teams/signUpRule.ts';
import { PharosError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Services } from '../../services.ts';
import { type Context, command } from '../command.ts';
import { toSignedIn } from './signedIn.ts';

/**
 * Creates a user with a team of their own, signed in. Throws `rate_limited`, `email_taken`, `invalid_request` for a weak
 * password, and `forbidden` if the visitor may not sign up.
 */
export const signUp = command(
  'account.sign-up',
  { audits: 'team.created' },
  signUpInput,
  async ({ services, actor }: Context<Visitor>, input) => {
    const { network } = actor.origin;
    await limitAttempts(services.signUpLimit, [network]);
    await countSignUp(services, network);
    await requireGoodPassword(services, input);
    await requireOffer(services, input.email);
    const now = services.now();
    const user = {
      id: newId('usr'),
      email: input.email,
      emailKey: emailKey(input.email),
      emailConfirmedAt: null,
      passwordHash: hashPassword(input.password, services.config.bcryptCost),
      createdAt: now,
    };
    const { teamName = nameFromEmail(input.email), timeZone = 'UTC' } = input;
    const team = { id: newId('team'), name: teamName, timeZone, role: 'owner' } as const;
    const { session, refreshToken } = await newSession(services, user.id, actor.origin, now);
    if (!(await insertAccount(services.db, user, team, session))) {
      const message = 'An account with this e-mail already exists.';
      throw new PharosError('email_taken', message, [{ path: 'email', message }]);
    }
    await services.d1.batch(rememberPlace(services.d1, user.id, await placeOf(services, network), now));
    return toSignedIn(services, await getAccount(services.db, user.id), session.id, refreshToken);
  },
);

const requireOffer = async ({ config: { signUp: rule }, db }: Services, email: string): Promise<void> => {
  const refusal = signUpRefusal(rule, email, rule.kind === 'first' && (await hasUsers(db)));
  if (refusal)
    throw new PharosError('forbidden', refusal, rule.kind === 'domains' ? [{ path: 'email', message: refusal }] : []);
};

const nameFromEmail = (email: string) => `${email.slice(0, email.lastIndexOf('@')).slice(0, 80)}'s team`;
