import { Hono } from 'hono';
import { limitAttempts } from '../../auth/limits.ts';
import { socketLimit } from '../../db/teams/limits.ts';
import { LimitReached, PharosError } from '../../errors.ts';
import type { ApiEnv } from './context.ts';
import { requireSession } from './middleware.ts';

/** `GET /live`: the WebSocket for the team's live events (`LiveEvent` in views.ts). */
export const live = new Hono<ApiEnv>().use(requireSession).get('/', async (c) => {
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket')
    throw new PharosError('invalid_request', 'This address accepts only WebSocket connections.');
  const { services } = c.var;
  const { userId, teamId, sessionId } = c.var.actor;
  await limitAttempts(services.apiLimit, [userId]);
  const limit = await socketLimit(services, teamId);
  const headers = new Headers(c.req.raw.headers);
  headers.set('x-pharos-session', sessionId);
  headers.set('x-pharos-team', teamId);
  headers.set('x-pharos-socket-limit', String(limit));
  const opened = await services.feed(teamId).fetch(new Request(c.req.raw, { headers }));
  if (opened.status === 403) throw new LimitReached('sockets', (await opened.json()) as number, limit);
  // The response of the object has headers that the middleware could not add to.
  return new Response(null, { status: 101, webSocket: opened.webSocket });
});
