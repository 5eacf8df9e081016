import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { wakeChannels } from '../../alerts/outbox/wake.ts';
import { limitAttempts } from '../../auth/limits.ts';
import { checkNow, type MonitorChange, monitorChanged } from '../../checks/dispatch/begin.ts';
import { changeMonitorSchema, createMonitorSchema } from '../../contract/monitorInput.ts';
import type {
  DependenciesView,
  MonitorCountsView,
  MonitorDetailView,
  MonitorListItem,
  Page,
  TagsView,
  TickView,
} from '../../contract/views.ts';
import { listUnchecked } from '../../db/checks/unchecked.ts';
import { getDigest } from '../../db/deliveries/digests.ts';
import { listOpenChannels } from '../../db/deliveries/holds.ts';
import { keepTaggedPast } from '../../db/maintenance/maintenancePast.ts';
import { listRunning } from '../../db/maintenance/maintenanceRows.ts';
import { changeMonitor } from '../../db/monitors/changeMonitor.ts';
import { listRelated } from '../../db/monitors/dependencies.ts';
import { countMonitors, listMonitorTags } from '../../db/monitors/monitorCounts.ts';
import type { MonitorRow } from '../../db/monitors/monitorRow.ts';
import { pauseMonitor, resumeMonitor } from '../../db/monitors/monitorState.ts';
import {
  createMonitor,
  deleteMonitor,
  getMonitor,
  listMonitors,
  type MonitorFilter,
  monitorOrders,
} from '../../db/monitors/monitors.ts';
import { regions } from '../../domain/checks/region.ts';
import type { TargetRules } from '../../domain/checks/target.ts';
import type { Verdict } from '../../domain/history/uptime.ts';
import { isoTime } from '../../domain/time/isoTime.ts';
import { type Condition, conditions } from '../../domain/verdict/condition.ts';
import { PharosError } from '../../errors.ts';
import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import { listTicks, type StoredTick } from '../../ticks/read.ts';
import { history } from '../history/history.ts';
import { reclassifications } from '../history/reclassifications.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { actOnMonitor, ownMonitor } from '../http/monitorContext.ts';
import { decodeCursor, encodeCursor, pageQuery, toPage } from '../http/pagination.ts';
import { periodOf, periodQuery } from '../http/period.ts';
import { validJson, validQuery } from '../http/validate.ts';
import { verdicts } from '../verdicts/verdicts.ts';
import { readMonitorDetail, toMonitorListItems } from './monitorView.ts';

const verdictFilters = ['up', 'degraded', 'down', 'unknown', 'paused', 'maintenance'] as const;

/** As many as a page can hold. */
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

const rulesOf = ({ var: { services } }: Context<ApiEnv>): TargetRules => ({
  allowPrivate: services.config.allowPrivateTargets,
  ownHosts: services.config.ownHosts,
});

const createSchema = (c: Context<ApiEnv>) => createMonitorSchema(rulesOf(c));
/** `updatedAt` of the version that the change rests on: what somebody else changed since is not overwritten. */
const changeSchema = changeMonitorSchema.safeExtend({ updatedAt: isoTime.optional() });

/**
 * What was written counts even if telling the pipeline failed: the next dispatch finds it in the database.
 * Awaited, because a first check that is dropped with the request is a monitor that seems dead.
 */
const publish = async (c: Context<ApiEnv>, { id, teamId, number }: MonitorRow, change: MonitorChange) => {
  try {
    await monitorChanged(c.var.services, { id, teamId, number, change });
  } catch (error) {
    logFailure('effect', c.var.requestId, error, { monitorId: id, change });
  }
};

/** Alerts of a monitor that has become critical may be held no more. */
const wakeAlerts = async ({ var: { services, requestId } }: Context<ApiEnv>, { number }: MonitorRow) =>
  wakeChannels(services, await listOpenChannels(services.d1, number), requestId);

/** Maintenance is no verdict, and what is not checked is unknown, whatever was decided. */
const shownAs = async (
  services: Services,
  teamId: string,
  { verdict, condition }: { verdict: Verdict | undefined; condition: Condition | undefined },
): Promise<MonitorFilter> => {
  const unchecked = [...(await listUnchecked(services, teamId)).keys()];
  return verdict === 'maintenance'
    ? { condition, unchecked, heldBy: await listRunning(services, teamId) }
    : { condition, unchecked, verdict };
};

