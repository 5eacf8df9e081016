import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { changeMaintenance } from '../../commands/maintenance/changeMaintenance.ts';
import { createMaintenance } from '../../commands/maintenance/createMaintenance.ts';
import { deleteMaintenance } from '../../commands/maintenance/deleteMaintenance.ts';
import { endMaintenance } from '../../commands/maintenance/endMaintenance.ts';
import { toMaintenanceView, toOccurrenceView, toSpanView } from '../../commands/maintenance/maintenanceView.ts';
import { skipOccurrence } from '../../commands/maintenance/skipOccurrence.ts';
import { unskipOccurrence } from '../../commands/maintenance/unskipOccurrence.ts';
import { page } from '../../contract/common.ts';
import { maintenancePreview, maintenanceWindowView, occurrenceView } from '../../contract/maintenance.ts';
import { fittingMaintenance } from '../../db/maintenance/fittingMaintenance.ts';
import {
  getMaintenance,
  listEffective,
  listMaintenance,
  type MaintenanceRow,
} from '../../db/maintenance/maintenanceRows.ts';
import { getMonitor } from '../../db/monitors/monitors.ts';
import { firstOccurrences } from '../../domain/maintenance/maintenanceOccurrences.ts';
import { previewMaintenanceSchema } from '../../domain/maintenance/maintenanceSchema.ts';
import { nextOccurrences, stillSkipped, windowTimes } from '../../domain/maintenance/maintenanceWindow.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { decodeCursor, encodeCursor, idQuery, pageQuery, toPage } from '../http/pagination.ts';
import { periodAhead, periodQuery } from '../http/period.ts';
import { reply } from '../http/reply.ts';
import { bodyFor, validJson, validQuery } from '../http/validate.ts';

const listQuery = pageQuery.extend({
  monitorId: idQuery,
  state: z.enum(['open', 'over'], 'The state must be "open" (upcoming or running) or "over".').optional(),
});
const position = z.strictObject({ createdAt: z.int(), id: z.string() });

const maxOccurrences = 500;
const maxDays = 100;
const occurrencesLimit = `The limit must be a whole number from 1 to ${maxOccurrences}.`;
const occurrencesQuery = periodQuery.extend({
  monitorId: idQuery,
  limit: z.coerce
    .number(occurrencesLimit)
    .int(occurrencesLimit)
    .min(1, occurrencesLimit)
    .max(maxOccurrences, occurrencesLimit)
    .default(maxOccurrences),
  cursor: pageQuery.shape.cursor,
});
const occurrencePosition = z.strictObject({ from: z.int(), id: z.string() });

const shownInPreview = 5;

const numberOf = async (c: Context<ApiEnv>, id: string | undefined): Promise<number | undefined> =>
  id === undefined ? undefined : (await getMonitor(c.var.services.db, { teamId: c.var.actor.teamId, id })).number;

export const maintenance = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .post('/', bodyFor(createMaintenance), async (c) => {
    const created = await createMaintenance(c.var, c.req.valid('json'));
    c.header('location', `/api/v1/maintenance-windows/${created.id}`);
    return reply(c, maintenanceWindowView, created, 201);
  })
  .get('/', validQuery(listQuery), async (c) => {
    const { services, actor } = c.var;
    const { teamId } = actor;
    const { limit, cursor, state, ...query } = c.req.valid('query');
    const now = services.now();
    const rows = await listMaintenance(services.db, {
      teamId,
      now,
      limit: limit + 1,
      over: state && state === 'over',
      monitor: await numberOf(c, query.monitorId),
      before: decodeCursor(cursor, teamId, position) ?? undefined,
    });
    const view = (row: MaintenanceRow) => toMaintenanceView(row, now);
    const cursorAfter = ({ createdAt, id }: MaintenanceRow) => encodeCursor(teamId, { createdAt, id });
    return reply(c, page(maintenanceWindowView), toPage(rows, limit, view, cursorAfter));
  })
  .get('/occurrences', validQuery(occurrencesQuery), async (c) => {
    const { services, actor } = c.var;
    const { teamId } = actor;
    const { limit, cursor, ...query } = c.req.valid('query');
    const { from, to } = periodAhead(query, services.now(), maxDays);
    const after = decodeCursor(cursor, teamId, occurrencePosition);
    const windows = await listEffective(services.db, { teamId, monitor: await numberOf(c, query.monitorId), from, to });
    const { found } = firstOccurrences(windows, { from, to }, limit + 1, after);
    const all = found.map(({ window, ...span }) => ({ windowId: window.id, title: window.title, ...span }));
    const cursorAfter = (one: (typeof all)[number]) => encodeCursor(teamId, { from: one.from, id: one.windowId });
    return reply(c, page(occurrenceView), toPage(all, limit, toOccurrenceView, cursorAfter));
  })
  .post('/preview', validJson(previewMaintenanceSchema), async (c) => {
    const { services, actor } = c.var;
    const { skipped, ...times } = c.req.valid('json');
    const whole = { ...times, skipped: [], title: 'Preview', allMonitors: true, monitorIds: [], tags: [] };
    const input = await fittingMaintenance(services, actor.teamId, whole);
    const now = services.now();
    const shown = { ...input, skipped: stillSkipped({ ...input, skipped }, now) };
    return reply(c, maintenancePreview, {
      timeZone: input.timeZone,
      occurrences: nextOccurrences(windowTimes(shown, now), now, shownInPreview).map(toSpanView),
    });
  })
  .get('/:id', async (c) => {
    const { services, actor } = c.var;
    const row = await getMaintenance(services.db, { teamId: actor.teamId, id: c.req.param('id') });
    return reply(c, maintenanceWindowView, toMaintenanceView(row, services.now()));
  })
  .patch('/:id', bodyFor(changeMaintenance, 'windowId'), async (c) => {
    const input = { ...c.req.valid('json'), windowId: c.req.param('id') };
    return reply(c, maintenanceWindowView, await changeMaintenance(c.var, input));
  })
  .delete('/:id', async (c) => {
    await deleteMaintenance(c.var, { windowId: c.req.param('id') });
    return c.body(null, 204);
  })
  .post('/:id/skip', bodyFor(skipOccurrence, 'windowId'), async (c) => {
    const input = { ...c.req.valid('json'), windowId: c.req.param('id') };
    return reply(c, maintenanceWindowView, await skipOccurrence(c.var, input));
  })
  .post('/:id/unskip', bodyFor(unskipOccurrence, 'windowId'), async (c) => {
    const input = { ...c.req.valid('json'), windowId: c.req.param('id') };
    return reply(c, maintenanceWindowView, await unskipOccurrence(c.var, input));
  })
  .post('/:id/end', async (c) =>
    reply(c, maintenanceWindowView, await endMaintenance(c.var, { windowId: c.req.param('id') })),
  );
