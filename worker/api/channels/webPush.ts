import { Hono } from 'hono';
import type { WebPushView } from '../../contract/views.ts';
import { PharosError } from '../../errors.ts';
import type { ApiEnv } from '../http/context.ts';
import { requireSession } from '../http/middleware.ts';

/** With what a browser subscribes: its subscription is then the settings of a channel of the kind `web-push`. */
export const webPush = new Hono<ApiEnv>().use(requireSession).get('/', (c) => {
  const { vapid } = c.var.services.config;
  if (!vapid) throw new PharosError('not_found', webPushMissing);
  return c.json<WebPushView>({ publicKey: vapid.publicKey });
});

/** What the operator has to do first. */
export const webPushMissing =
  'Browser notifications need keys of this Pharos. The operator makes them by running "npm run deploy" again.';
