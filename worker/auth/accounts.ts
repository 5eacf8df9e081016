import { type Account, findAccount, findUserByEmail, hasUsers, insertAccount, insertSession } from '../db/accounts.ts';
import { emailKey, type SignInInput, type SignUpInput } from '../domain/account.ts';
import { PharosError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Services } from '../services.ts';
import { hashOfNobody, hashPassword, verifyPassword } from './passwords.ts';
import { accessTokenFor, newSession, type SessionTokens } from './sessions.ts';

export interface SignedIn {
  account: Account;
  tokens: SessionTokens;
}

/** A user with a team of their own, signed in. Throws `email_taken`, and `forbidden` where sign-up is closed. */
export const signUp = async (services: Services, input: SignUpInput): Promise<SignedIn> => {
  if (services.config.signUp === 'first' && (await hasUsers(services.db)))
    throw new PharosError('forbidden', 'Signing up is closed here. Ask whoever runs this Pharos.');
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
  const { session, refreshToken } = await newSession(user.id, now);
  if (!(await insertAccount(services.db, user, team, session))) {
    const message = 'Somebody signed up with this e-mail already.';
    throw new PharosError('email_taken', message, [{ path: 'email', message }]);
  }
  const account = { user: { id: user.id, email: user.email, createdAt: now }, team };
  return { account, tokens: { accessToken: await accessTokenFor(services, account, session.id), refreshToken } };
};

/**
 * Throws `invalid_credentials`, in the same time and words for an unknown e-mail as for a wrong password, so that nobody
 * learns here who has an account.
 */
export const signIn = async (services: Services, input: SignInInput): Promise<SignedIn> => {
  const now = services.now();
  const user = await findUserByEmail(services.db, emailKey(input.email));
  const fits = verifyPassword(input.password, user?.passwordHash ?? hashOfNobody(services.config.bcryptCost));
  const account = user && fits && (await findAccount(services.db, user.id));
  if (!account) throw new PharosError('invalid_credentials', 'No account has this e-mail and password.');
  const { session, refreshToken } = await newSession(account.user.id, now);
  await insertSession(services.db, session);
  return { account, tokens: { accessToken: await accessTokenFor(services, account, session.id), refreshToken } };
};

const nameFromEmail = (email: string) => `${email.slice(0, email.lastIndexOf('@')).slice(0, 80)}'s team`;
