import { z } from 'zod';
import type { Visitor } from '../../auth/actor.ts';
import { accessTokenFor, type SessionTokens, sessionSeconds, usedFrom } from '../../auth/sessions.ts';
import { newRefreshToken, readRefreshToken } from '../../auth/tokens.ts';
import { findAccount } from '../../db/teams/accounts.ts';
import { findSession, rotateSession } from '../../db/teams/sessions.ts';
import { PharosError } from '../../errors.ts';
import { type Context, command } from '../command.ts';
import { closeSessions } from './closeSessions.ts';

/** Two tabs may refresh at once; the second one still holds the previous token. */
const graceMs = 10_000;

/**
 * New tokens for a refresh token. A genuine token that was already replaced ends the session: either it was stolen, or its owner
 * uses a stolen session. A token that Pharos never made proves nothing, so it is refused and the session continues: otherwise
 * the id of a session would be enough to end it. Throws `session_ended`.
 */
export const refreshSession = command(
  'session.refresh',
  { unaudited: 'the session was audited when it began' },
  z.strictObject({ refreshToken: z.string().optional() }),
  async ({ services, actor, requestId }: Context<Visitor>, { refreshToken }): Promise<SessionTokens> => {
    const { config, db } = services;
    const now = services.now();
    const named = await readRefreshToken(refreshToken, config.sessionSecret);
    const session = named && (await findSession(db, named.sessionId, now));
    const account = session && (await findAccount(db, session.userId));
    if (!named || !session || !account) throw ended();
    const next = await newRefreshToken(session.id, config.sessionSecret);
    const rotation = { from: named.hash, to: next.hash, now, expiresAt: now + sessionSeconds * 1000 };
    if (await rotateSession(db, session.id, { ...rotation, used: usedFrom(actor.origin) }))
      return { accessToken: await accessTokenFor(services, account, session.id), refreshToken: next.token };
    // Read again: the cause of the failed rotation may have happened after the first read.
    const current = await findSession(db, session.id, now);
    const isPrevious = current?.previousHash === named.hash;
    if (current && isPrevious && now - current.rotatedAt <= graceMs)
      return { accessToken: await accessTokenFor(services, account, session.id) };
    if (isPrevious || named.isOurs)
      await closeSessions(services, { userId: session.userId, which: { only: session.id }, audited: null, requestId });
    throw ended();
  },
);

const ended = () => new PharosError('session_ended', 'This session has ended; sign in again.');
