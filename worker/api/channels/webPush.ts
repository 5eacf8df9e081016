import { Hono } from 'hono';
import { webPushView } from '../../contract/channels.ts';
import { PharosError } from '../../errors.ts';
import type { ApiEnv } from '../http/context.ts';
import { requireSession } from '../http/middleware.ts';
import { reply } from '../http/reply.ts';

/** The key with which a browser subscribes; its subscription is the settings of a channel of the kind `web-push`. */
export const webPush = new Hono<ApiEnv>().use(requireSession).get('/', (c) => {
  const { vapid } = c.var.services.config;
  if (!vapid) throw new PharosError('not_found', webPushMissing);
  return reply(c, webPushView, { publicKey: vapid.publicKey });
});

/** The missing configuration. */
export const webPushMissing =
  'Browser notifications need a key pair for this Pharos. The operator creates it by running "npm run deploy" again.';
