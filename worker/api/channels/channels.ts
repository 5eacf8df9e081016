import { Hono } from 'hono';
import { z } from 'zod';
import { askRecipient } from '../../commands/channels/askRecipient.ts';
import { changeChannel } from '../../commands/channels/changeChannel.ts';
import { readChannelView, readChannelViews } from '../../commands/channels/channelView.ts';
import { createChannel } from '../../commands/channels/createChannel.ts';
import { deleteChannel } from '../../commands/channels/deleteChannel.ts';
import { testChannel } from '../../commands/channels/testChannel.ts';
import { channelDeletedView, channelView, recipientView } from '../../contract/channels.ts';
import { page } from '../../contract/common.ts';
import { attemptResultView } from '../../contract/deliveries.ts';
import { type ChannelRow, getChannel, listChannels } from '../../db/channels/channels.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { decodeCursor, encodeCursor, pageQuery, toPage } from '../http/pagination.ts';
import { reply } from '../http/reply.ts';
import { bodyFor, validQuery } from '../http/validate.ts';

const position = z.strictObject({ createdAt: z.int(), id: z.string() });

/** Secrets in the settings are masked in every response. */
export const channels = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .post('/', bodyFor(createChannel), async (c) => {
    const view = await createChannel(c.var, c.req.valid('json'));
    c.header('location', `/api/v1/channels/${view.id}`);
    return reply(c, channelView, view, 201);
  })
  .get('/', validQuery(pageQuery), async (c) => {
    const { services, actor } = c.var;
    const { teamId } = actor;
    const { limit, cursor } = c.req.valid('query');
    const after = decodeCursor(cursor, teamId, position) ?? undefined;
    const rows = await listChannels(services.db, { teamId, limit: limit + 1, after });
    const cursorAfter = ({ createdAt, id }: ChannelRow) => encodeCursor(teamId, { createdAt, id });
    const listed = toPage(rows, limit, (row) => row, cursorAfter);
    return reply(c, page(channelView), { ...listed, data: await readChannelViews(services, listed.data) });
  })
  .get('/:id', async (c) => {
    const { services, actor } = c.var;
    const row = await getChannel(services.db, { teamId: actor.teamId, id: c.req.param('id') });
    return reply(c, channelView, await readChannelView(services, row));
  })
  .patch('/:id', bodyFor(changeChannel, 'channelId'), async (c) => {
    const input = { ...c.req.valid('json'), channelId: c.req.param('id') };
    return reply(c, channelView, await changeChannel(c.var, input));
  })
  .delete('/:id', async (c) =>
    reply(c, channelDeletedView, await deleteChannel(c.var, { channelId: c.req.param('id') })),
  )
  .post('/:id/test', async (c) =>
    reply(c, attemptResultView, await testChannel(c.var, { channelId: c.req.param('id') })),
  )
  .post('/:id/recipients/ask', bodyFor(askRecipient, 'channelId'), async (c) => {
    const input = { ...c.req.valid('json'), channelId: c.req.param('id') };
    return reply(c, recipientView, await askRecipient(c.var, input));
  });
