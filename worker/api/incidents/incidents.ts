import { Hono } from 'hono';
import { z } from 'zod';
import { acknowledgeIncident } from '../../commands/incidents/acknowledgeIncident.ts';
import { changeIncident } from '../../commands/incidents/changeIncident.ts';
import { commentOnIncident } from '../../commands/incidents/commentOnIncident.ts';
import { readIncidentDetail, toIncidentView } from '../../commands/incidents/incidentView.ts';
import { reopenIncident } from '../../commands/incidents/reopenIncident.ts';
import { resolveIncident } from '../../commands/incidents/resolveIncident.ts';
import { page } from '../../contract/common.ts';
import { incidentDetailView, incidentView } from '../../contract/incidents.ts';
import { type ListedIncidentRow, listIncidents } from '../../db/incidents/incidents.ts';
import { getMonitor } from '../../db/monitors/monitors.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { decodeCursor, encodeCursor, idQuery, pageQuery, toPage } from '../http/pagination.ts';
import { reply } from '../http/reply.ts';
import { bodyFor, validQuery } from '../http/validate.ts';

const listQuery = pageQuery.extend({
  monitorId: idQuery,
  state: z.enum(['open', 'resolved'], 'The state must be "open" or "resolved".').optional(),
});
const position = z.strictObject({ startedAt: z.int(), id: z.string() });

export const incidents = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .get('/', validQuery(listQuery), async (c) => {
    const { services, actor } = c.var;
    const { teamId } = actor;
    const { limit, cursor, monitorId, state } = c.req.valid('query');
    const before = decodeCursor(cursor, teamId, position) ?? undefined;
    const monitor = monitorId === undefined ? undefined : await getMonitor(services.db, { teamId, id: monitorId });
    const filter = { teamId, monitor: monitor?.number, state, before };
    const rows = await listIncidents(services.db, { ...filter, limit: limit + 1 });
    const cursorAfter = ({ startedAt, id }: ListedIncidentRow) => encodeCursor(teamId, { startedAt, id });
    return reply(c, page(incidentView), toPage(rows, limit, toIncidentView, cursorAfter));
  })
  .get('/:id', async (c) => {
    const { services, actor } = c.var;
    const own = { teamId: actor.teamId, id: c.req.param('id') };
    return reply(c, incidentDetailView, await readIncidentDetail(services, own));
  })
  .patch('/:id', bodyFor(changeIncident, 'incidentId'), async (c) => {
    const input = { ...c.req.valid('json'), incidentId: c.req.param('id') };
    return reply(c, incidentDetailView, await changeIncident(c.var, input));
  })
  .post('/:id/acknowledge', async (c) =>
    reply(c, incidentDetailView, await acknowledgeIncident(c.var, { incidentId: c.req.param('id') })),
  )
  .post('/:id/comments', bodyFor(commentOnIncident, 'incidentId'), async (c) => {
    const input = { ...c.req.valid('json'), incidentId: c.req.param('id') };
    return reply(c, incidentDetailView, await commentOnIncident(c.var, input), 201);
  })
  .post('/:id/resolve', async (c) =>
    reply(c, incidentDetailView, await resolveIncident(c.var, { incidentId: c.req.param('id') })),
  )
  .post('/:id/reopen', async (c) =>
    reply(c, incidentDetailView, await reopenIncident(c.var, { incidentId: c.req.param('id') })),
  );
