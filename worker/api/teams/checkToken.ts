import { Hono } from 'hono';
import { readCheckTokenView } from '../../commands/teams/checkTokenView.ts';
import { renewCheckToken } from '../../commands/teams/renewCheckToken.ts';
import { checkTokenView } from '../../contract/checkToken.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { reply } from '../http/reply.ts';

/** The secret header by which a firewall recognizes the checks of the team. */
export const checkToken = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .get('/', async (c) => reply(c, checkTokenView, await readCheckTokenView(c.var.services, c.var.actor.teamId)))
  .post('/renew', async (c) => reply(c, checkTokenView, await renewCheckToken(c.var, {})));
