import { Hono } from 'hono';
import { z } from 'zod';
import { changeSchedule } from '../../commands/onCall/changeSchedule.ts';
import { createOverride } from '../../commands/onCall/createOverride.ts';
import { createSchedule } from '../../commands/onCall/createSchedule.ts';
import { deleteOverride } from '../../commands/onCall/deleteOverride.ts';
import { deleteSchedule } from '../../commands/onCall/deleteSchedule.ts';
import {
  readNames,
  readScheduleView,
  readScheduleViews,
  toNowView,
  toShiftView,
} from '../../commands/onCall/onCallView.ts';
import { renewCalendar } from '../../commands/onCall/renewCalendar.ts';
import { targetDeletedView } from '../../contract/channels.ts';
import { page } from '../../contract/common.ts';
import { onCallNowView, onCallScheduleView, shiftView } from '../../contract/onCall.ts';
import { getSchedule, listSchedules } from '../../db/onCall/onCall.ts';
import { onCallNow, shiftPage } from '../../domain/onCall/onCall.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { decodeCursor, encodeCursor, pageQuery } from '../http/pagination.ts';
import { periodAhead, periodQuery } from '../http/period.ts';
import { reply } from '../http/reply.ts';
import { bodyFor, validQuery } from '../http/validate.ts';

const maxDays = 62;
/** In one response. */
const maxShifts = 1_000;

const shiftsQuery = periodQuery.extend({ cursor: pageQuery.shape.cursor });
const shiftPosition = z.strictObject({ from: z.int() });

/** On-call schedules: rotations in layers, with overrides. */
export const onCall = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .get('/', async (c) => {
    const { services, actor } = c.var;
    const rows = await listSchedules(services.db, actor.teamId);
    const data = await readScheduleViews(services, actor.teamId, rows);
    return reply(c, page(onCallScheduleView), { data, nextCursor: null });
  })
  .post('/', bodyFor(createSchedule), async (c) => {
    const view = await createSchedule(c.var, c.req.valid('json'));
    c.header('location', `/api/v1/on-call/${view.id}`);
    return reply(c, onCallScheduleView, view, 201);
  })
  .get('/:id', async (c) => {
    const { services, actor } = c.var;
    const row = await getSchedule(services.db, { teamId: actor.teamId, id: c.req.param('id') });
    return reply(c, onCallScheduleView, await readScheduleView(services, row));
  })
  .patch('/:id', bodyFor(changeSchedule, 'scheduleId'), async (c) => {
    const input = { ...c.req.valid('json'), scheduleId: c.req.param('id') };
    return reply(c, onCallScheduleView, await changeSchedule(c.var, input));
  })
  .delete('/:id', async (c) =>
    reply(c, targetDeletedView, await deleteSchedule(c.var, { scheduleId: c.req.param('id') })),
  )
  .get('/:id/now', async (c) => {
    const { services, actor } = c.var;
    const { teamId } = actor;
    const row = await getSchedule(services.db, { teamId, id: c.req.param('id') });
    return reply(c, onCallNowView, toNowView(onCallNow(row, services.now()), await readNames(services, teamId)));
  })
  .get('/:id/shifts', validQuery(shiftsQuery), async (c) => {
    const { services, actor } = c.var;
    const { teamId } = actor;
    const { cursor, ...query } = c.req.valid('query');
    const { from, to } = periodAhead(query, services.now(), maxDays);
    const after = decodeCursor(cursor, teamId, shiftPosition);
    const row = await getSchedule(services.db, { teamId, id: c.req.param('id') });
    const names = await readNames(services, teamId);
    const { shifts, next } = shiftPage(row, Math.max(from, after?.from ?? from), to, maxShifts);
    return reply(c, page(shiftView), {
      data: shifts.map((shift) => toShiftView(shift, names)),
      nextCursor: next === null ? null : encodeCursor(teamId, { from: next }),
    });
  })
  .post('/:id/overrides', bodyFor(createOverride, 'scheduleId'), async (c) => {
    const input = { ...c.req.valid('json'), scheduleId: c.req.param('id') };
    return reply(c, onCallScheduleView, await createOverride(c.var, input), 201);
  })
  .delete('/:id/overrides/:override', async (c) => {
    const { id: scheduleId, override: overrideId } = c.req.param();
    return reply(c, onCallScheduleView, await deleteOverride(c.var, { scheduleId, overrideId }));
  })
  .post('/:id/calendar/renew', async (c) =>
    reply(c, onCallScheduleView, await renewCalendar(c.var, { scheduleId: c.req.param('id') })),
  );
