import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { wakeChannels } from '../../alerts/outbox/wake.ts';
import { toIsoTime, toIsoTimeOrNull } from '../../commands/viewFields.ts';
import type { DeliveryView, OverdueView, Page } from '../../contract/views.ts';
import { type DeliveryRow, getDelivery, listDeliveries, retryDelivery } from '../../db/deliveries/deliveries.ts';
import { countOverdue, overdueMs } from '../../db/deliveries/overdue.ts';
import type { ChannelKind } from '../../domain/delivery/channelKind.ts';
import { fates } from '../../domain/escalation/delivery.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { decodeCursor, encodeCursor, idQuery, pageQuery, toPage } from '../http/pagination.ts';
import { validQuery } from '../http/validate.ts';

const listQuery = pageQuery.extend({
  incidentId: idQuery,
  monitorId: idQuery,
  channelId: idQuery,
  state: z.enum(fates, `The state is one of ${fates.join(', ')}.`).optional(),
});
const position = z.strictObject({ number: z.int() });

/** What else the message holds of the channel stays in it. */
const aboutForm = z.object({ id: z.string(), name: z.string() });

type DeliveryContext = Context<ApiEnv, '/:id'>;

const ownId = (c: DeliveryContext) => ({ teamId: c.var.actor.teamId, id: c.req.param('id') });

const missedStates = { passing: 'retrying', permanent: 'failed', 'left-out': 'left-out' } as const;

const toDeliveryView = (row: DeliveryRow, now: number): DeliveryView => ({
  id: row.id,
  // An incident is deleted with its monitor.
  incidentId: row.monitorId === null ? null : row.incident,
  monitorId: row.monitorId,
  monitorName: row.monitorName,
  aboutChannel: row.aboutChannel === null ? null : aboutForm.parse(JSON.parse(row.aboutChannel)),
  channel:
    row.channelName === null ? null : { id: row.channel, name: row.channelName, kind: row.channelKind as ChannelKind },
  person: row.person,
  event: row.event,
  round: row.round,
  step: row.step,
  state: row.state,
  createdAt: toIsoTime(row.createdAt),
  nextAttemptAt: row.settledAt === null ? toIsoTime(row.nextAttemptAt) : null,
  settledAt: row.settledAt === null ? null : toIsoTime(row.settledAt),
  held: heldOf(row, now),
  digestOf: row.digestOf,
  missedRecipients: (row.recipients ?? []).flatMap(({ address, state, problem, answer }) =>
    state === 'delivered' ? [] : [{ address, state: missedStates[state], problem, answer }],
  ),
  recipientsRetryAt: toIsoTimeOrNull(row.restDueAt),
  attemptCount: row.attemptCount,
  attempts: row.attempts.map((attempt) => ({ ...attempt, at: toIsoTime(attempt.at) })),
});

/** A hold that is over is no news. */
const heldOf = ({ heldUntil, settledAt, quietTimeZone }: DeliveryRow, now: number): DeliveryView['held'] =>
  heldUntil === null || heldUntil <= now || settledAt !== null
    ? null
    : { until: toIsoTime(heldUntil), timeZone: quietTimeZone ?? 'UTC' };

/** The log of what was told, through what, and what became of it. */
export const deliveries = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .get('/', validQuery(listQuery), async (c) => {
    const { services, actor } = c.var;
    const { teamId } = actor;
    const { limit, cursor, ...filter } = c.req.valid('query');
    const before = decodeCursor(cursor, teamId, position)?.number;
    const rows = await listDeliveries(services, { teamId, limit: limit + 1, before, ...filter });
    const cursorAfter = ({ number }: DeliveryRow) => encodeCursor(teamId, { number });
    const now = services.now();
    return c.json<Page<DeliveryView>>(toPage(rows, limit, (row) => toDeliveryView(row, now), cursorAfter));
  })
  .get('/overdue', async (c) => {
    const { services, actor } = c.var;
    const { count, since } = await countOverdue(services.d1, services.now() - overdueMs, actor.teamId);
    return c.json<OverdueView>({ count, since: since === null ? null : toIsoTime(since) });
  })
  .get('/:id', async (c) => {
    const { services } = c.var;
    return c.json<DeliveryView>(toDeliveryView(await getDelivery(services, ownId(c)), services.now()));
  })
  .post('/:id/retry', async (c) => {
    const { services, actor, requestId } = c.var;
    const row = await retryDelivery(services, ownId(c));
    await wakeChannels(services, [row.channel], requestId);
    const { id: deliveryId, incident: incidentId, state } = row;
    await publishLiveEvent(services, actor.teamId, requestId, { type: 'delivery', deliveryId, incidentId, state });
    return c.json<DeliveryView>(toDeliveryView(row, services.now()));
  });