/** Throws `not_found` where the team has no such digest, or no longer. */
const digestNumber = async ({ d1 }: Services, teamId: string, id: string | undefined) =>
  id === undefined ? undefined : (await getDigest(d1, { teamId, id })).number;

export const monitors = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .post('/', validJson(createSchema), async (c) => {
    const { services, actor } = c.var;
    const monitor = await createMonitor(services, { ...actor, input: c.req.valid('json') });
    await publish(c, monitor, 'created');
    c.header('location', `/api/v1/monitors/${monitor.id}`);
    return c.json<MonitorDetailView, 201>(await readMonitorDetail(services, monitor), 201);
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
    const page = toPage(
      rows,
      limit,
      (row) => row,
      ({ urgency, number }) => encodeCursor(actor.teamId, { urgency, number }),
    );
    return c.json<Page<MonitorListItem>>({ ...page, data: await toMonitorListItems(services, page.data) });
  })
  .get('/counts', validQuery(countsQuery), async (c) => {
    const { services, actor } = c.var;
    const { tag, search, digest } = c.req.valid('query');
    const [inDigest, unchecked, heldBy] = await Promise.all([
      digestNumber(services, actor.teamId, digest),
      listUnchecked(services, actor.teamId),
      listRunning(services, actor.teamId),
    ]);
    return c.json<MonitorCountsView>(
      await countMonitors(services.db, {
        teamId: actor.teamId,
        unchecked: [...unchecked.keys()],
        heldBy,
        tag,
        search: search || undefined,
        digest: inDigest,
      }),
    );
  })
  .get('/tags', async (c) => c.json<TagsView>({ data: await listMonitorTags(c.var.services.db, c.var.actor.teamId) }))
  .get('/:id', async (c) => {
    const monitor = await getMonitor(c.var.services.db, ownMonitor(c));
    return c.json<MonitorDetailView>(await readMonitorDetail(c.var.services, monitor));
  })
  .patch('/:id', validJson(changeSchema), async (c) => {
    const { updatedAt: seenAt, ...change } = c.req.valid('json');
    if (change.tags) await keepTaggedPast(c.var.services, ownMonitor(c), change.tags);
    const { monitor, differs } = await changeMonitor(c.var.services, { ...actOnMonitor(c), seenAt, change });
    if (differs.critical && monitor.critical) await wakeAlerts(c, monitor);
    await publish(c, monitor, differs.checks ? 'changed' : differs.policy ? 'rejudged' : 'relabelled');
    return c.json<MonitorDetailView>(await readMonitorDetail(c.var.services, monitor));
  })
  .delete('/:id', async (c) => {
    await publish(c, await deleteMonitor(c.var.services, actOnMonitor(c)), 'deleted');
    return c.body(null, 204);
  })
  .post('/:id/pause', async (c) => {
    const { monitor, changed } = await pauseMonitor(c.var.services, actOnMonitor(c));
    if (changed) await publish(c, monitor, 'paused');
    return c.json<MonitorDetailView>(await readMonitorDetail(c.var.services, monitor));
  })
  .post('/:id/resume', async (c) => {
    const { monitor, changed } = await resumeMonitor(c.var.services, actOnMonitor(c));
    if (changed) await publish(c, monitor, 'resumed');
    return c.json<MonitorDetailView>(await readMonitorDetail(c.var.services, monitor));
  })
  .post('/:id/check', async (c) => {
    const monitor = await getMonitor(c.var.services.db, ownMonitor(c));
    if (monitor.verdict === 'paused') throw new PharosError('conflict', 'The monitor is paused; resume it first.');
    await limitAttempts(c.var.services.lookLimit, [monitor.id]);
    await checkNow(c.var.services, monitor.number);
    return c.json({ monitorId: monitor.id }, 202);
  })
  .get('/:id/dependencies', async (c) => {
    const { services } = c.var;
    const monitor = await getMonitor(services.db, ownMonitor(c));
    return c.json<DependenciesView>(await listRelated(services, monitor.number, maxDependents));
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
    return c.json<Page<TickView>>(toPage(ticks, limit, (tick) => tick.view, cursorAfter));
  })
  .route('/:id', verdicts)
  .route('/:id', history)
  .route('/:id/reclassifications', reclassifications);
