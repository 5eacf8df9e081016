import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Holdable, heldUntil, holdUntil, type QuietHours } from '../../../worker/domain/delivery/quietHours.ts';
import { quietHoursSchema } from '../../../worker/domain/delivery/quietHoursSchema.ts';
import { weekdays } from '../../../worker/domain/time/weeklyHours.ts';

const quietOf = (given: Partial<QuietHours> = {}): QuietHours => ({
  timeZone: 'Europe/Berlin',
  hours: [{ days: [...weekdays], from: '22:00', to: '07:00' }],
  exceptCritical: true,
  ...given,
});

const shown = (until: number | null) => (until === null ? null : new Date(until).toISOString().slice(0, 16));
const at = (text: string) => Date.parse(`${text}Z`);

const berlin = 'Europe/Berlin';
const newYork = 'America/New_York';
const work = [{ days: ['mon' as const, 'tue' as const], from: '09:00', to: '17:00' }];

describe('a channel with quiet hours', () => {
  test.for<[name: string, given: Partial<QuietHours>, now: string, until: string | null]>([
    ['holds alerts from their start', {}, '2026-11-21T21:00', '2026-11-22T06:00'],
    ['holds alerts after midnight', {}, '2026-11-22T05:59', '2026-11-22T06:00'],
    ['sends from their end', {}, '2026-11-22T06:00', null],
    ['sends before they start', {}, '2026-11-21T20:59', null],
    ['holds alerts for an hour less when the clocks go forward', {}, '2026-03-28T21:00', '2026-03-29T05:00'],
    ['holds alerts for an hour more when they go back', {}, '2026-10-24T20:00', '2026-10-25T06:00'],
    ['knows its days', { hours: work }, '2026-11-24T15:59', '2026-11-24T16:00'],
    ['sends on other days', { hours: work }, '2026-11-25T15:59', null],
    [
      'holds alerts past midnight only if the day before is one of its days',
      { hours: [{ days: ['fri'], from: '22:00', to: '07:00' }] },
      '2026-11-20T23:30',
      '2026-11-21T06:00',
    ],
    [
      'sends after midnight of a day without quiet hours',
      { hours: [{ days: ['fri'], from: '22:00', to: '07:00' }] },
      '2026-11-19T23:30',
      null,
    ],
    [
      'holds alerts for a whole day if they end when they start',
      { hours: [{ days: ['sun'], from: '00:00', to: '00:00' }] },
      '2026-11-22T11:00',
      '2026-11-22T23:00',
    ],
    [
      'holds alerts until the end of consecutive quiet hours',
      {
        hours: [...work, { days: ['mon'], from: '17:00', to: '20:00' }, { days: ['mon'], from: '19:00', to: '21:30' }],
      },
      '2026-11-23T09:00',
      '2026-11-23T20:30',
    ],
    [
      'begins later where the clocks skip the beginning',
      { timeZone: berlin, hours: [{ days: ['sun'], from: '02:30', to: '08:00' }] },
      '2026-03-29T01:15',
      null,
    ],
    [
      'ends when the clocks show the end for the first time',
      { timeZone: newYork, hours: [{ days: ['sun'], from: '00:00', to: '01:30' }] },
      '2026-11-01T05:29',
      '2026-11-01T05:30',
    ],
    ['knows no other zone', { timeZone: 'Asia/Tokyo' }, '2026-11-21T13:00', '2026-11-21T22:00'],
  ])('%s', ([, given, now, until]) => {
    expect(shown(heldUntil(quietOf(given), at(now)))).toBe(until);
  });

  test('lets critical monitors through where it may', () => {
    const now = at('2026-11-21T23:00');
    expect(heldUntil(quietOf(), now, true)).toBeNull();
    expect(shown(heldUntil(quietOf({ exceptCritical: false }), now, true))).toBe('2026-11-22T06:00');
    expect(heldUntil(null, now)).toBeNull();
  });

  const problems = (change: object) =>
    quietHoursSchema
      .safeParse({ ...quietOf(), ...change })
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

  test.for<[name: string, change: object, problem: string]>([
    [
      'are all the time',
      {
        hours: [
          { days: [...weekdays], from: '08:00', to: '20:00' },
          { days: [...weekdays], from: '19:00', to: '08:00' },
        ],
      },
      'hours: These hours cover the whole week, so the channel could never send an alert.',
    ],
    ['are none', { hours: [] }, 'hours: Add at least one entry, or remove the quiet hours.'],
    ['have no days', { hours: [{ days: [], from: '08:00', to: '20:00' }] }, 'hours.0.days: Choose at least one day.'],
    [
      'have a time that no clock shows',
      { hours: [{ days: ['mon'], from: '24:00', to: '07:00' }] },
      'hours.0.from: Use a time such as 07:00, from 00:00 to 23:59.',
    ],
    [
      'are in no time zone',
      { timeZone: 'Berlin' },
      'timeZone: This is not a time zone. Use a name such as Europe/Berlin, or UTC.',
    ],
  ])('are refused where they %s', ([, change, problem]) => {
    expect(problems(change)).toEqual([problem]);
  });

  test('may leave one minute of the week', () => {
    const nearly = [
      { days: weekdays.slice(1), from: '00:00', to: '00:00' },
      { days: ['sun'], from: '00:01', to: '00:00' },
    ];
    expect(problems({ hours: nearly })).toBeUndefined();
  });
});

