import type { Context } from 'hono';
import type { OwnId } from '../../db/monitors/monitors.ts';
import type { ApiEnv } from './context.ts';

/** The monitor of a path `/monitors/:id…`, within the team of the request. */
export const ownMonitor = (c: Context<ApiEnv>): OwnId => ({
  teamId: c.var.actor.teamId,
  id: c.req.param('id') ?? '',
});
