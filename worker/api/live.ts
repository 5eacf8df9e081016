import { Hono } from 'hono';
import { PharosError } from '../errors.ts';
import type { ApiEnv } from './context.ts';

/** `GET /live`: the WebSocket over which the team's news comes (`LiveEvent` in views.ts). */
export const live = new Hono<ApiEnv>().get('/', async (c) => {
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket')
    throw new PharosError('invalid_request', 'This address speaks WebSocket only.');
  const { teamId, sessionId } = c.var.actor;
  const headers = new Headers(c.req.raw.headers);
  headers.set('x-pharos-session', sessionId);
  headers.set('x-pharos-team', teamId);
  return c.var.services.feed(teamId).fetch(new Request(c.req.raw, { headers }));
});
