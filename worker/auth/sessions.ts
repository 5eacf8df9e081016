import { type Account, findAccount } from '../db/teams/accounts.ts';
import {
  endSessions,
  findSession,
  rotateSession,
  type Session,
  sessionHolds,
  type UsedFrom,
  type WhichSessions,
} from '../db/teams/sessions.ts';
import type { AuditAction } from '../domain/teams/audit.ts';
import { PharosError } from '../errors.ts';
import { newId } from '../ids.ts';
import { logFailure } from '../log.ts';
import type { Services } from '../services.ts';
import { type Member, memberOf, type SessionIdentity } from './actor.ts';
import { newRefreshToken, readAccessToken, readRefreshToken, signAccessToken } from './tokens.ts';

export const sessionSeconds = 30 * 24 * 60 * 60;

/** Two tabs may refresh at once; the one that comes second still holds the token of before. */
const graceMs = 10_000;

/** What the browser is to keep; a missing refresh token means that it keeps the one it has. */
export interface SessionTokens {
  accessToken: string;
  refreshToken?: string;
}

/** From where a request comes: the network of its client (`addressKey`), and what the client calls itself. */
export interface SeenFrom {
  network: string;
  userAgent?: string | undefined;
}

/** Enough to tell browsers apart. */
const shortened = (userAgent: string | undefined) => userAgent?.slice(0, 300);

/** A new session's row, for the caller to store, and the token that refreshes it. */
export const newSession = async (
  { config: { sessionSecret } }: Services,
  userId: string,
  { network, userAgent }: SeenFrom,
  now: number,
): Promise<{ session: Session; refreshToken: string }> => {
  const id = newId('ses');
  const { token, hash } = await newRefreshToken(id, sessionSecret);
  const times = { rotatedAt: now, createdAt: now, expiresAt: now + sessionSeconds * 1000 };
  const used = { network, userAgent: shortened(userAgent) ?? null };
  return { session: { id, userId, refreshHash: hash, previousHash: null, ...times, ...used }, refreshToken: token };
};

export const accessTokenFor = (services: Services, account: Account, sessionId: string) =>
  signAccessToken(
    { userId: account.user.id, teamId: account.team.id, sessionId },
    services.config.sessionSecret,
    services.now(),
  );

/** Whose request it is. Throws `unauthenticated` for a bad token, an ended session and a left team. */
export const authenticate = async (services: Services, accessToken: string | undefined): Promise<Member> => {
  if (!accessToken) throw new PharosError('unauthenticated', 'This needs a session.');
  const now = services.now();
  const identity = await readAccessToken(accessToken, services.config.sessionSecret, now);
  if (!(await sessionHolds(services.db, identity, now)))
    throw new PharosError('unauthenticated', 'The session has been ended.');
  return memberOf(identity);
};

/**
 * New tokens for a refresh token. One that Pharos made and has replaced since ends the session: either it was stolen, or
 * its owner uses one that was. One that Pharos never made proves nothing, so it is refused and the session goes on: else
 * whoever learns a session's id could end it. Throws `session_ended`.
 */
export const refreshSession = async (
  services: Services,
  presented: string | undefined,
  from?: SeenFrom,
): Promise<SessionTokens> => {
  const { config, db } = services;
  const now = services.now();
  const named = await readRefreshToken(presented, config.sessionSecret);
  const session = named && (await findSession(db, named.sessionId, now));
  const account = session && (await findAccount(db, session.userId));
  if (!named || !session || !account) throw ended();
  const next = await newRefreshToken(session.id, config.sessionSecret);
  const used: Partial<UsedFrom> = from ? { network: from.network, userAgent: shortened(from.userAgent) ?? null } : {};
  const rotation = { from: named.hash, to: next.hash, now, expiresAt: now + sessionSeconds * 1000, used };
  if (await rotateSession(db, session.id, rotation))
    return { accessToken: await accessTokenFor(services, account, session.id), refreshToken: next.token };
  // Read again: what made the rotation fail may have happened after the first look.
  const current = await findSession(db, session.id, now);
  const isPrevious = current?.previousHash === named.hash;
  if (current && isPrevious && now - current.rotatedAt <= graceMs)
    return { accessToken: await accessTokenFor(services, account, session.id) };
  if (isPrevious || named.isOurs) await close(services, session, { only: session.id }, null);
  throw ended();
};

/** Ends the session that the refresh token proves, or all of its user's. Answers whether there was one. */
export const endSession = async (services: Services, presented: string | undefined, everywhere: boolean) => {
  const named = await readRefreshToken(presented, services.config.sessionSecret);
  const session = named && (await findSession(services.db, named.sessionId, services.now()));
  if (!session || ![session.refreshHash, session.previousHash].includes(named.hash)) return false;
  if (everywhere) await close(services, session, 'all', 'sign-out.everywhere');
  else await close(services, session, { only: session.id }, 'sign-out.here');
  return true;
};

/** Ends a session of the actor's user. Throws `not_found`. */
export const endSessionOf = async (services: Services, actor: SessionIdentity, id: string) => {
  const isOwn = id === actor.sessionId;
  const ended = await close(services, actor, { only: id }, isOwn ? 'sign-out.here' : 'sign-out.other');
  if (ended === 0) throw new PharosError('not_found', 'You have no such session. It may have ended already.');
};

/** Ends all sessions of the actor's user but the one that asks. */
export const endOtherSessions = async (services: Services, actor: SessionIdentity) => {
  await close(services, actor, { except: actor.sessionId }, 'sign-out.others');
};

/** Ends sessions in the database, and then at once the sockets that they opened. Answers how many. */
const close = async (
  services: Services,
  { userId }: { userId: string },
  which: WhichSessions,
  audited: AuditAction | null,
): Promise<number> => {
  const { sessionIds, teamIds } = await endSessions(services.db, { userId, which, audited }, services.now());
  if (sessionIds.length > 0) await Promise.all(teamIds.map((teamId) => closeSockets(services, teamId, sessionIds)));
  return sessionIds.length;
};

/** A feed that cannot be reached closes them by itself within two minutes. */
const closeSockets = async (services: Services, teamId: string, sessionIds: string[]): Promise<void> => {
  try {
    await services.feed(teamId).endSessions(sessionIds);
  } catch (error) {
    logFailure('feed', 'none', error, { teamId });
  }
};

const ended = () => new PharosError('session_ended', 'This session has ended; sign in again.');
