import type { Actor } from '../api/context.ts';
import {
  type Account,
  deleteSession,
  deleteSessionsOf,
  findAccount,
  findSession,
  rotateSession,
  type Session,
  sessionHolds,
} from '../db/accounts.ts';
import { PharosError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Services } from '../services.ts';
import { newRefreshToken, readAccessToken, readRefreshToken, signAccessToken } from './tokens.ts';

export const sessionSeconds = 30 * 24 * 60 * 60;

/** Two tabs may refresh at once; the one that comes second still holds the token of before. */
const graceMs = 10_000;

/** What the browser is to keep; a missing refresh token means that it keeps the one it has. */
export interface SessionTokens {
  accessToken: string;
  refreshToken?: string;
}

/** A new session's row, for the caller to store, and the token that refreshes it. */
export const newSession = async (userId: string, now: number): Promise<{ session: Session; refreshToken: string }> => {
  const id = newId('ses');
  const { token, hash } = await newRefreshToken(id);
  const times = { rotatedAt: now, createdAt: now, expiresAt: now + sessionSeconds * 1000 };
  return { session: { id, userId, refreshHash: hash, previousHash: null, ...times }, refreshToken: token };
};

export const accessTokenFor = (services: Services, account: Account, sessionId: string) =>
  signAccessToken(
    { userId: account.user.id, teamId: account.team.id, sessionId },
    services.config.sessionSecret,
    services.now(),
  );

/** Whose request it is. Throws `unauthenticated` for a bad token, an ended session and a left team. */
export const authenticate = async (services: Services, accessToken: string | undefined): Promise<Actor> => {
  if (!accessToken) throw new PharosError('unauthenticated', 'This needs a session.');
  const now = services.now();
  const actor = await readAccessToken(accessToken, services.config.sessionSecret, now);
  if (!(await sessionHolds(services.db, actor, now)))
    throw new PharosError('unauthenticated', 'The session has been ended.');
  return actor;
};

/**
 * New tokens for a refresh token. A token that had been replaced before ends the session: either it was stolen, or its
 * owner uses one that was. Throws `session_ended`.
 */
export const refreshSession = async (services: Services, presented: string | undefined): Promise<SessionTokens> => {
  const { db } = services;
  const now = services.now();
  const named = await readRefreshToken(presented);
  const session = named && (await findSession(db, named.sessionId, now));
  const account = session && (await findAccount(db, session.userId));
  if (!named || !session || !account) throw ended();
  const next = await newRefreshToken(session.id);
  const rotation = { from: named.hash, to: next.hash, now, expiresAt: now + sessionSeconds * 1000 };
  if (await rotateSession(db, session.id, rotation))
    return { accessToken: await accessTokenFor(services, account, session.id), refreshToken: next.token };
  // Read again: what made the rotation fail may have happened after the first look.
  const current = await findSession(db, session.id, now);
  if (current?.previousHash === named.hash && now - current.rotatedAt <= graceMs)
    return { accessToken: await accessTokenFor(services, account, session.id) };
  await deleteSession(db, session.id);
  throw ended();
};

/** Ends the session that the refresh token proves, or all of its user's. Answers whether there was one. */
export const endSession = async (services: Services, presented: string | undefined, everywhere: boolean) => {
  const named = await readRefreshToken(presented);
  const session = named && (await findSession(services.db, named.sessionId, services.now()));
  if (!session || ![session.refreshHash, session.previousHash].includes(named.hash)) return false;
  await (everywhere ? deleteSessionsOf(services.db, session.userId) : deleteSession(services.db, session.id));
  return true;
};

const ended = () => new PharosError('session_ended', 'This session has ended; sign in again.');
