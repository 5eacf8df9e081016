import { describe, expect, test } from 'vitest';
import { firstOccurrences, isCovered } from '../../../worker/domain/maintenance/maintenanceOccurrences.ts';
import { nextOccurrences, occurrences, windowTimes } from '../../../worker/domain/maintenance/maintenanceWindow.ts';
import { onCallNow, shiftPage } from '../../../worker/domain/onCall/onCall.ts';
import {
  changesPerWeek,
  createOnCallScheduleSchema,
  type Layer,
} from '../../../worker/domain/onCall/onCallSchedule.ts';
import { expandShifts } from '../../../worker/domain/onCall/onCallShifts.ts';
import { weekdays } from '../../../worker/domain/time/weeklyHours.ts';

/** The functions count their own steps: the work, independent of the machine and its load. */

const now = Date.parse('2026-11-29T12:00:00Z');
const hour = 3_600_000;
const day = 24 * hour;

const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** Twenty ranges a day, each of seven minutes. */
const twentyHours = (offset = 0) =>
  Array.from({ length: 20 }, (_, i) => ({
    days: [...weekdays],
    from: clock(i * 72 + offset),
    to: clock(i * 72 + offset + 7),
  }));

const layerOf = (given: Partial<Layer> = {}): Layer => ({
  name: 'Layer',
  participants: ['ana', 'ben', 'cem'],
  startsAt: '2026-01-01T00:00',
  rotation: { count: 1, unit: 'hours' },
  hours: [],
  ...given,
});

const scheduleOf = (layers: Layer[]) => ({ timeZone: 'Europe/Berlin', layers, overrides: [] });

/** As it was reported: ten layers, hourly rotation, twenty hour ranges. */
const reported = scheduleOf(Array.from({ length: 10 }, () => layerOf({ hours: twentyHours() })));

describe('the work for an on-call schedule', () => {
  const month: [from: number, to: number] = [now, now + 31 * day];

  test('grows with the shifts that show, not with what they cover', () => {
    const covered = scheduleOf([...reported.layers, layerOf()]);
    const { shifts, steps } = expandShifts(covered, ...month);
    expect(shifts).toHaveLength(31 * 24);
    expect(steps).toBeLessThan(2 * shifts.length);
  });

  test('is nothing for people who hand over to themselves', () => {
    const alone = scheduleOf([layerOf({ participants: ['ana', 'ana', 'ana'] })]);
    const { shifts, steps } = expandShifts(alone, now - 5_000 * day, now + 5_000 * day);
    expect(shifts).toHaveLength(2); // nobody until 2026, ana ever after
    expect(steps).toBe(2);
  });

  test('of a page is in proportion to the page, however long the period', () => {
    const short = shiftPage(reported, now, now + 62 * day, 100);
    const long = shiftPage(reported, now, now + 3_660 * day, 100);
    expect(short.shifts).toHaveLength(100);
    expect(long).toEqual(short);
    const whole = expandShifts(reported, now, now + 7 * day);
    expect(short.steps).toBe(whole.steps);
    expect(short.steps).toBeLessThan(3_000);
  });

  test('pages follow on one another without a seam', () => {
    const whole = expandShifts(reported, now, now + 20 * day).shifts;
    const paged: typeof whole = [];
    for (let from: number | null = now; from !== null; ) {
      const page = shiftPage(reported, from, now + 20 * day, 123);
      paged.push(...page.shifts);
      from = page.next;
    }
    expect(paged).toEqual(whole);
  });

  test('to say who is on call now ends where the answer would take a year of hours', () => {
    const same = scheduleOf(Array.from({ length: 10 }, () => layerOf({ participants: ['ana'], hours: twentyHours() })));
    const always = scheduleOf([layerOf({ participants: ['ana'] }), ...same.layers]);
    expect(onCallNow(always, now)).toEqual({ personId: 'ana', until: null, next: null });
  });
});

