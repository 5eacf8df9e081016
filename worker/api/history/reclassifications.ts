import { Hono } from 'hono';
import { z } from 'zod';
import { createReclassification } from '../../commands/history/createReclassification.ts';
import { toReclassificationView } from '../../commands/history/reclassificationView.ts';
import { revokeReclassification } from '../../commands/history/revokeReclassification.ts';
import { page } from '../../contract/common.ts';
import { reclassificationPreview, reclassificationView } from '../../contract/history.ts';
import { previewReclassification } from '../../db/history/previewReclassification.ts';
import { listReclassifications, type ReclassificationRow } from '../../db/history/reclassifications.ts';
import { getMonitor } from '../../db/monitors/monitors.ts';
import { previewReclassificationSchema } from '../../domain/history/reclassification.ts';
import { secondsOf, uptimeOf } from '../../domain/history/uptime.ts';
import type { ApiEnv } from '../http/context.ts';
import { ownMonitor } from '../http/monitorContext.ts';
import { decodeCursor, encodeCursor, pageQuery, toPage } from '../http/pagination.ts';
import { reply } from '../http/reply.ts';
import { bodyFor, validQuery } from '../http/validate.ts';

const position = z.strictObject({ from: z.int(), id: z.string() });

/** `/monitors/:id/reclassifications`. Behind the session that `/monitors` requires. */
export const reclassifications = new Hono<ApiEnv>()
  .get('/', validQuery(pageQuery), async (c) => {
    const { services, actor } = c.var;
    const { limit, cursor } = c.req.valid('query');
    const before = decodeCursor(cursor, actor.teamId, position) ?? undefined;
    const monitor = await getMonitor(services.db, ownMonitor(c));
    const rows = await listReclassifications(services.db, { monitor: monitor.number, before, limit: limit + 1 });
    const cursorAfter = ({ from, id }: ReclassificationRow) => encodeCursor(actor.teamId, { from, id });
    return reply(c, page(reclassificationView), toPage(rows, limit, toReclassificationView(monitor.id), cursorAfter));
  })
  .get('/preview', validQuery(previewReclassificationSchema), async (c) => {
    const asked = { ...ownMonitor(c), ...c.req.valid('query') };
    const { itself, month } = await previewReclassification(c.var.services, asked);
    return reply(c, reclassificationPreview, {
      seconds: { before: secondsOf(itself.before), after: secondsOf(itself.after) },
      uptime30d: { before: uptimeOf(month.before), after: uptimeOf(month.after) },
    });
  })
  .post('/', bodyFor(createReclassification, 'monitorId'), async (c) => {
    const input = { ...c.req.valid('json'), monitorId: ownMonitor(c).id };
    return reply(c, reclassificationView, await createReclassification(c.var, input), 201);
  })
  .post('/:reclassification/revoke', async (c) => {
    const input = { monitorId: ownMonitor(c).id, reclassificationId: c.req.param('reclassification') };
    return reply(c, reclassificationView, await revokeReclassification(c.var, input));
  });
