import type { Context } from 'hono';
import type { OwnId } from '../../db/monitors/monitors.ts';
import type { ApiEnv } from './context.ts';

/** The monitor that a path `/monitors/:id…` names, within the team that asks. */
export const ownMonitor = (c: Context<ApiEnv>): OwnId => ({
  teamId: c.var.actor.teamId,
  id: c.req.param('id') ?? '',
});
