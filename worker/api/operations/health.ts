import { Hono } from 'hono';
import { healthView } from '../../contract/health.ts';
import { checkHealth } from '../../operations/health.ts';
import type { ApiEnv } from '../http/context.ts';
import { reply } from '../http/reply.ts';

/** Health of this installation, for a monitor elsewhere: 200, or 503 if a part fails. */
export const health = new Hono<ApiEnv>().get('/', async (c) => {
  const found = await checkHealth(c.var.services, c.var.requestId);
  c.header('cache-control', 'no-store');
  return reply(c, healthView, found, found.status === 'ok' ? 200 : 503);
});
