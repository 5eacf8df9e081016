import { z } from 'zod';
import type { Visitor } from '../../auth/actor.ts';
import { readRefreshToken } from '../../auth/tokens.ts';
import { findSession } from '../../db/teams/sessions.ts';
import { PharosError } from '../../errors.ts';
import { type Context, command } from '../command.ts';
import { closeSessions } from './closeSessions.ts';

/**
 * Ends the session that the refresh token proves, or all sessions of its user. Signing out twice is harmless; throws
 * `unauthenticated` if no session is left that proves the user.
 */
export const signOut = command(
  'account.sign-out',
  { audits: ['sign-out.here', 'sign-out.everywhere'] },
  z.strictObject({ refreshToken: z.string().optional(), everywhere: z.boolean() }),
  async ({ services, requestId }: Context<Visitor>, { refreshToken, everywhere }) => {
    const named = await readRefreshToken(refreshToken, services.config.sessionSecret);
    const session = named && (await findSession(services.db, named.sessionId, services.now()));
    if (named && session && [session.refreshHash, session.previousHash].includes(named.hash)) {
      const { userId, id } = session;
      if (everywhere)
        await closeSessions(services, { userId, which: 'all', audited: 'sign-out.everywhere', requestId });
      else await closeSessions(services, { userId, which: { only: id }, audited: 'sign-out.here', requestId });
    } else if (everywhere)
      throw new PharosError('unauthenticated', 'This session had already ended, so no other session was ended.');
  },
);
