import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import type { Span } from '../../../worker/domain/history/uptime.ts';
import {
  createMaintenanceSchema,
  type MaintenanceInput,
} from '../../../worker/domain/maintenance/maintenanceSchema.ts';
import {
  maintenanceSpans,
  nextOccurrences,
  occurrences,
  skippedAfter,
  stillSkipped,
  type WindowTimes,
  wallStartAt,
  windowProblems,
  windowTimes,
} from '../../../worker/domain/maintenance/maintenanceWindow.ts';
import { formatWallTime, instantOf, parseWallTime } from '../../../worker/domain/time/wallTime.ts';
import { runs } from '../../properties.ts';

const at = (text: string) => Date.parse(text);
const now = at('2026-01-01T00:00:00Z');
const hour = 3_600_000;
const day = 24 * hour;

const input = (given: Partial<MaintenanceInput>): MaintenanceInput => ({
  title: 'Deploy database',
  startsAt: '2026-02-01T02:00',
  endsAt: '2026-02-01T04:00',
  timeZone: 'Europe/Berlin',
  rrule: null,
  skipped: [],
  monitorIds: [],
  tags: [],
  allMonitors: true,
  ...given,
});
const times = (given: Partial<MaintenanceInput>, from = now) => windowTimes(input(given), from);
const shown = (spans: readonly Span[]) =>
  spans.map(({ from, to }) => `${formatWallTime(from)}Z ${formatWallTime(to)}Z`.replaceAll('2026-', ''));
const on = (window: WindowTimes, text: string) =>
  shown(occurrences(window, at(`2026-${text}T00:00:00Z`), at(`2026-${text}T12:00:00Z`)));

describe('an occurrence that is skipped', () => {
  const rrule = 'FREQ=WEEKLY;BYDAY=SU';
  const skipped = ['2026-03-29T02:00', '2026-04-05T02:00'];
  const window = times({ rrule, skipped });

  test('is skipped, and the others stay, even when the clocks change on that day', () => {
    expect(['03-22', '03-29', '04-05', '04-12'].flatMap((date) => on(window, date))).toEqual([
      '03-22T01:00Z 03-22T03:00Z',
      '04-12T00:00Z 04-12T02:00Z',
    ]);
  });

  test('counts among those of a rule that ends after some', () => {
    const three = times({ rrule: 'FREQ=DAILY;COUNT=3', skipped: ['2026-02-02T02:00'] });
    expect(shown(nextOccurrences(three, now, 9))).toEqual(['02-01T01:00Z 02-01T03:00Z', '02-03T01:00Z 02-03T03:00Z']);
  });

  test('is shown with its time, until that is over', () => {
    expect(shown(skippedAfter(window, now))).toEqual(['03-29T01:00Z 03-29T02:00Z', '04-05T00:00Z 04-05T02:00Z']);
    expect(skippedAfter(window, at('2026-04-01T00:00:00Z')).map(({ startsAt }) => startsAt)).toEqual([skipped[1]]);
  });

  test.each([
    ['2026-03-22T01:00:00Z', '2026-03-22T02:00'],
    ['2026-03-29T01:00:00Z', '2026-03-29T02:00'],
    ['2026-04-05T00:00:00Z', '2026-04-05T02:00'],
    ['2026-04-05T00:00:01Z', null],
    ['2026-01-25T01:00:00Z', null],
  ])('is found by the instant of its beginning: %s is %s', (from, startsAt) => {
    expect(wallStartAt(window, at(from))).toBe(startsAt);
  });

  test.each<[what: string, change: Partial<MaintenanceInput>, path: string | undefined]>([
    ['is one of the window', { skipped }, undefined],
    ['has to be one of the window', { skipped: ['2026-03-30T02:00'] }, 'skipped'],
    ['has to leave something', { rrule: 'FREQ=DAILY;COUNT=1', skipped: ['2026-02-01T02:00'] }, 'skipped'],
    ['has to leave something of a window that is held once', { rrule: null, skipped: ['2026-02-01T02:00'] }, 'skipped'],
  ])('%s', (_, change, path) => {
    expect(windowProblems(input({ rrule, ...change }), now)[0]?.path).toBe(path);
  });

  test.each<[what: string, change: Partial<MaintenanceInput>, left: string[]]>([
    ['stays so where the window has another title', { title: 'Other' }, skipped],
    ['stays so where the end moves', { endsAt: '2026-02-01T05:00' }, skipped],
    ['is forgotten where the window begins at another time', { startsAt: '2026-02-01T03:00' }, []],
    ['is forgotten where the rule no longer has it', { rrule: 'FREQ=MONTHLY;BYMONTHDAY=5' }, ['2026-04-05T02:00']],
    ['is forgotten where the rule is none', { rrule: 'FREQ=NEVER' }, []],
  ])('%s', (_, change, left) => {
    expect(stillSkipped(input({ rrule, skipped, ...change }), now)).toEqual(left);
  });
});

