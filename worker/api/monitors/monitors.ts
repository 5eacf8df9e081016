import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { changeMonitor } from '../../commands/monitors/changeMonitor.ts';
import { checkMonitor } from '../../commands/monitors/checkMonitor.ts';
import { createMonitor } from '../../commands/monitors/createMonitor.ts';
import { deleteMonitor } from '../../commands/monitors/deleteMonitor.ts';
import { readMonitorDetail, toMonitorListItems } from '../../commands/monitors/monitorView.ts';
import { pauseMonitor } from '../../commands/monitors/pauseMonitor.ts';
import { resumeMonitor } from '../../commands/monitors/resumeMonitor.ts';
import { page } from '../../contract/common.ts';
import {
  checkAcceptedView,
  dependenciesView,
  monitorCountsView,
  monitorDetailView,
  monitorListItem,
  tagsView,
  tickView,
} from '../../contract/monitors.ts';
import { listStaleOfTeam } from '../../db/checks/staleMonitors.ts';
import { getDigest } from '../../db/deliveries/digests.ts';
import { listRunning } from '../../db/maintenance/maintenanceRows.ts';
import { listRelated } from '../../db/monitors/dependencies.ts';
import { countMonitors, listMonitorTags } from '../../db/monitors/monitorCounts.ts';
import { getMonitor, listMonitors, type MonitorFilter, monitorOrders } from '../../db/monitors/monitors.ts';
import { regions } from '../../domain/checks/region.ts';
import type { Verdict } from '../../domain/history/uptime.ts';
import { type Condition, conditions } from '../../domain/verdict/condition.ts';
import type { Services } from '../../services.ts';
import { listTicks, type StoredTick } from '../../ticks/read.ts';
import { history } from '../history/history.ts';
import { reclassifications } from '../history/reclassifications.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { ownMonitor } from '../http/monitorContext.ts';
import { decodeCursor, encodeCursor, pageQuery, toPage } from '../http/pagination.ts';
import { periodOf, periodQuery } from '../http/period.ts';
import { reply } from '../http/reply.ts';
import { bodyFor, validQuery } from '../http/validate.ts';
import { verdicts } from '../verdicts/verdicts.ts';

const verdictFilters = ['up', 'degraded', 'down', 'unknown', 'paused', 'maintenance'] as const;

/** The maximum for a page. */
const maxIds = 100;

const countsQuery = z.object({
  tag: z.string().max(32, 'A tag can have at most 32 characters.').optional(),
  search: z.string().trim().max(200, 'A search can have at most 200 characters.').optional(),
  digest: z
    .string()
    .regex(/^dig_[0-9a-z]{1,40}:\d{1,15}$/, 'This is not a digest id.')
    .optional(),
});

const listQuery = pageQuery.extend({
  ...countsQuery.shape,
  verdict: z.enum(verdictFilters, `A verdict must be one of ${verdictFilters.join(', ')}.`).optional(),
  condition: z.enum(conditions, `A condition must be one of ${conditions.join(', ')}.`).optional(),
  ids: z
    .string()
    .max(65 * maxIds, 'This is not a list of ids.')
    .transform((ids) => ids.split(',').filter(Boolean))
    .refine((ids) => ids.length <= maxIds, `A request can name at most ${maxIds} ids.`)
    .optional(),
  order: z.enum(monitorOrders, `The order must be one of ${monitorOrders.join(', ')}.`).optional(),
});

const listPosition = z.strictObject({ urgency: z.int(), number: z.int() });

/** A day of three regions at a 30 s interval is 8,640 ticks. */
const maxTicks = 5_000;
const ticksLimit = `The limit must be a whole number from 1 to ${maxTicks}.`;
const ticksQuery = periodQuery.extend({
  region: z.enum(regions, `A region must be one of ${regions.join(', ')}.`).optional(),
  limit: z.coerce.number(ticksLimit).int(ticksLimit).min(1, ticksLimit).max(maxTicks, ticksLimit).default(maxTicks),
  cursor: pageQuery.shape.cursor,
});
const tickPosition = z.strictObject({
  slot: z.int(),
  region: z.enum(regions),
  lane: z.enum(['normal', 'slow', 'extra']),
  cohort: z.int(),
});

const maxDependents = 100;

/** Maintenance is no verdict, and a stale monitor is unknown, whatever the verdict. */
const shownAs = async (
  services: Services,
  teamId: string,
  { verdict, condition }: { verdict: Verdict | undefined; condition: Condition | undefined },
): Promise<MonitorFilter> => {
  const stale = [...(await listStaleOfTeam(services, teamId)).keys()];
  return verdict === 'maintenance'
    ? { condition, stale, heldBy: await listRunning(services, teamId) }
    : { condition, stale, verdict };
};

