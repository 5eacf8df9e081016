import { Hono } from 'hono';
import { checkHealth } from '../../operations/health.ts';
import type { ApiEnv } from '../http/context.ts';

/** Whether this installation does its work, for a monitor elsewhere: 200, or 503 where some part does not. */
export const health = new Hono<ApiEnv>().get('/', async (c) => {
  const answer = await checkHealth(c.var.services, c.var.requestId);
  c.header('cache-control', 'no-store');
  return c.json(answer, answer.status === 'ok' ? 200 : 503);
});
