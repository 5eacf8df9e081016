import { endSessions, type WhichSessions } from '../../db/teams/sessions.ts';
import type { AuditAction } from '../../domain/teams/audit.ts';
import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';

interface Closing {
  userId: string;
  which: WhichSessions;
  /** Null: no person asked for it. */
  audited: AuditAction | null;
  requestId: string;
}

/** Ends sessions in the database, and then at once the sockets that they opened. Resolves to their number. */
export const closeSessions = async (services: Services, { requestId, ...ended }: Closing): Promise<number> => {
  const { sessionIds, teamIds } = await endSessions(services.db, ended, services.now());
  if (sessionIds.length > 0)
    await Promise.all(teamIds.map((teamId) => closeSockets(services, teamId, sessionIds, requestId)));
  return sessionIds.length;
};

/** An unreachable feed closes them by itself within two minutes. */
const closeSockets = async (services: Services, teamId: string, sessionIds: string[], requestId: string) => {
  try {
    await services.feed(teamId).endSessions(sessionIds);
  } catch (error) {
    logFailure('feed', requestId, error, { teamId });
  }
};
