import { Hono } from 'hono';
import { type DigestView, digestView } from '../../contract/deliveries.ts';
import { type DigestRow, getDigest } from '../../db/deliveries/digests.ts';
import type { ChannelKind } from '../../domain/delivery/channelKind.ts';
import { toIsoTime } from '../../domain/time/toIsoTime.ts';
import type { ApiEnv } from '../http/context.ts';
import { requireSession } from '../http/middleware.ts';
import { reply } from '../http/reply.ts';

const toDigestView = ({ id, createdAt, alerts, channel, channelName, channelKind }: DigestRow): DigestView => ({
  id,
  createdAt: toIsoTime(createdAt),
  alerts,
  channel: channelName === null ? null : { id: channel, name: channelName, kind: channelKind as ChannelKind },
});

/** Alerts that were sent as one message. Their monitors: `GET /api/v1/monitors?digest=`. */
export const digests = new Hono<ApiEnv>().use(requireSession).get('/:id', async (c) => {
  const { services, actor } = c.var;
  const row = await getDigest(services.d1, { teamId: actor.teamId, id: c.req.param('id') });
  return reply(c, digestView, toDigestView(row));
});
