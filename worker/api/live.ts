import { Hono } from 'hono';
import { limitAttempts } from '../auth/limits.ts';
import { PharosError } from '../errors.ts';
import type { ApiEnv } from './context.ts';
import { requireSession } from './middleware.ts';

/** `GET /live`: the WebSocket over which the team's news comes (`LiveEvent` in views.ts). */
export const live = new Hono<ApiEnv>().use(requireSession).get('/', async (c) => {
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket')
    throw new PharosError('invalid_request', 'This address speaks WebSocket only.');
  const { userId, teamId, sessionId } = c.var.actor;
  await limitAttempts(c.var.services.apiLimit, [userId]);
  const headers = new Headers(c.req.raw.headers);
  headers.set('x-pharos-session', sessionId);
  headers.set('x-pharos-team', teamId);
  const { webSocket } = await c.var.services.feed(teamId).fetch(new Request(c.req.raw, { headers }));
  // The object's own answer has headers that the middleware could not add to.
  return new Response(null, { status: 101, webSocket });
});
