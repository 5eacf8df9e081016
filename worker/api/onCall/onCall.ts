import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { toRemovedFrom } from '../../commands/viewFields.ts';
import type { OnCallNowView, OnCallScheduleView, Page, ShiftView, TargetDeletedView } from '../../contract/views.ts';
import {
  getSchedule,
  insertSchedule,
  listSchedules,
  removeSchedule,
  renewFeedKey,
  type ScheduleRow,
  updateSchedule,
} from '../../db/onCall/onCall.ts';
import { insertOverride, removeOverride } from '../../db/onCall/onCallOverrides.ts';
import { listPeople } from '../../db/onCall/people.ts';
import { onCallNow, shiftPage } from '../../domain/onCall/onCall.ts';
import {
  changeOnCallScheduleSchema,
  createOnCallScheduleSchema,
  overrideSchema,
} from '../../domain/onCall/onCallSchedule.ts';
import { isoTime } from '../../domain/time/isoTime.ts';
import { PharosError } from '../../errors.ts';
import { carryPolicies, showAlertingChange } from '../escalation/alertingChange.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { decodeCursor, encodeCursor, pageQuery } from '../http/pagination.ts';
import { periodQuery } from '../http/period.ts';
import { validJson, validQuery } from '../http/validate.ts';
import { toNowView, toScheduleView, toShiftView } from './onCallView.ts';

const dayMs = 86_400_000;
const maxDays = 62;
/** In one answer. */
const maxShifts = 1_000;

const shiftsQuery = periodQuery.extend({ cursor: pageQuery.shape.cursor });
const shiftPosition = z.strictObject({ from: z.int() });

/** `updatedAt` of the version that the change rests on: what somebody else changed since is not overwritten. */
const changeSchema = changeOnCallScheduleSchema.extend({ updatedAt: isoTime.optional() });

const ownId = (c: Context<ApiEnv>) => ({ teamId: c.var.actor.teamId, id: c.req.param('id') ?? '' });

const actOn = (c: Context<ApiEnv>) => ({ ...ownId(c), userId: c.var.actor.userId });

const namesOf = async (c: Context<ApiEnv>) =>
  new Map((await listPeople(c.var.services.db, c.var.actor.teamId)).map(({ id, name }) => [id, name]));

const views = async (c: Context<ApiEnv>, rows: readonly ScheduleRow[]): Promise<OnCallScheduleView[]> => {
  const { services } = c.var;
  const around = { names: await namesOf(c), now: services.now(), origin: services.config.publicOrigin };
  return rows.map((row) => toScheduleView(row, around));
};

const view = async (c: Context<ApiEnv>, row: ScheduleRow) => (await views(c, [row]))[0] as OnCallScheduleView;

const changed = async (c: Context<ApiEnv>, row: ScheduleRow): Promise<OnCallScheduleView> => {
  await showAlertingChange(c);
  return view(c, row);
};

/** The next month unless told; past and future alike. Throws `invalid_request`. */
const periodAround = ({ from, to }: { from?: number | undefined; to?: number | undefined }, now: number) => {
  const begin = from ?? now;
  const end = to ?? begin + 31 * dayMs;
  if (begin < end && end - begin <= maxDays * dayMs) return { begin, end };
  const message = begin < end ? `A period is at most ${maxDays} days long.` : 'The period ends before it begins.';
  throw new PharosError('invalid_request', 'The period does not fit.', [{ path: 'to', message }]);
};

/** Who is on call: schedules of rotations in layers, with overrides. */
export const onCall = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .get('/', async (c) => {
    const rows = await listSchedules(c.var.services.db, c.var.actor.teamId);
    return c.json<Page<OnCallScheduleView>>({ data: await views(c, rows), nextCursor: null });
  })
  .post('/', validJson(createOnCallScheduleSchema), async (c) => {
    const { services, actor } = c.var;
    const row = await insertSchedule(services, { ...actor, input: c.req.valid('json') });
    c.header('location', `/api/v1/on-call/${row.id}`);
    return c.json<OnCallScheduleView, 201>(await changed(c, row), 201);
  })
  .get('/:id', async (c) => c.json<OnCallScheduleView>(await view(c, await getSchedule(c.var.services.db, ownId(c)))))
  .patch('/:id', validJson(changeSchema), async (c) => {
    const { updatedAt: seenAt, ...change } = c.req.valid('json');
    return c.json<OnCallScheduleView>(
      await changed(c, await updateSchedule(c.var.services, actOn(c), { ...change, seenAt })),
    );
  })
  .delete('/:id', async (c) => {
    const left = await removeSchedule(c.var.services, actOn(c));
    await carryPolicies(c);
    return c.json<TargetDeletedView>({ removedFrom: left.map(toRemovedFrom) });
  })
  .get('/:id/now', async (c) => {
    const row = await getSchedule(c.var.services.db, ownId(c));
    return c.json<OnCallNowView>(toNowView(onCallNow(row, c.var.services.now()), await namesOf(c)));
  })
  .get('/:id/shifts', validQuery(shiftsQuery), async (c) => {
    const { services, actor } = c.var;
    const { cursor, ...query } = c.req.valid('query');
    const { begin, end } = periodAround(query, services.now());
    const after = decodeCursor(cursor, actor.teamId, shiftPosition);
    const row = await getSchedule(services.db, ownId(c));
    const names = await namesOf(c);
    const { shifts, next } = shiftPage(row, Math.max(begin, after?.from ?? begin), end, maxShifts);
    const data = shifts.map((shift) => toShiftView(shift, names));
    return c.json<Page<ShiftView>>({
      data,
      nextCursor: next === null ? null : encodeCursor(actor.teamId, { from: next }),
    });
  })
  .post('/:id/overrides', validJson(overrideSchema), async (c) =>
    c.json<OnCallScheduleView, 201>(
      await changed(c, await insertOverride(c.var.services, actOn(c), c.req.valid('json'))),
      201,
    ),
  )
  .delete('/:id/overrides/:override', async (c) =>
    c.json<OnCallScheduleView>(
      await changed(c, await removeOverride(c.var.services, actOn(c), c.req.param('override'))),
    ),
  )
  .post('/:id/calendar/renew', async (c) =>
    c.json<OnCallScheduleView>(await changed(c, await renewFeedKey(c.var.services, actOn(c)))),
  );
