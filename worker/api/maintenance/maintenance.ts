import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { policyChanged } from '../../checks/pipeline/policyChanged.ts';
import { toMaintenanceView, toOccurrenceView, toSpanView } from '../../commands/maintenance/maintenanceView.ts';
import type { MaintenancePreview, MaintenanceWindowView, OccurrenceView, Page } from '../../contract/views.ts';
import { fittingMaintenance } from '../../db/maintenance/fittingMaintenance.ts';
import {
  endRunningOccurrence,
  insertMaintenance,
  removeMaintenance,
  updateMaintenance,
} from '../../db/maintenance/maintenance.ts';
import {
  getMaintenance,
  listEffective,
  listMaintenance,
  type MaintenanceRow,
} from '../../db/maintenance/maintenanceRows.ts';
import { setSkipped } from '../../db/maintenance/setSkipped.ts';
import { getMonitor } from '../../db/monitors/monitors.ts';
import { firstOccurrences } from '../../domain/maintenance/maintenanceOccurrences.ts';
import {
  changeMaintenanceSchema,
  createMaintenanceSchema,
  nextOccurrences,
  previewMaintenanceSchema,
  skipSchema,
  stillSkipped,
  windowTimes,
} from '../../domain/maintenance/maintenanceWindow.ts';
import { isoTime } from '../../domain/time/isoTime.ts';
import { PharosError } from '../../errors.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import { logFailure } from '../../log.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { decodeCursor, encodeCursor, idQuery, pageQuery, toPage } from '../http/pagination.ts';
import { periodQuery } from '../http/period.ts';
import { validJson, validQuery } from '../http/validate.ts';

const listQuery = pageQuery.extend({
  monitorId: idQuery,
  state: z.enum(['open', 'over'], 'Ask for "open" (upcoming or running) or "over".').optional(),
});
const position = z.strictObject({ createdAt: z.int(), id: z.string() });

const maxOccurrences = 500;
const maxDays = 100;
const occurrencesLimit = `The limit is a whole number from 1 to ${maxOccurrences}.`;
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

const dayMs = 86_400_000;
const shownInPreview = 5;

/** `updatedAt` of the version that the change rests on: what somebody else changed since is not overwritten. */
const changeSchema = changeMaintenanceSchema.extend({ updatedAt: isoTime.optional() });

const actOn = (c: Context<ApiEnv>) => ({ ...ownId(c), userId: c.var.actor.userId });

const ownId = (c: Context<ApiEnv>) => ({ teamId: c.var.actor.teamId, id: c.req.param('id') ?? '' });

/** What was written counts even if telling of it failed: objects hear of it with their next loud outcome or alarm. */
const publish = async (c: Context<ApiEnv>) => {
  const { services, actor, requestId } = c.var;
  const notified = publishLiveEvent(services, actor.teamId, requestId, { type: 'maintenance-changed' });
  await policyChanged(services, actor.teamId).catch((error: unknown) => logFailure('effect', requestId, error));
  await notified;
};

const answer = async (c: Context<ApiEnv>, row: MaintenanceRow): Promise<MaintenanceWindowView> => {
  await publish(c);
  return toMaintenanceView(row, c.var.services.now());
};

const skip = (c: Context<ApiEnv>, which: { from: number; isSkipped: boolean }) =>
  setSkipped(c.var.services, { ...actOn(c), ...which });

const numberOf = async (c: Context<ApiEnv>, id: string | undefined): Promise<number | undefined> =>
  id === undefined ? undefined : (await getMonitor(c.var.services.db, { teamId: c.var.actor.teamId, id })).number;

/** The next month unless told; past and future alike. Throws `invalid_request`. */
const periodAround = ({ from, to }: z.output<typeof periodQuery>, now: number) => {
  const period = { from: from ?? now, to: to ?? (from ?? now) + 31 * dayMs };
  const days = (period.to - period.from) / dayMs;
  const message = days <= 0 ? 'The period ends before it begins.' : `A period is at most ${maxDays} days long.`;
  if (days <= 0 || days > maxDays)
    throw new PharosError('invalid_request', 'The period does not fit.', [{ path: 'to', message }]);
  return period;
};

export const maintenance = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .post('/', validJson(createMaintenanceSchema), async (c) => {
    const { services, actor } = c.var;
    const row = await insertMaintenance(services, { ...actor, given: c.req.valid('json') });
    c.header('location', `/api/v1/maintenance-windows/${row.id}`);
    return c.json<MaintenanceWindowView, 201>(await answer(c, row), 201);
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
    return c.json<Page<MaintenanceWindowView>>(toPage(rows, limit, view, cursorAfter));
  })
  .get('/occurrences', validQuery(occurrencesQuery), async (c) => {
    const { services, actor } = c.var;
    const { teamId } = actor;
    const { limit, cursor, ...query } = c.req.valid('query');
    const { from, to } = periodAround(query, services.now());
    const after = decodeCursor(cursor, teamId, occurrencePosition);
    const windows = await listEffective(services.db, { teamId, monitor: await numberOf(c, query.monitorId), from, to });
    const { found } = firstOccurrences(windows, { from, to }, limit + 1, after);
    const all = found.map(({ window, ...span }) => ({ windowId: window.id, title: window.title, ...span }));
    return c.json<Page<OccurrenceView>>(
      toPage(all, limit, toOccurrenceView, (one) => encodeCursor(teamId, { from: one.from, id: one.windowId })),
    );
  })
  .post('/preview', validJson(previewMaintenanceSchema), async (c) => {
    const { services, actor } = c.var;
    const { skipped, ...times } = c.req.valid('json');
    const whole = { ...times, skipped: [], title: 'Preview', allMonitors: true, monitorIds: [], tags: [] };
    const input = await fittingMaintenance(services, actor.teamId, whole);
    const now = services.now();
    const shown = { ...input, skipped: stillSkipped({ ...input, skipped }, now) };
    return c.json<MaintenancePreview>({
      timeZone: input.timeZone,
      occurrences: nextOccurrences(windowTimes(shown, now), now, shownInPreview).map(toSpanView),
    });
  })
  .get('/:id', async (c) => {
    const row = await getMaintenance(c.var.services.db, ownId(c));
    return c.json<MaintenanceWindowView>(toMaintenanceView(row, c.var.services.now()));
  })
  .patch('/:id', validJson(changeSchema), async (c) => {
    const { updatedAt: seenAt, ...change } = c.req.valid('json');
    const row = await updateMaintenance(c.var.services, { ...actOn(c), seenAt, change });
    return c.json<MaintenanceWindowView>(await answer(c, row));
  })
  .delete('/:id', async (c) => {
    await removeMaintenance(c.var.services, actOn(c));
    await publish(c);
    return c.body(null, 204);
  })
  .post('/:id/skip', validJson(skipSchema), async (c) =>
    c.json<MaintenanceWindowView>(await answer(c, await skip(c, { ...c.req.valid('json'), isSkipped: true }))),
  )
  .post('/:id/unskip', validJson(skipSchema), async (c) =>
    c.json<MaintenanceWindowView>(await answer(c, await skip(c, { ...c.req.valid('json'), isSkipped: false }))),
  )
  .post('/:id/end', async (c) =>
    c.json<MaintenanceWindowView>(await answer(c, await endRunningOccurrence(c.var.services, actOn(c)))),
  );