describe('a delivery in quiet hours', () => {
  const now = at('2026-11-21T23:00');
  const end = '2026-11-22T06:00';
  const due = { isCritical: false, dueAt: now, heldUntil: null, triedAt: null };
  test.for<[name: string, given: Partial<Holdable>, until: string | null]>([
    ['waits for their end', {}, end],
    ['about a critical monitor goes', { isCritical: true }, null],
    ['with a later due time stays unchanged', { dueAt: now + 1 }, null],
    ['waits as a retry, too', { triedAt: now - 5_000 }, end],
    ['goes once it was let go', { heldUntil: now }, null],
    [
      'goes once it was let go, also where it had been tried before',
      { heldUntil: now - 1, triedAt: now - 5_000 },
      null,
    ],
    ['waits again where it was let go and failed', { heldUntil: now - 5_000, triedAt: now - 4_000 }, end],
    ['keeps waiting when it is evaluated again', { heldUntil: now + 1_000 }, end],
  ])('%s', ([, given, until]) => {
    expect(shown(holdUntil({ ...due, ...given }, quietOf(), now))).toBe(until);
  });

  test('goes outside of them', () => {
    expect(holdUntil({ ...due, dueAt: 0 }, quietOf(), at('2026-11-22T06:00'))).toBeNull();
    expect(holdUntil(due, null, now)).toBeNull();
  });
});

describe('quiet hours beside the clocks of Intl', () => {
  const zones = fc.constantFrom(
    berlin,
    newYork,
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'America/Havana',
    'UTC',
    'Pacific/Apia',
  );
  const minuteOfDay = fc.nat(1_439);
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const hours = fc.record({
    days: fc.subarray([...weekdays], { minLength: 1 }),
    from: minuteOfDay.map(clock),
    to: minuteOfDay.map(clock),
  });
  const quiets = fc
    .record({
      timeZone: zones,
      hours: fc.array(hours, { minLength: 1, maxLength: 4 }),
      exceptCritical: fc.constant(true),
    })
    .filter((quiet) => quietHoursSchema.safeParse(quiet).success);
  const instants = fc.integer({ min: at('2025-01-01T00:00'), max: at('2028-01-01T00:00') });

  const formats = new Map<string, Intl.DateTimeFormat>();
  const wall = (instant: number, timeZone: string) => {
    const options = { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', options);
    formats.set(timeZone, format);
    const [, day = '', time = ''] = /^(\w+) (.*)$/.exec(format.format(instant).replace(',', '')) ?? [];
    return { day: (weekdays as readonly string[]).indexOf(day.toLowerCase()), time };
  };
  const isQuiet = ({ timeZone, hours: entries }: QuietHours, instant: number) => {
    const { day, time } = wall(instant, timeZone);
    return entries.some(({ days, from, to }) => {
      const began = (ago: number) => days.includes(weekdays[(day - ago + 7) % 7] ?? 'sun');
      if (from < to) return began(0) && from <= time && time < to;
      return (began(0) && time >= from) || (began(1) && time < to);
    });
  };
  /** Offset of the zone, as far as it shows: a day with a change has another a day and a half before or after. */
  const isNearChange = (instant: number, timeZone: string) =>
    [-36, 36].some((hour) => {
      const there = wall(instant + hour * 3_600_000, timeZone).time;
      const here = wall(instant + 12 * 3_600_000, timeZone).time;
      return there !== here;
    });

  test('hold exactly while the clocks show them, but around their changes', () => {
    fc.assert(
      fc.property(quiets, instants, (quiet, instant) => {
        fc.pre(!isNearChange(instant, quiet.timeZone));
        expect(heldUntil(quiet, instant) !== null).toBe(isQuiet(quiet, instant));
      }),
    );
  });

  test('end in the future, when no others hold', () => {
    fc.assert(
      fc.property(quiets, instants, (quiet, instant) => {
        const until = heldUntil(quiet, instant);
        if (until === null) return;
        expect(until).toBeGreaterThan(instant);
        expect(heldUntil(quiet, until)).toBeNull();
        expect(heldUntil(quiet, until - 1)).toBe(until);
      }),
    );
  });
});
