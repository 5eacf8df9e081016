import { Hono } from 'hono';
import { type Names, readNames } from '../../commands/onCall/onCallView.ts';
import { findCalendar, type ScheduleRow } from '../../db/onCall/onCall.ts';
import { calendarText } from '../../domain/onCall/calendar.ts';
import { shiftPage } from '../../domain/onCall/onCall.ts';
import { PharosError } from '../../errors.ts';
import type { ApiEnv } from '../http/context.ts';
import { entityTag, isKnown } from '../http/entityTag.ts';

const dayMs = 86_400_000;
const pastDays = 31;
const aheadDays = 92;
const refreshMinutes = 60;
/** Hourly shifts of all the days; beyond that, the last ones are omitted. */
const maxEntries = 3_000;

/** Whole days, so that a shift that is shown in part begins at the same time in every response. */
const render = (row: ScheduleRow, names: Names, today: number): string => {
  const { shifts } = shiftPage(row, today - pastDays * dayMs, today + aheadDays * dayMs, maxEntries);
  return calendarText({
    name: `On call: ${row.name}`,
    at: Math.max(today, row.updatedAt),
    refreshMinutes,
    entries: shifts.map(({ from, to, personId }) => ({
      uid: `${row.id}-${from}@pharos`,
      from,
      to,
      summary:
        personId === null
          ? `Nobody is on call (${row.name})`
          : `${names.get(personId) ?? 'Deleted person'} (${row.name})`,
    })),
  });
};

const maxRendered = 20;
const rendered = new Map<string, string>();

/**
 * Rendered once a day and version, in an isolate: programs ask each hour, and everybody with the address as often as they like.
 */
const feedOf = (tag: string, render: () => string): string => {
  const text = rendered.get(tag) ?? render();
  rendered.delete(tag);
  const [oldest] = rendered.keys();
  if (rendered.size >= maxRendered && oldest !== undefined) rendered.delete(oldest);
  rendered.set(tag, text);
  return text;
};

/**
 * `/calendars/<schedule>/<key>.ics`: the on-call shifts, for calendar programs, which have no session. Everybody with the
 * address can read it, so no proxy may cache it, and the team can replace the address.
 */
export const calendars = new Hono<ApiEnv>().get('/:id/:file', async (c) => {
  const { services } = c.var;
  const { id, file } = c.req.param();
  const key = /^([0-9a-f]{48})\.ics$/.exec(file)?.[1];
  const row = key === undefined ? null : await findCalendar(services.db, { id, key });
  if (!row) throw new PharosError('not_found', 'No such calendar exists. The team may have created a new address.');
  const names = await readNames(services, row.teamId);
  const today = Math.floor(services.now() / dayMs) * dayMs;
  const tag = await entityTag([row.id, row.updatedAt, today, ...names]);
  const headers = { etag: tag, 'cache-control': 'private, no-cache', 'x-robots-tag': 'noindex' };
  if (isKnown(c, tag)) return c.body(null, 304, headers);
  return c.body(
    feedOf(tag, () => render(row, names, today)),
    200,
    {
      ...headers,
      'content-type': 'text/calendar; charset=utf-8',
      'content-disposition': 'inline; filename="on-call.ics"',
    },
  );
});
