import { Hono } from 'hono';
import { z } from 'zod';
import { changeStatusPage } from '../../commands/statusPages/changeStatusPage.ts';
import { createStatusPage } from '../../commands/statusPages/createStatusPage.ts';
import { deleteStatusPage } from '../../commands/statusPages/deleteStatusPage.ts';
import { toStatusPageView } from '../../commands/statusPages/statusPageView.ts';
import { page } from '../../contract/common.ts';
import { statusPageView } from '../../contract/statusPages.ts';
import { getStatusPage, listStatusPages, type StatusPageRow } from '../../db/statusPages/statusPageRows.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { decodeCursor, encodeCursor, pageQuery, toPage } from '../http/pagination.ts';
import { reply } from '../http/reply.ts';
import { bodyFor, validQuery } from '../http/validate.ts';

const position = z.strictObject({ createdAt: z.int(), id: z.string() });

export const statusPages = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .post('/', bodyFor(createStatusPage), async (c) => {
    const created = await createStatusPage(c.var, c.req.valid('json'));
    c.header('location', `/api/v1/status-pages/${created.id}`);
    return reply(c, statusPageView, created, 201);
  })
  .get('/', validQuery(pageQuery), async (c) => {
    const { services, actor } = c.var;
    const { limit, cursor } = c.req.valid('query');
    const before = decodeCursor(cursor, actor.teamId, position) ?? undefined;
    const rows = await listStatusPages(services.db, { teamId: actor.teamId, limit: limit + 1, before });
    const cursorAfter = ({ createdAt, id }: StatusPageRow) => encodeCursor(actor.teamId, { createdAt, id });
    return reply(c, page(statusPageView), toPage(rows, limit, toStatusPageView, cursorAfter));
  })
  .get('/:id', async (c) => {
    const { services, actor } = c.var;
    const row = await getStatusPage(services.db, { teamId: actor.teamId, id: c.req.param('id') });
    return reply(c, statusPageView, toStatusPageView(row));
  })
  .patch('/:id', bodyFor(changeStatusPage, 'pageId'), async (c) => {
    const input = { ...c.req.valid('json'), pageId: c.req.param('id') };
    return reply(c, statusPageView, await changeStatusPage(c.var, input));
  })
  .delete('/:id', async (c) => {
    await deleteStatusPage(c.var, { pageId: c.req.param('id') });
    return c.body(null, 204);
  });
