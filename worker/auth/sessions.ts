import type { Account } from '../db/teams/accounts.ts';
import { type Session, sessionHolds, type UsedFrom } from '../db/teams/sessions.ts';
import { PharosError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Services } from '../services.ts';
import { type Member, memberOf, type Origin } from './actor.ts';
import { newRefreshToken, readAccessToken, signAccessToken } from './tokens.ts';

export const sessionSeconds = 30 * 24 * 60 * 60;

/** What the browser is to keep; a missing refresh token means that it keeps the one it has. */
export interface SessionTokens {
  accessToken: string;
  refreshToken?: string;
}

/** Enough to distinguish browsers. */
const maxUserAgent = 300;

export const usedFrom = ({ network, userAgent }: Origin): UsedFrom => ({
  network,
  userAgent: userAgent?.slice(0, maxUserAgent) ?? null,
});

/** A new session's row, for the caller to store, and the token that refreshes it. */
export const newSession = async (
  { config: { sessionSecret } }: Services,
  userId: string,
  origin: Origin,
  now: number,
): Promise<{ session: Session; refreshToken: string }> => {
  const id = newId('ses');
  const { token, hash } = await newRefreshToken(id, sessionSecret);
  const times = { rotatedAt: now, createdAt: now, expiresAt: now + sessionSeconds * 1000 };
  const session = { id, userId, refreshHash: hash, previousHash: null, ...times, ...usedFrom(origin) };
  return { session, refreshToken: token };
};

export const accessTokenFor = (services: Services, account: Account, sessionId: string) =>
  signAccessToken(
    { userId: account.user.id, teamId: account.team.id, sessionId },
    services.config.sessionSecret,
    services.now(),
  );

/** Whose request it is. Throws `unauthenticated` for a bad token, an ended session and a left team. */
export const authenticate = async (services: Services, accessToken: string | undefined): Promise<Member> => {
  if (!accessToken) throw new PharosError('unauthenticated', 'Sign in to do this.');
  const now = services.now();
  const identity = await readAccessToken(accessToken, services.config.sessionSecret, now);
  if (!(await sessionHolds(services.db, identity, now)))
    throw new PharosError('unauthenticated', 'This session was ended.');
  return memberOf(identity);
};