describe('a window through both changes of the clocks in Berlin', () => {
  const sundays = times({ rrule: 'FREQ=WEEKLY;BYDAY=SU' });

  test.each([
    ['02-01', ['02-01T01:00Z 02-01T03:00Z']],
    ['03-22', ['03-22T01:00Z 03-22T03:00Z']],
    // 02:00 does not exist on that day: 03:00 is the same moment.
    ['03-29', ['03-29T01:00Z 03-29T02:00Z']],
    ['04-05', ['04-05T00:00Z 04-05T02:00Z']],
    ['10-18', ['10-18T00:00Z 10-18T02:00Z']],
    // 02:00 exists twice: from the first on, until 04:00 of winter time.
    ['10-25', ['10-25T00:00Z 10-25T03:00Z']],
    ['11-01', ['11-01T01:00Z 11-01T03:00Z']],
    ['11-02', []],
  ])('every Sunday from 02:00 to 04:00: on %s it is %j', (date, expected) => {
    expect(on(sundays, date)).toEqual(expected);
  });

  test.each([
    ['02:30', '02:50', ['03-29T01:30Z 03-29T01:50Z'], 'is put off by the hour that is skipped'],
    ['02:30', '03:15', ['03-29T01:30Z 03-29T02:15Z'], 'lasts as long as it was to last'],
    ['01:30', '02:30', ['03-29T00:30Z 03-29T01:30Z'], 'ends later where its end is skipped'],
  ])('from %s to %s on the day when clocks go forward: %j, it %s', (start, end, expected) => {
    const window = times({ rrule: 'FREQ=DAILY', startsAt: `2026-02-01T${start}`, endsAt: `2026-02-01T${end}` });
    expect(on(window, '03-29')).toEqual(expected);
  });
});

describe('spans', () => {
  test('a window counts from when it was made to when it was ended, even in the middle of an occurrence', () => {
    const window = times({ startsAt: '2026-02-01T02:00', endsAt: '2026-02-01T04:00', timeZone: 'UTC' });
    expect(window.effectiveUntil).toBe(at('2026-02-01T04:00Z'));
    const cut = { ...window, effectiveFrom: at('2026-02-01T02:30Z'), effectiveUntil: at('2026-02-01T03:00Z') };
    expect(on(cut, '02-01')).toEqual(['02-01T02:30Z 02-01T03:00Z']);
    expect(on({ ...cut, effectiveUntil: cut.effectiveFrom }, '02-01')).toEqual([]);
  });

  test('of several windows are merged where they touch or overlap', () => {
    const a = times({ timeZone: 'UTC' });
    const b = times({ timeZone: 'UTC', startsAt: '2026-02-01T04:00', endsAt: '2026-02-01T05:00' });
    const c = times({ timeZone: 'UTC', startsAt: '2026-02-01T02:30', endsAt: '2026-02-01T03:00' });
    const d = times({ timeZone: 'UTC', startsAt: '2026-02-02T02:30', endsAt: '2026-02-02T03:00' });
    expect(shown(maintenanceSpans([d, c, b, a], now, now + 60 * day))).toEqual([
      '02-01T02:00Z 02-01T05:00Z',
      '02-02T02:30Z 02-02T03:00Z',
    ]);
  });

  test('an occurrence that began before the period belongs to it as long as it lasts', () => {
    const long = times({ endsAt: '2026-02-20T02:00', timeZone: 'UTC' });
    expect(on(long, '02-19')).toEqual(['02-01T02:00Z 02-20T02:00Z']);
    expect(on(long, '02-21')).toEqual([]);
  });

  test('the next ones are found, be they years away', () => {
    const leap = times({
      rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
      startsAt: '2026-02-01T00:00',
      endsAt: '2026-02-01T01:00',
    });
    expect(nextOccurrences(leap, now, 5).map((span) => span.from)).toEqual([at('2028-02-28T23:00Z')]);
    expect(
      nextOccurrences(times({ rrule: 'FREQ=DAILY' }), at('2026-06-01T01:00Z'), 2).map((span) => span.from),
    ).toEqual([at('2026-06-01T00:00Z'), at('2026-06-02T00:00Z')]);
  });

  test.each([
    ['FREQ=DAILY;COUNT=3', '2026-02-03T03:00Z'],
    ['FREQ=DAILY;UNTIL=20260205', '2026-02-06T00:59:59Z'],
    ['FREQ=WEEKLY', null],
  ])('a window with %s is over at %s', (rrule, until) => {
    expect(times({ rrule }).effectiveUntil).toBe(until && at(until));
  });

  test('the end of a rule is a time on the wall, though calendars write it in UTC', () => {
    expect(times({ rrule: 'rrule: freq=daily; until=20260205T010000Z;' }).rrule).toBe(
      'FREQ=DAILY;UNTIL=20260205T020000',
    );
    const lasts = (rrule: string) => maintenanceSpans([times({ rrule })], now, now + 90 * day).length;
    expect(lasts('FREQ=DAILY;UNTIL=20260205T010000Z')).toBe(5);
    expect(lasts('FREQ=DAILY;UNTIL=20260205T005959Z')).toBe(4);
    expect(lasts('FREQ=DAILY;UNTIL=20260205')).toBe(5);
  });
});

