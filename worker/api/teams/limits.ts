import { Hono } from 'hono';
import { page } from '../../contract/common.ts';
import { limitView } from '../../contract/limits.ts';
import type { LimitView } from '../../contract/views.ts';
import { readLimits } from '../../db/teams/limits.ts';
import { definitionOf, limitState } from '../../domain/teams/limits.ts';
import { toIsoTimeOrNull } from '../../domain/time/toIsoTime.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { reply } from '../http/reply.ts';

/** The team's use of each limit (domain/teams/limits.ts). */
export const limits = new Hono<ApiEnv>().use(requireSession, limitWrites).get('/', async (c) => {
  const { services, actor } = c.var;
  const sockets = await services.feed(actor.teamId).countSockets();
  const uses = await readLimits(services, actor.teamId, sockets);
  const data = uses.map(
    ({ name, used, limit, until }): LimitView => ({
      name,
      label: definitionOf(name).label,
      used,
      limit,
      state: limitState({ used, limit }),
      resetsAt: toIsoTimeOrNull(until),
    }),
  );
  return reply(c, page(limitView), { data, nextCursor: null });
});
