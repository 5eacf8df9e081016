import { Hono } from 'hono';
import { readCheckToken, renewCheckToken } from '../db/checkToken.ts';
import { tokenHeader } from '../domain/target.ts';
import type { ApiEnv } from './context.ts';
import { limitWrites, requireSession } from './middleware.ts';
import type { CheckTokenView } from './views.ts';

const viewOf = async ({ services, actor }: ApiEnv['Variables']): Promise<CheckTokenView> => ({
  header: tokenHeader,
  token: await readCheckToken(services, actor.teamId),
});

/** The secret header by which a firewall recognises the checks of the team. */
export const checkToken = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .get('/', async (c) => c.json(await viewOf(c.var)))
  .post('/renew', async (c) => {
    await renewCheckToken(c.var.services, c.var.actor);
    return c.json(await viewOf(c.var));
  });
