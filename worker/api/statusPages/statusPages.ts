import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Page, StatusPageView } from '../../contract/views.ts';
import { getStatusPage, listStatusPages, type StatusPageRow } from '../../db/statusPages/statusPageRows.ts';
import { insertStatusPage, removeStatusPage, updateStatusPage } from '../../db/statusPages/statusPages.ts';
import { changeStatusPageSchema, createStatusPageSchema } from '../../domain/statusPages/statusPage.ts';
import { isoTime } from '../../domain/time/isoTime.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { decodeCursor, encodeCursor, pageQuery, toPage } from '../http/pagination.ts';
import { validJson, validQuery } from '../http/validate.ts';

/** `updatedAt` of the version that the change rests on: what somebody else changed since is not overwritten. */
const changeSchema = changeStatusPageSchema.extend({ updatedAt: isoTime.optional() });

const position = z.strictObject({ createdAt: z.int(), id: z.string() });

const ownId = (c: Context<ApiEnv>) => ({ teamId: c.var.actor.teamId, id: c.req.param('id') ?? '' });

const actOn = (c: Context<ApiEnv>) => ({ ...ownId(c), userId: c.var.actor.userId });

const toStatusPageView = ({ id, slug, name, components, createdAt, updatedAt }: StatusPageRow): StatusPageView => ({
  id,
  slug,
  name,
  components,
  createdAt: new Date(createdAt).toISOString(),
  updatedAt: new Date(updatedAt).toISOString(),
});

export const statusPages = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .post('/', validJson(createStatusPageSchema), async (c) => {
    const { services, actor } = c.var;
    const page = await insertStatusPage(services, { ...actor, input: c.req.valid('json') });
    c.header('location', `/api/v1/status-pages/${page.id}`);
    return c.json<StatusPageView, 201>(toStatusPageView(page), 201);
  })
  .get('/', validQuery(pageQuery), async (c) => {
    const { services, actor } = c.var;
    const { limit, cursor } = c.req.valid('query');
    const before = decodeCursor(cursor, actor.teamId, position) ?? undefined;
    const rows = await listStatusPages(services.db, { teamId: actor.teamId, limit: limit + 1, before });
    const cursorAfter = ({ createdAt, id }: StatusPageRow) => encodeCursor(actor.teamId, { createdAt, id });
    return c.json<Page<StatusPageView>>(toPage(rows, limit, toStatusPageView, cursorAfter));
  })
  .get('/:id', async (c) => c.json<StatusPageView>(toStatusPageView(await getStatusPage(c.var.services.db, ownId(c)))))
  .patch('/:id', validJson(changeSchema), async (c) => {
    const { updatedAt: seenAt, ...change } = c.req.valid('json');
    const page = await updateStatusPage(c.var.services, { ...actOn(c), seenAt, change });
    return c.json<StatusPageView>(toStatusPageView(page));
  })
  .delete('/:id', async (c) => {
    await removeStatusPage(c.var.services, actOn(c));
    return c.body(null, 204);
  });