describe('a schedule that would change hands too often', () => {
  const base = { name: 'Operations', timeZone: 'UTC' };
  const hourly = (count: number, given: Partial<Layer> = {}) => Array.from({ length: count }, () => layerOf(given));

  test.for<[name: string, layers: Layer[], changes: number]>([
    ['hourly in one layer', hourly(1), 168],
    ['hourly in four layers', hourly(4), 672],
    ['hourly in five layers', hourly(5), 840],
    ['of one person', hourly(10, { participants: ['ana', 'ana'] }), 0],
    ['weekly in all layers', hourly(10, { rotation: { count: 1, unit: 'weeks' } }), 10],
    ['as it was reported', reported.layers, 4_480],
  ])('%s: the number is known', ([, layers, changes]) => {
    expect(changesPerWeek(layers)).toBe(changes);
    const { error } = createOnCallScheduleSchema.safeParse({ ...base, layers });
    expect(error?.issues.map(({ path }) => path) ?? []).toEqual(changes > 672 ? [['layers']] : []);
  });

  test('is refused with the number and what to do', () => {
    const { error } = createOnCallScheduleSchema.safeParse({ ...base, layers: reported.layers });
    expect(error?.issues[0]?.message).toBe(
      'These layers cause up to 4,480 handovers a week. The maximum is 672: use longer shifts, fewer hours or fewer layers.',
    );
  });
});

describe('the work for maintenance windows', () => {
  const windowOf = (id: string, rrule: string | null, given: object = {}) => ({
    id,
    ...windowTimes(
      {
        ...{ title: 'Work', startsAt: '2026-01-01T00:00', endsAt: '2026-01-01T00:30', timeZone: 'Europe/Berlin' },
        ...{ rrule, skipped: [], monitorIds: [], tags: [], allMonitors: true, ...given },
      },
      now,
    ),
  });
  const allHours = `FREQ=DAILY;BYHOUR=${Array.from({ length: 24 }, (_, i) => i).join()}`;
  const hundred = Array.from({ length: 100 }, (_, i) => windowOf(`mnt_${String(i).padStart(3, '0')}`, allHours));
  const period = { from: now, to: now + 100 * day };

  test('is in proportion to the answer, of 240,000 occurrences', () => {
    const { found, steps } = firstOccurrences(hundred, period, 501);
    expect(found).toHaveLength(501);
    expect(steps).toBeLessThan(4 * 501);
    expect(firstOccurrences(hundred, { ...period, to: now + 3_000 * day }, 501).steps).toBe(steps);
  });

  test('pages follow on one another, and hold what all of it holds', () => {
    const windows = [
      ...hundred.slice(0, 3),
      windowOf('mnt_w', 'FREQ=WEEKLY;BYDAY=MO', { endsAt: '2026-01-03T00:00' }),
      windowOf('mnt_y', 'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24'),
      windowOf('mnt_o', null, { startsAt: '2026-12-20T10:00', endsAt: '2026-12-28T10:00' }),
    ];
    const whole = windows
      .flatMap((window) => occurrences(window, period.from, period.to).map((span) => ({ ...span, window })))
      .sort((a, b) => a.from - b.from || (a.window.id < b.window.id ? -1 : 1));
    const paged: typeof whole = [];
    for (let after: { from: number; id: string } | null = null; ; ) {
      const { found }: ReturnType<typeof firstOccurrences<(typeof windows)[number]>> = firstOccurrences(
        windows,
        period,
        500,
        after,
      );
      paged.push(...found);
      const last = found.at(-1);
      if (!last) break;
      after = { from: last.from, id: last.window.id };
    }
    expect(paged.length).toBeGreaterThan(7_000);
    expect(paged).toEqual(whole);
  });

  test('the next occurrence is the same at any time of the request, and moves on when it is over', () => {
    const daily = windowOf('mnt_d', 'FREQ=DAILY');
    const [first, second] = nextOccurrences(daily, now, 2);
    expect(first?.from).toBe(Date.parse('2026-11-29T23:00:00Z'));
    expect(nextOccurrences(daily, now + hour, 2)).toEqual([first, second]);
    expect(nextOccurrences(daily, first?.to ?? 0, 2)[0]).toEqual(second);
    expect(nextOccurrences(daily, now, 1)).toEqual([first]);
    expect(nextOccurrences({ ...daily, skipped: ['2026-11-30T00:00'] }, now, 1)).toEqual([second]);
  });

  test('a time is covered where windows hold it without a gap', () => {
    const full = windowOf('mnt_f', allHours, { endsAt: '2026-01-01T01:00' });
    const days = { from: now + day, to: now + 3 * day };
    expect(isCovered([full], days)).toBe(true);
    expect(isCovered(hundred, days)).toBe(false);
    expect(isCovered([], days)).toBe(false);
    expect(isCovered([full], { from: now + day, to: now + 90 * day })).toBe(false); // more than 200 in a row
  });
});
