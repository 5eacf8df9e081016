import { Hono } from 'hono';
import { toAccountView } from '../../commands/teams/accountView.ts';
import { changeTeam } from '../../commands/teams/changeTeam.ts';
import { endOtherSessions } from '../../commands/teams/endOtherSessions.ts';
import { endSession } from '../../commands/teams/endSession.ts';
import { accountView } from '../../contract/accounts.ts';
import { page } from '../../contract/common.ts';
import { sessionView } from '../../contract/sessions.ts';
import { getAccount } from '../../db/teams/accounts.ts';
import { listSessions } from '../../db/teams/sessions.ts';
import { toIsoTime } from '../../domain/time/toIsoTime.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { reply } from '../http/reply.ts';
import { bodyFor } from '../http/validate.ts';

export const me = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .get('/', async (c) => {
    const { services, actor } = c.var;
    return reply(c, accountView, toAccountView(await getAccount(services.db, actor.userId, actor.teamId)));
  })
  .patch('/team', bodyFor(changeTeam), async (c) => reply(c, accountView, await changeTeam(c.var, c.req.valid('json'))))
  .get('/sessions', async (c) => {
    const { services, actor } = c.var;
    const found = await listSessions(services.db, actor.userId, services.now());
    const data = found.map(({ createdAt, usedAt, expiresAt, ...session }) => ({
      ...session,
      isCurrent: session.id === actor.sessionId,
      createdAt: toIsoTime(createdAt),
      usedAt: toIsoTime(usedAt),
      expiresAt: toIsoTime(expiresAt),
    }));
    return reply(c, page(sessionView), { data, nextCursor: null });
  })
  .delete('/sessions', async (c) => {
    await endOtherSessions(c.var, {});
    return c.body(null, 204);
  })
  .delete('/sessions/:id', async (c) => {
    await endSession(c.var, { sessionId: c.req.param('id') });
    return c.body(null, 204);
  });
