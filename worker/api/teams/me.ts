import { Hono } from 'hono';
import { endOtherSessions, endSessionOf } from '../../auth/sessions.ts';
import type { SessionView } from '../../contract/views.ts';
import { type Account, getAccount } from '../../db/teams/accounts.ts';
import { listSessions } from '../../db/teams/sessions.ts';
import { setTimeZone } from '../../db/teams/teams.ts';
import { changeTeamInput } from '../../domain/teams/account.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { validJson } from '../http/validate.ts';

export const toAccountView = ({ user, team }: Account) => ({
  user: { id: user.id, email: user.email, createdAt: new Date(user.createdAt).toISOString() },
  team,
});
export type AccountView = ReturnType<typeof toAccountView>;

const readAccount = async ({ services, actor }: ApiEnv['Variables']): Promise<AccountView> =>
  toAccountView(await getAccount(services.db, actor.userId, actor.teamId));

export const me = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .get('/', async (c) => c.json(await readAccount(c.var)))
  .patch('/team', validJson(changeTeamInput), async (c) => {
    const { services, actor } = c.var;
    await setTimeZone(services.db, actor, c.req.valid('json').timeZone, services.now());
    return c.json(await readAccount(c.var));
  })

  .get('/sessions', async (c) => {
    const { services, actor } = c.var;
    const found = await listSessions(services.db, actor.userId, services.now());
    const data: SessionView[] = found.map(({ createdAt, usedAt, expiresAt, ...session }) => ({
      ...session,
      isCurrent: session.id === actor.sessionId,
      createdAt: new Date(createdAt).toISOString(),
      usedAt: new Date(usedAt).toISOString(),
      expiresAt: new Date(expiresAt).toISOString(),
    }));
    return c.json({ data });
  })
  .delete('/sessions', async (c) => {
    await endOtherSessions(c.var.services, c.var.actor);
    return c.body(null, 204);
  })
  .delete('/sessions/:id', async (c) => {
    await endSessionOf(c.var.services, c.var.actor, c.req.param('id'));
    return c.body(null, 204);
  });
