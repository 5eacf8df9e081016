import { z } from 'zod';
import { PharosError } from '../../errors.ts';
import { command } from '../command.ts';
import { closeSessions } from './closeSessions.ts';

/** Ends a session of the same user. Throws `not_found`. */
export const endSession = command(
  'session.end',
  { audits: ['sign-out.here', 'sign-out.other'] },
  z.strictObject({ sessionId: z.string() }),
  async ({ services, actor, requestId }, { sessionId }) => {
    const audited = sessionId === actor.sessionId ? 'sign-out.here' : 'sign-out.other';
    const closing = { userId: actor.userId, which: { only: sessionId }, audited, requestId } as const;
    if ((await closeSessions(services, closing)) === 0)
      throw new PharosError('not_found', 'No such session exists. It may have ended already.');
  },
);
