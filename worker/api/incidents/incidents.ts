import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { tellMonitor } from '../../checks/pipeline/tellMonitor.ts';
import type { IncidentDetailView, IncidentView, Page } from '../../contract/views.ts';
import { describeIncident } from '../../db/incidents/describeIncident.ts';
import {
  acknowledgeIncident,
  commentIncident,
  reopenIncident,
  resolveIncident,
} from '../../db/incidents/incidentActions.ts';
import { type IncidentRow, type ListedIncidentRow, listIncidents } from '../../db/incidents/incidents.ts';
import { getMonitor } from '../../db/monitors/monitors.ts';
import { changeIncidentSchema, commentSchema } from '../../domain/incidents/incident.ts';
import { tellFeed } from '../../live/tellFeed.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { decodeCursor, encodeCursor, idQuery, pageQuery, toPage } from '../http/pagination.ts';
import { validJson, validQuery } from '../http/validate.ts';
import { readIncidentDetail, toIncidentView } from './incidentView.ts';

const listQuery = pageQuery.extend({
  monitorId: idQuery,
  state: z.enum(['open', 'resolved'], 'Ask for "open" or "resolved".').optional(),
});
const position = z.strictObject({ startedAt: z.int(), id: z.string() });

type IncidentContext = Context<ApiEnv, '/:id'>;

const ownId = (c: IncidentContext) => ({ teamId: c.var.actor.teamId, id: c.req.param('id') });
const act = (c: IncidentContext) => ({ ...ownId(c), userId: c.var.actor.userId });

/** Shows open dashboards what changed, has the escalation follow it, and answers with the incident as it is by now. */
const answer = async (c: IncidentContext, { incident, changed }: { incident: IncidentRow; changed: boolean }) => {
  const { services, actor, requestId } = c.var;
  const { id, monitorId, resolvedAt } = incident;
  const state = resolvedAt === null ? 'open' : 'resolved';
  if (changed) {
    await tellMonitor(services, incident, requestId);
    await tellFeed(services, actor.teamId, requestId, { type: 'incident', incidentId: id, monitorId, state });
  }
  return readIncidentDetail(services, ownId(c));
};

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
    return c.json<Page<IncidentView>>(toPage(rows, limit, toIncidentView, cursorAfter));
  })
  .get('/:id', async (c) => c.json<IncidentDetailView>(await readIncidentDetail(c.var.services, ownId(c))))
  .patch('/:id', validJson(changeIncidentSchema), async (c) => {
    const { describedAt: seenAt, ...change } = c.req.valid('json');
    const described = await describeIncident(c.var.services, { ...act(c), ...change, seenAt });
    return c.json<IncidentDetailView>(await answer(c, described));
  })
  .post('/:id/acknowledge', async (c) =>
    c.json<IncidentDetailView>(await answer(c, await acknowledgeIncident(c.var.services, act(c)))),
  )
  .post('/:id/comments', validJson(commentSchema), async (c) => {
    const commented = await commentIncident(c.var.services, { ...act(c), ...c.req.valid('json') });
    return c.json<IncidentDetailView, 201>(await answer(c, commented), 201);
  })
  .post('/:id/resolve', async (c) =>
    c.json<IncidentDetailView>(await answer(c, await resolveIncident(c.var.services, act(c)))),
  )
  .post('/:id/reopen', async (c) =>
    c.json<IncidentDetailView>(await answer(c, await reopenIncident(c.var.services, act(c)))),
  );
