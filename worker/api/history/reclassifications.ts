import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { toAuthorView, toIsoTime, toIsoTimeOrNull } from '../../commands/viewFields.ts';
import type { Page, ReclassificationPreview, ReclassificationView } from '../../contract/views.ts';
import { previewReclassification } from '../../db/history/previewReclassification.ts';
import {
  createReclassification,
  listReclassifications,
  type ReclassificationRow,
  revokeReclassification,
} from '../../db/history/reclassifications.ts';
import { getMonitor } from '../../db/monitors/monitors.ts';
import { createReclassificationSchema, previewReclassificationSchema } from '../../domain/history/reclassification.ts';
import { secondsOf, uptimeOf } from '../../domain/history/uptime.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import type { ApiEnv } from '../http/context.ts';
import { actOnMonitor, ownMonitor } from '../http/monitorContext.ts';
import { decodeCursor, encodeCursor, pageQuery, toPage } from '../http/pagination.ts';
import { validJson, validQuery } from '../http/validate.ts';

const position = z.strictObject({ from: z.int(), id: z.string() });

const toView =
  (monitorId: string) =>
  (row: ReclassificationRow): ReclassificationView => ({
    id: row.id,
    monitorId,
    from: toIsoTime(row.from),
    to: toIsoTime(row.to),
    as: row.as,
    reason: row.reason,
    author: toAuthorView(row.author, row.authorEmail),
    createdAt: toIsoTime(row.createdAt),
    revokedAt: toIsoTimeOrNull(row.revokedAt),
    revokedBy: toAuthorView(row.revokedBy, row.revokedByEmail),
  });

/** Uptime, history and incidents of the monitor differ from what open dashboards show. */
const publish = (c: Context<ApiEnv>) =>
  publishLiveEvent(c.var.services, c.var.actor.teamId, c.var.requestId, { type: 'monitors-changed' });

/** `/monitors/:id/reclassifications`. Behind the session that `/monitors` requires. */
export const reclassifications = new Hono<ApiEnv>()
  .get('/', validQuery(pageQuery), async (c) => {
    const { services, actor } = c.var;
    const { limit, cursor } = c.req.valid('query');
    const before = decodeCursor(cursor, actor.teamId, position) ?? undefined;
    const monitor = await getMonitor(services.db, ownMonitor(c));
    const rows = await listReclassifications(services.db, { monitor: monitor.number, before, limit: limit + 1 });
    const cursorAfter = ({ from, id }: ReclassificationRow) => encodeCursor(actor.teamId, { from, id });
    return c.json<Page<ReclassificationView>>(toPage(rows, limit, toView(monitor.id), cursorAfter));
  })
  .get('/preview', validQuery(previewReclassificationSchema), async (c) => {
    const asked = { ...ownMonitor(c), ...c.req.valid('query') };
    const { itself, month } = await previewReclassification(c.var.services, asked);
    return c.json<ReclassificationPreview>({
      seconds: { before: secondsOf(itself.before), after: secondsOf(itself.after) },
      uptime30d: { before: uptimeOf(month.before), after: uptimeOf(month.after) },
    });
  })
  .post('/', validJson(createReclassificationSchema), async (c) => {
    const act = actOnMonitor(c);
    const row = await createReclassification(c.var.services, { ...act, input: c.req.valid('json') });
    await publish(c);
    return c.json<ReclassificationView, 201>(toView(act.id)(row), 201);
  })
  .post('/:reclassification/revoke', async (c) => {
    const act = actOnMonitor(c);
    const revoke = { ...act, reclassification: c.req.param('reclassification') };
    const { row, changed } = await revokeReclassification(c.var.services, revoke);
    if (changed) await publish(c);
    return c.json<ReclassificationView>(toView(act.id)(row));
  });
