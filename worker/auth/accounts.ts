import { type Account, findAccount, getAccount, hasUsers, insertAccount } from '../db/teams/accounts.ts';
import { insertSession } from '../db/teams/sessions.ts';
import { rememberPlace } from '../db/teams/signIns.ts';
import { emailKey, type SignInInput, type SignUpInput } from '../domain/teams/account.ts';
import { signUpRefusal } from '../domain/teams/signUpRule.ts';
import { PharosError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Services } from '../services.ts';
import { hashOfNobody, hashPassword, verifyPassword } from './passwords.ts';
import { accessTokenFor, newSession, type SeenFrom, type SessionTokens } from './sessions.ts';
import { countSignIn, type Origin, placeOf } from './throttle.ts';

export interface SignedIn {
  account: Account;
  tokens: SessionTokens;
}

/** A user with a team of their own, signed in. Throws `email_taken`, and `forbidden` where sign-up is closed. */
export const signUp = async (services: Services, input: SignUpInput, from: SeenFrom): Promise<SignedIn> => {
  const rule = services.config.signUp;
  const refusal = signUpRefusal(rule, input.email, rule.kind === 'first' && (await hasUsers(services.db)));
  if (refusal) {
    const fields = rule.kind === 'domains' ? [{ path: 'email', message: refusal }] : [];
    throw new PharosError('forbidden', refusal, fields);
  }
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
  const { session, refreshToken } = await newSession(services, user.id, from, now);
  if (!(await insertAccount(services.db, user, team, session))) {
    const message = 'Somebody signed up with this e-mail already.';
    throw new PharosError('email_taken', message, [{ path: 'email', message }]);
  }
  await services.d1.batch(rememberPlace(services.d1, user.id, await placeOf(services, from.network), now));
  const account = await getAccount(services.db, user.id);
  return { account, tokens: { accessToken: await accessTokenFor(services, account, session.id), refreshToken } };
};

/**
 * Throws `rate_limited`, and `invalid_credentials` in the same time and words for an unknown e-mail as for a wrong
 * password, so that nobody learns here who has an account.
 */
export const signIn = async (services: Services, input: SignInInput, origin: Origin & SeenFrom): Promise<SignedIn> => {
  const { d1, db } = services;
  const now = services.now();
  const { user, isKnown, uncount, fail } = await countSignIn(services, input.email, origin);
  const fits = verifyPassword(input.password, user?.passwordHash ?? hashOfNobody(services.config.bcryptCost));
  const account = user && fits && (await findAccount(db, user.id));
  if (!account) {
    await fail().run();
    throw new PharosError('invalid_credentials', 'Check both and try again.');
  }
  const { session, refreshToken } = await newSession(services, account.user.id, origin, now);
  const place = await placeOf(services, origin.network);
  await d1.batch([uncount(), ...rememberPlace(d1, account.user.id, place, now)]);
  await insertSession(db, session, { network: origin.network, isKnown });
  return { account, tokens: { accessToken: await accessTokenFor(services, account, session.id), refreshToken } };
};

const nameFromEmail = (email: string) => `${email.slice(0, email.lastIndexOf('@')).slice(0, 80)}'s team`;
