import { Hono } from 'hono';
import { z } from 'zod';
import { toDeliveryView } from '../../commands/deliveries/deliveryView.ts';
import { retryDelivery } from '../../commands/deliveries/retryDelivery.ts';
import { page } from '../../contract/common.ts';
import { deliveryView, overdueView } from '../../contract/deliveries.ts';
import { type DeliveryRow, getDelivery, listDeliveries } from '../../db/deliveries/deliveries.ts';
import { countOverdue, overdueMs } from '../../db/deliveries/overdue.ts';
import { deliveryStates } from '../../domain/escalation/delivery.ts';
import { toIsoTimeOrNull } from '../../domain/time/toIsoTime.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { decodeCursor, encodeCursor, idQuery, pageQuery, toPage } from '../http/pagination.ts';
import { reply } from '../http/reply.ts';
import { validQuery } from '../http/validate.ts';

const listQuery = pageQuery.extend({
  incidentId: idQuery,
  monitorId: idQuery,
  channelId: idQuery,
  state: z.enum(deliveryStates, `The state must be one of ${deliveryStates.join(', ')}.`).optional(),
});
const position = z.strictObject({ number: z.int() });

/** The log of deliveries: alert, channel and result. */
export const deliveries = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .get('/', validQuery(listQuery), async (c) => {
    const { services, actor } = c.var;
    const { teamId } = actor;
    const { limit, cursor, ...filter } = c.req.valid('query');
    const before = decodeCursor(cursor, teamId, position)?.number;
    const rows = await listDeliveries(services, { teamId, limit: limit + 1, before, ...filter });
    const cursorAfter = ({ number }: DeliveryRow) => encodeCursor(teamId, { number });
    const now = services.now();
    return reply(
      c,
      page(deliveryView),
      toPage(rows, limit, (row) => toDeliveryView(row, now), cursorAfter),
    );
  })
  .get('/overdue', async (c) => {
    const { services, actor } = c.var;
    const { count, since } = await countOverdue(services.d1, services.now() - overdueMs, actor.teamId);
    return reply(c, overdueView, { count, since: toIsoTimeOrNull(since) });
  })
  .get('/:id', async (c) => {
    const { services, actor } = c.var;
    const row = await getDelivery(services, { teamId: actor.teamId, id: c.req.param('id') });
    return reply(c, deliveryView, toDeliveryView(row, services.now()));
  })
  .post('/:id/retry', async (c) =>
    reply(c, deliveryView, await retryDelivery(c.var, { deliveryId: c.req.param('id') })),
  );
