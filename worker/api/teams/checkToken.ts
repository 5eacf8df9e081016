import { Hono } from 'hono';
import type { CheckTokenView } from '../../contract/views.ts';
import { readCheckToken, replaceCheckToken } from '../../db/teams/checkToken.ts';
import { tokenHeader } from '../../domain/checks/target.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';

const viewOf = async ({ services, actor }: ApiEnv['Variables']): Promise<CheckTokenView> => ({
  header: tokenHeader,
  token: await readCheckToken(services, actor.teamId),
});

/** The secret header by which a firewall recognises the checks of the team. */
export const checkToken = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .get('/', async (c) => c.json(await viewOf(c.var)))
  .post('/renew', async (c) => {
    await replaceCheckToken(c.var.services, c.var.actor);
    return c.json(await viewOf(c.var));
  });
