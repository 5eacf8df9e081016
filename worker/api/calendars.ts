import { Hono } from 'hono';
import { findCalendar, type ScheduleRow } from '../db/onCall.ts';
import { listPeople } from '../db/people.ts';
import { type CalendarEntry, calendarText } from '../domain/calendar.ts';
import { shifts } from '../domain/onCall.ts';
import { PharosError } from '../errors.ts';
import type { ApiEnv } from './context.ts';
import type { Names } from './onCallView.ts';

const dayMs = 86_400_000;
const pastDays = 31;
const aheadDays = 92;
const refreshMinutes = 60;

/** Whole days, so that a shift of which only a part is shown begins at the same time whenever it is asked for. */
const entriesOf = (row: ScheduleRow, names: Names, now: number): CalendarEntry[] => {
  const today = Math.floor(now / dayMs) * dayMs;
  return shifts(row, today - pastDays * dayMs, today + aheadDays * dayMs).map(({ from, to, personId }) => ({
    uid: `${row.id}-${from}@pharos`,
    from,
    to,
    summary:
      personId === null
        ? `Nobody is on call (${row.name})`
        : `${names.get(personId) ?? 'Somebody who is gone'} (${row.name})`,
  }));
};

/**
 * `/calendars/<schedule>/<key>.ics`: who is on call, for calendar programs, which have no session. Whoever has the address
 * can read it, so it is kept by nobody on the way, and the team can have another one.
 */
export const calendars = new Hono<ApiEnv>().get('/:id/:file', async (c) => {
  const { services } = c.var;
  const { id, file } = c.req.param();
  const key = /^([0-9a-f]{48})\.ics$/.exec(file)?.[1];
  const row = key === undefined ? null : await findCalendar(services.db, { id, key });
  if (!row)
    throw new PharosError('not_found', 'There is no such calendar. The team may have given it another address.');
  const names = new Map((await listPeople(services.db, row.teamId)).map((person) => [person.id, person.name]));
  const now = services.now();
  const text = calendarText({
    name: `On call: ${row.name}`,
    at: now,
    refreshMinutes,
    entries: entriesOf(row, names, now),
  });
  return c.body(text, 200, {
    'content-type': 'text/calendar; charset=utf-8',
    'content-disposition': 'inline; filename="on-call.ics"',
    'cache-control': 'private, no-store',
    'x-robots-tag': 'noindex',
  });
});
