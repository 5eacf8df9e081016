import { z } from 'zod';
import { command } from '../command.ts';
import { closeSessions } from './closeSessions.ts';

/** Ends all sessions of the user except the one of this request. */
export const endOtherSessions = command(
  'session.end-others',
  { audits: 'sign-out.others' },
  z.strictObject({}),
  async ({ services, actor: { userId, sessionId }, requestId }) => {
    await closeSessions(services, { userId, which: { except: sessionId }, audited: 'sign-out.others', requestId });
  },
);