describe('invalid windows, by field', () => {
  const problems = (given: Partial<MaintenanceInput>) => windowProblems(input(given), now);

  test.each<[Partial<MaintenanceInput>, string, RegExp]>([
    [{ endsAt: '2026-02-01T01:00' }, 'endsAt', /ends before it starts/],
    [{ endsAt: '2026-02-01T02:00' }, 'endsAt', /ends before it starts/],
    [{ endsAt: '2026-03-04T02:00' }, 'endsAt', /at most 30 days/],
    [{ startsAt: '2025-02-01T02:00', endsAt: '2025-02-01T04:00' }, 'endsAt', /has ended/],
    [{ startsAt: '2099-02-01T02:00', endsAt: '2099-02-01T04:00' }, 'startsAt', /next five years/],
    [{ rrule: 'FREQ=SECONDLY' }, 'rrule', /more often than daily/],
    [{ rrule: 'FREQ=MINUTELY;INTERVAL=5' }, 'rrule', /more often than daily/],
    [{ rrule: 'FREQ=HOURLY' }, 'rrule', /BYHOUR=2,14/],
    [{ rrule: 'FREQ=DAILY;BYSECOND=0,1,2,3' }, 'rrule', /"BYSECOND" is not supported/],
    [
      { rrule: `FREQ=DAILY;BYHOUR=1,2;BYMINUTE=${Array.from({ length: 20 }, (_, i) => i)}` },
      'rrule',
      /at most 24 times a day/,
    ],
    [{ rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, 'rrule', /has no occurrence/],
    [{ rrule: 'FREQ=DAILY;BYMONTHDAY=31;BYMONTH=4,6' }, 'rrule', /has no occurrence/],
    [{ rrule: 'FREQ=DAILY;UNTIL=20260101' }, 'rrule', /has no occurrence/],
    [{ rrule: 'FREQ=DAILY;COUNT=0' }, 'rrule', /COUNT takes a whole number from 1/],
    [{ rrule: 'FREQ=DAILY;INTERVAL=0' }, 'rrule', /INTERVAL takes/],
    [{ rrule: 'FREQ=DAILY;COUNT=2;UNTIL=20270101' }, 'rrule', /not both/],
    [{ rrule: 'FREQ=DAILY;UNTIL=20260231' }, 'rrule', /UNTIL takes/],
    [{ rrule: 'FREQ=DAILY;FREQ=WEEKLY' }, 'rrule', /each part only once/],
    [{ rrule: 'FREQ=DAILY;DTSTART=20260101T000000Z' }, 'rrule', /"DTSTART" is not supported/],
    [{ rrule: 'FREQ=DAILY\nEXDATE:20260202T020000Z' }, 'rrule', /FREQ takes/],
    [{ rrule: 'FREQ=WEEKLY;BYDAY=XX' }, 'rrule', /BYDAY takes days such as/],
    [{ rrule: 'FREQ=WEEKLY;BYDAY=1MO' }, 'rrule', /cannot be used: BYDAY/],
    [{ rrule: 'FREQ=DAILY;BYMONTH=13' }, 'rrule', /BYMONTH takes/],
    [{ rrule: 'FREQ=DAILY;BYMONTH=0' }, 'rrule', /BYMONTH takes/],
    [{ rrule: 'FREQ=DAILY;BYHOUR=0,6;BYSETPOS=3' }, 'rrule', /cannot be used with DAILY/],
    [{ rrule: 'INTERVAL=2' }, 'rrule', /needs FREQ=/],
    [{ rrule: 'every Sunday' }, 'rrule', /FREQ=WEEKLY;BYDAY=SU/],
    [{ rrule: `FREQ=DAILY;BYHOUR=${'1,'.repeat(200)}1` }, 'rrule', /at most 300 characters/],
    [{ rrule: 'FREQ=DAILY', endsAt: '2026-02-02T03:00' }, 'rrule', /occurrences overlap/],
    [{ rrule: 'FREQ=DAILY;BYHOUR=2,3' }, 'rrule', /occurrences overlap/],
    [{ rrule: 'FREQ=DAILY;COUNT=3', startsAt: '2025-02-01T02:00', endsAt: '2025-02-01T04:00' }, 'rrule', /has ended/],
    [{ allMonitors: false }, 'monitorIds', /Choose monitors, tags, or all/],
  ])('%j', (given, path, message) => {
    const found = problems(given);
    expect(found.map((problem) => problem.path)).toEqual([path]);
    expect(found[0]?.message).toMatch(message);
  });

  test.each<Partial<MaintenanceInput>>([
    {},
    { rrule: '' },
    { rrule: 'FREQ=DAILY', endsAt: '2026-02-02T02:00' },
    { rrule: 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1' },
    { rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29' },
    { rrule: 'FREQ=WEEKLY', startsAt: '2020-02-01T02:00', endsAt: '2020-02-01T04:00' },
    { startsAt: '2025-12-31T02:00', endsAt: '2026-01-02T02:00' },
  ])('not %j', (given) => {
    expect(problems(given)).toEqual([]);
  });

  test.each([
    [{ startsAt: '2026-02-30T02:00' }, 'startsAt', /such as 2026-11-21T02:00/],
    [{ startsAt: '2026-02-01T25:00' }, 'startsAt', /such as/],
    [{ startsAt: '2026-02-01T02:00:00Z' }, 'startsAt', /such as/],
    [{ startsAt: '1970-02-01T02:00' }, 'startsAt', /2000 to 2099/],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone', /not a time zone/],
    [{ timeZone: '+01:00' }, 'timeZone', /not a time zone/],
    [{ title: ' ' }, 'title', /Enter a title for the window/],
    [{ monitorIds: Array.from({ length: 1_001 }, (_, i) => `mon_${i}`) }, 'monitorIds', /at most 1,000/],
  ])('%#', (given, path, message) => {
    const issue = createMaintenanceSchema.safeParse({ ...input({}), ...given }).error?.issues[0];
    expect([issue?.path.join('.'), issue?.message]).toEqual([path, expect.stringMatching(message)]);
  });
});

/** Zones whose clocks change at different hours, by other amounts than an hour (Lord Howe), by decree, or never. */
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Asia/Kolkata',
  'Africa/Casablanca',
  'Asia/Gaza',
  'UTC',
];

const rules = fc.oneof(
  fc.constantFrom('FREQ=DAILY', 'FREQ=WEEKLY', 'FREQ=MONTHLY', 'FREQ=YEARLY', 'FREQ=DAILY;BYHOUR=2'),
  fc
    .tuple(fc.subarray(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], { minLength: 1 }), fc.integer({ min: 1, max: 4 }))
    .map(([days, interval]) => `FREQ=WEEKLY;INTERVAL=${interval};BYDAY=${days}`),
  fc
    .tuple(fc.constantFrom(1, 2, -1), fc.constantFrom('SU', 'MO', 'SA'))
    .map(([nth, weekday]) => `FREQ=MONTHLY;BYDAY=${nth}${weekday}`),
  fc
    .integer({ min: -3, max: 31 })
    .filter((n) => n !== 0)
    .map((n) => `FREQ=MONTHLY;BYMONTHDAY=${n}`),
  fc.integer({ min: 2, max: 9 }).map((n) => `FREQ=DAILY;INTERVAL=${n}`),
  fc.integer({ min: 1, max: 400 }).map((n) => `FREQ=DAILY;COUNT=${n}`),
);

const anyWindow = fc
  .record({
    timeZone: fc.constantFrom(...zones),
    rrule: rules,
    startMinute: fc.integer({ min: 0, max: 3 * 366 * 24 * 60 }),
    // Mostly about the hours in which clocks change.
    hour: fc.oneof(fc.constantFrom(0, 1, 2, 3), fc.integer({ min: 0, max: 23 })),
    durationMinutes: fc.integer({ min: 1, max: 24 * 60 }),
  })
  .map(({ timeZone, rrule, startMinute, hour: startHour, durationMinutes }): WindowTimes => {
    const start =
      at('2023-01-01T00:00Z') + Math.floor(startMinute / 1440) * day + startHour * hour + (startMinute % 60) * 60_000;
    const counts = { skipped: [], effectiveFrom: 0, effectiveUntil: null };
    return { startsAt: formatWallTime(start), timeZone, rrule, durationSeconds: durationMinutes * 60, ...counts };
  });

/** An instant as Temporal places it: another implementation of the same standard, with its own reading of the zones. */
const byTemporal = (wall: number, timeZone: string) =>
  Temporal.PlainDateTime.from(formatWallTime(wall)).toZonedDateTime(timeZone, { disambiguation: 'compatible' });

describe('for any zone, rule and time', () => {
  test('a wall time is placed as Temporal places it', () => {
    const anyWall = fc.integer({ min: at('2015-01-01T00:00Z') / 60_000, max: at('2035-01-01T00:00Z') / 60_000 });
    fc.assert(
      fc.property(fc.constantFrom(...zones), anyWall, (timeZone, minute) => {
        const wall = minute * 60_000;
        expect(instantOf(wall, timeZone)).toBe(byTemporal(wall, timeZone).epochMilliseconds);
      }),
      { numRuns: runs(5_000) },
    );
  });

  test('around each change of the clocks as well', () => {
    for (const timeZone of zones) {
      let change = Temporal.Instant.from('2020-01-01T00:00Z')
        .toZonedDateTimeISO(timeZone)
        .getTimeZoneTransition('next');
      for (let i = 0; change && i < 20; i++) {
        const around = Date.parse(`${change.toPlainDateTime().toString({ smallestUnit: 'minute' })}Z`);
        for (let minutes = -150; minutes <= 150; minutes += 10) {
          const wall = around + minutes * 60_000;
          expect(instantOf(wall, timeZone), timeZone).toBe(byTemporal(wall, timeZone).epochMilliseconds);
        }
        change = change.getTimeZoneTransition('next');
      }
    }
  });

  test('each occurrence starts and ends on the wall as asked, except where the clocks skip that', () => {
    fc.assert(
      fc.property(anyWindow, fc.integer({ min: 0, max: 1_000 }), (window, days) => {
        const from = at('2023-01-01T00:00Z') + days * day;
        const { hour: h, minute } = Temporal.PlainDateTime.from(window.startsAt);
        for (const span of occurrences(window, from, from + 60 * day)) {
          const start = Temporal.Instant.fromEpochMilliseconds(span.from).toZonedDateTimeISO(window.timeZone);
          const asked = start
            .toPlainDate()
            .toPlainDateTime({ hour: window.rrule?.includes('BYHOUR=2') ? 2 : h, minute });
          const isSkipped = !asked.toZonedDateTime(window.timeZone).toPlainDateTime().equals(asked);
          if (isSkipped) continue;
          expect(start.toPlainDateTime().toString()).toBe(asked.toString());
          const end = byTemporal(
            (parseWallTime(asked.toString().slice(0, 16)) ?? 0) + window.durationSeconds * 1000,
            window.timeZone,
          );
          expect(span.to).toBe(end.epochMilliseconds);
        }
      }),
      { numRuns: runs(2_000) },
    );
  });

  test('a period has what its two halves have, and merged spans are ascending and disjoint', () => {
    const key = ({ from, to }: Span) => `${from}-${to}`;
    const days = fc.integer({ min: 0, max: 400 * 24 });
    fc.assert(
      fc.property(anyWindow, fc.tuple(days, days, days), (window, hours) => {
        const [a = 0, b = 0, c = 0] = hours.toSorted((x, y) => x - y).map((h) => at('2023-01-01T00:00Z') + h * hour);
        const whole = occurrences(window, a, c);
        const halves = [...occurrences(window, a, b), ...occurrences(window, b, c)];
        expect([...new Set(whole.map(key))]).toEqual([...new Set(halves.map(key))]);
        const spans = maintenanceSpans([window], a, c);
        for (const [i, span] of spans.entries()) {
          expect(span.to).toBeGreaterThan(span.from);
          expect(span.from).toBeGreaterThan(spans[i - 1]?.to ?? -Infinity);
        }
      }),
      { numRuns: runs(1_000) },
    );
  });
});
