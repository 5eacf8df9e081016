import { Hono } from 'hono';
import { z } from 'zod';
import { getIncident, type IncidentRow, listIncidents } from '../db/incidents.ts';
import { getMonitor } from '../db/monitors.ts';
import type { ApiEnv } from './context.ts';
import { requireSession } from './middleware.ts';
import { decodeCursor, encodeCursor, pageQuery, toPage } from './pagination.ts';
import { validQuery } from './validate.ts';
import type { IncidentView, Page } from './views.ts';

const listQuery = pageQuery.extend({
  monitorId: z.string().max(64).optional(),
  state: z.enum(['open', 'resolved'], 'Ask for "open" or "resolved".').optional(),
});
const position = z.strictObject({ startedAt: z.int(), id: z.string() });

export const toIncidentView = (row: IncidentRow): IncidentView => ({
  id: row.id,
  monitorId: row.monitorId,
  monitorName: row.monitorName,
  state: row.resolvedAt === null ? 'open' : 'resolved',
  startedAt: isoTime(row.startedAt),
  detectedAt: isoTime(row.detectedAt),
  endedAt: row.endedAt === null ? null : isoTime(row.endedAt),
  resolvedAt: row.resolvedAt === null ? null : isoTime(row.resolvedAt),
  reason: row.reason,
  evidence: row.evidence.map(({ health, at, ...seen }) => ({ ...seen, outcome: health, at: isoTime(at) })),
});

const isoTime = (ms: number) => new Date(ms).toISOString();

export const incidents = new Hono<ApiEnv>()
  .use(requireSession)
  .get('/', validQuery(listQuery), async (c) => {
    const { services, actor } = c.var;
    const { teamId } = actor;
    const { limit, cursor, monitorId, state } = c.req.valid('query');
    const before = decodeCursor(cursor, teamId, position) ?? undefined;
    const monitor = monitorId === undefined ? undefined : await getMonitor(services.db, { teamId, id: monitorId });
    const filter = { teamId, monitor: monitor?.number, state, before };
    const rows = await listIncidents(services.db, { ...filter, limit: limit + 1 });
    const cursorAfter = ({ startedAt, id }: IncidentRow) => encodeCursor(teamId, { startedAt, id });
    return c.json<Page<IncidentView>>(toPage(rows, limit, toIncidentView, cursorAfter));
  })
  .get('/:id', async (c) => {
    const { services, actor } = c.var;
    const incident = await getIncident(services.db, { teamId: actor.teamId, id: c.req.param('id') });
    return c.json<IncidentView>(toIncidentView(incident));
  });