/** Throws `not_found` where the team has no such digest, or it is deleted. */
const digestNumber = async ({ d1 }: Services, teamId: string, id: string | undefined) =>
  id === undefined ? undefined : (await getDigest(d1, { teamId, id })).number;

const named = (c: Context<ApiEnv, '/:id'>) => ({ monitorId: c.req.param('id') });

export const monitors = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .post('/', bodyFor(createMonitor), async (c) => {
    const monitor = await createMonitor(c.var, c.req.valid('json'));
    c.header('location', `/api/v1/monitors/${monitor.id}`);
    return reply(c, monitorDetailView, monitor, 201);
  })
  .get('/', validQuery(listQuery), async (c) => {
    const { services, actor } = c.var;
    const { limit, cursor, search, verdict, condition, tag, ids, order, digest } = c.req.valid('query');
    const after = decodeCursor(cursor, actor.teamId, listPosition) ?? undefined;
    const rows = await listMonitors(services.db, {
      ...(await shownAs(services, actor.teamId, { verdict, condition })),
      tag,
      search: search || undefined,
      teamId: actor.teamId,
      limit: limit + 1,
      ids,
      digest: await digestNumber(services, actor.teamId, digest),
      order,
      after,
    });
    const found = toPage(
      rows,
      limit,
      (row) => row,
      ({ urgency, number }) => encodeCursor(actor.teamId, { urgency, number }),
    );
    return reply(c, page(monitorListItem), { ...found, data: await toMonitorListItems(services, found.data) });
  })
  .get('/counts', validQuery(countsQuery), async (c) => {
    const { services, actor } = c.var;
    const { tag, search, digest } = c.req.valid('query');
    const [inDigest, stale, heldBy] = await Promise.all([
      digestNumber(services, actor.teamId, digest),
      listStaleOfTeam(services, actor.teamId),
      listRunning(services, actor.teamId),
    ]);
    return reply(
      c,
      monitorCountsView,
      await countMonitors(services.db, {
        teamId: actor.teamId,
        stale: [...stale.keys()],
        heldBy,
        tag,
        search: search || undefined,
        digest: inDigest,
      }),
    );
  })
  .get('/tags', async (c) => reply(c, tagsView, { data: await listMonitorTags(c.var.services.db, c.var.actor.teamId) }))
  .get('/:id', async (c) => {
    const monitor = await getMonitor(c.var.services.db, ownMonitor(c));
    return reply(c, monitorDetailView, await readMonitorDetail(c.var.services, monitor));
  })
  .patch('/:id', bodyFor(changeMonitor, 'monitorId'), async (c) => {
    const input = { ...c.req.valid('json'), monitorId: c.req.param('id') };
    return reply(c, monitorDetailView, await changeMonitor(c.var, input));
  })
  .delete('/:id', async (c) => {
    await deleteMonitor(c.var, named(c));
    return c.body(null, 204);
  })
  .post('/:id/pause', async (c) => reply(c, monitorDetailView, await pauseMonitor(c.var, named(c))))
  .post('/:id/resume', async (c) => reply(c, monitorDetailView, await resumeMonitor(c.var, named(c))))
  .post('/:id/check', async (c) => reply(c, checkAcceptedView, await checkMonitor(c.var, named(c)), 202))
  .get('/:id/dependencies', async (c) => {
    const { services } = c.var;
    const monitor = await getMonitor(services.db, ownMonitor(c));
    return reply(c, dependenciesView, await listRelated(services, monitor.number, maxDependents));
  })
  .get('/:id/ticks', validQuery(ticksQuery), async (c) => {
    const { services, actor } = c.var;
    const { region, limit, cursor, ...given } = c.req.valid('query');
    const after = decodeCursor(cursor, actor.teamId, tickPosition) ?? undefined;
    const monitor = await getMonitor(services.db, ownMonitor(c));
    const range = { ...periodOf(given, services.now()), region, after, limit: limit + 1 };
    const ticks = await listTicks(services.db, monitor, range);
    const cursorAfter = ({ slot, region, lane, cohort }: StoredTick) =>
      encodeCursor(actor.teamId, { slot, region, lane, cohort });
    return reply(
      c,
      page(tickView),
      toPage(ticks, limit, (tick) => tick.view, cursorAfter),
    );
  })
  .route('/:id', verdicts)
  .route('/:id', history)
  .route('/:id/reclassifications', reclassifications);
