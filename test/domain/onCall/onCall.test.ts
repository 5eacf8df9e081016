import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gaps, onCallNow, shifts, whoIsOnCall } from '../../../worker/domain/onCall/onCall.ts';
import {
  createOnCallScheduleSchema,
  type Layer,
  type OnCallSchedule,
  overrideSchema,
} from '../../../worker/domain/onCall/onCallSchedule.ts';
import { wallTimeAt } from '../../../worker/domain/time/wallTime.ts';
import { weekdays } from '../../../worker/domain/time/weeklyHours.ts';
import { runs } from '../../properties.ts';

const at = (text: string) => Date.parse(`${text}Z`);
const day = 86_400_000;

const layerOf = (given: Partial<Layer> = {}): Layer => ({
  name: 'First',
  participants: ['ana', 'ben'],
  startsAt: '2026-03-23T09:00',
  rotation: { count: 1, unit: 'days' },
  hours: [],
  ...given,
});

const scheduleOf = (layers: Partial<Layer>[] = [{}], given: Partial<OnCallSchedule> = {}): OnCallSchedule => ({
  timeZone: 'Europe/Berlin',
  layers: layers.map(layerOf),
  overrides: [],
  ...given,
});

const shown = (schedule: OnCallSchedule, from: string, to: string) =>
  shifts(schedule, at(from), at(to)).map(
    (shift) => `${new Date(shift.from).toISOString().slice(0, 16)} ${shift.personId ?? '-'}`,
  );

const officeHours = [
  { days: ['mon', 'tue', 'wed', 'thu', 'fri'] as (typeof weekdays)[number][], from: '09:00', to: '17:00' },
];

describe('an on-call schedule', () => {
  test.for<[name: string, schedule: OnCallSchedule, from: string, to: string, expected: string[]]>([
    [
      'hands over at the same local time before and after the clocks go forward',
      scheduleOf(),
      '2026-03-27T12:00',
      '2026-03-31T00:00',
      ['2026-03-27T12:00 ana', '2026-03-28T08:00 ben', '2026-03-29T07:00 ana', '2026-03-30T07:00 ben'],
    ],
    [
      'hands over at the same local time before and after they go back',
      scheduleOf(),
      '2026-10-24T00:00',
      '2026-10-26T12:00',
      ['2026-10-24T00:00 ana', '2026-10-24T07:00 ben', '2026-10-25T08:00 ana', '2026-10-26T08:00 ben'],
    ],
    [
      'hands over each week on the day of the first handover',
      scheduleOf([{ rotation: { count: 1, unit: 'weeks' } }]),
      '2026-03-24T00:00',
      '2026-04-14T00:00',
      ['2026-03-24T00:00 ana', '2026-03-30T07:00 ben', '2026-04-06T07:00 ana', '2026-04-13T07:00 ben'],
    ],
    [
      'hands over each 12 hours, at night and in the morning',
      scheduleOf([{ rotation: { count: 12, unit: 'hours' }, startsAt: '2026-03-28T09:00' }]),
      '2026-03-28T08:00',
      '2026-03-30T08:00',
      [
        '2026-03-28T08:00 ana',
        '2026-03-28T20:00 ben',
        '2026-03-29T07:00 ana',
        '2026-03-29T19:00 ben',
        '2026-03-30T07:00 ana',
      ],
    ],
    [
      'hands over later by as much as the clocks skip where they skip the handover',
      scheduleOf([{ startsAt: '2026-03-28T02:30' }]),
      '2026-03-29T01:15',
      '2026-03-30T12:00',
      ['2026-03-29T01:15 ana', '2026-03-29T01:30 ben', '2026-03-30T00:30 ana'],
    ],
    [
      'hands over once where the clocks show the handover twice',
      scheduleOf([{ startsAt: '2026-10-24T02:45' }]),
      '2026-10-25T01:15',
      '2026-10-26T12:00',
      ['2026-10-25T01:15 ben', '2026-10-26T01:45 ana'],
    ],
    [
      'shows as a gap what lies before its beginning',
      scheduleOf(),
      '2026-03-22T00:00',
      '2026-03-24T00:00',
      ['2026-03-22T00:00 -', '2026-03-23T08:00 ana'],
    ],
    [
      'joins the shifts of one person that touch',
      scheduleOf([{ participants: ['ana'] }]),
      '2026-03-24T00:00',
      '2026-04-24T00:00',
      ['2026-03-24T00:00 ana'],
    ],
    [
      'leaves gaps outside of the hours of its only layer',
      scheduleOf([{ hours: officeHours, participants: ['ana'] }]),
      '2026-03-27T00:00',
      '2026-03-30T12:00',
      ['2026-03-27T00:00 -', '2026-03-27T08:00 ana', '2026-03-27T16:00 -', '2026-03-30T07:00 ana'],
    ],
    [
      'lets a later layer cover those before it, in its hours',
      scheduleOf([{}, { participants: ['cem'], hours: officeHours }]),
      '2026-03-23T12:00',
      '2026-03-24T12:00',
      ['2026-03-23T12:00 cem', '2026-03-23T16:00 ana', '2026-03-24T08:00 cem'],
    ],
    [
      'lets overrides cover all layers, and each those before it',
      scheduleOf([{}], {
        overrides: [
          { personId: 'cem', from: at('2026-03-23T10:00'), to: at('2026-03-23T14:00') },
          { personId: 'dee', from: at('2026-03-23T12:00'), to: at('2026-03-23T13:00') },
        ],
      }),
      '2026-03-23T09:00',
      '2026-03-23T20:00',
      [
        '2026-03-23T09:00 ana',
        '2026-03-23T10:00 cem',
        '2026-03-23T12:00 dee',
        '2026-03-23T13:00 cem',
        '2026-03-23T14:00 ana',
      ],
    ],
    ['has no shift in no time', scheduleOf(), '2026-03-23T09:00', '2026-03-23T09:00', []],
  ])('%s', ([, schedule, from, to, expected]) => {
    expect(shown(schedule, from, to)).toEqual(expected);
  });

  test('shows its gaps', () => {
    const schedule = scheduleOf([{ hours: officeHours }]);
    expect(gaps(schedule, at('2026-03-24T12:00'), at('2026-03-25T12:00'))).toEqual([
      { from: at('2026-03-24T16:00'), to: at('2026-03-25T08:00'), personId: null },
    ]);
  });

  test.for<[name: string, schedule: OnCallSchedule, expected: ReturnType<typeof onCallNow>]>([
    [
      'says who is on call, until when, and who is next',
      scheduleOf(),
      {
        personId: 'ben',
        until: at('2026-03-29T07:00'),
        next: { personId: 'ana', from: at('2026-03-29T07:00'), to: at('2026-03-30T07:00') },
      },
    ],
    [
      'says so of shifts that last for months',
      scheduleOf([{ rotation: { count: 20, unit: 'weeks' } }]),
      {
        personId: 'ana',
        until: at('2026-08-10T07:00'),
        next: { personId: 'ben', from: at('2026-08-10T07:00'), to: at('2026-12-28T08:00') },
      },
    ],
    [
      'knows no end of the shift of somebody who is alone',
      scheduleOf([{ participants: ['ana'] }]),
      { personId: 'ana', until: null, next: null },
    ],
    [
      'knows a gap, and who ends it',
      scheduleOf([{ startsAt: '2026-04-01T09:00', participants: ['ana'] }]),
      {
        personId: null,
        until: at('2026-04-01T07:00'),
        next: { personId: 'ana', from: at('2026-04-01T07:00'), to: null },
      },
    ],
  ])('%s', ([, schedule, expected]) => {
    expect(onCallNow(schedule, at('2026-03-28T12:00'))).toEqual(expected);
  });

  const given = {
    name: 'Operations',
    timeZone: 'Europe/Berlin',
    layers: [
      { name: 'First', participants: ['ana'], startsAt: '2026-03-23T09:00', rotation: { count: 1, unit: 'weeks' } },
    ],
  };

  test('needs no hours', () => {
    expect(createOnCallScheduleSchema.parse(given).layers[0]?.hours).toEqual([]);
  });

  test.for<[name: string, change: object, problem: string]>([
    ['without people', { participants: [] }, 'layers.0.participants: A rotation needs at least one person.'],
    [
      'on a day that no calendar has',
      { startsAt: '2026-02-30T09:00' },
      'layers.0.startsAt: Use a first handover such as 2026-11-23T09:00.',
    ],
    [
      'of shifts without length',
      { rotation: { count: 0, unit: 'days' } },
      'layers.0.rotation.count: A shift must last at least 1 hour.',
    ],
    [
      'of shifts without end',
      { rotation: { count: 53, unit: 'weeks' } },
      'layers.0.rotation.count: A shift can last at most 52 weeks.',
    ],
    [
      'of moons',
      { rotation: { count: 1, unit: 'moons' } },
      'layers.0.rotation.unit: The unit must be "hours", "days" or "weeks".',
    ],
  ])('refuses a rotation %s', ([, change, problem]) => {
    const { error } = createOnCallScheduleSchema.safeParse({ ...given, layers: [{ ...given.layers[0], ...change }] });
    expect(error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([problem]);
  });

  test('refuses to have no layers, and overrides that end before they begin', () => {
    const message = (result: { error?: { issues: { message: string }[] } | undefined }) =>
      result.error?.issues[0]?.message;
    expect(message(createOnCallScheduleSchema.safeParse({ ...given, layers: [] }))).toBe(
      'A schedule needs at least one layer.',
    );
    const override = { personId: 'ana', from: '2026-03-23T10:00:00Z', to: '2026-03-23T12:00:00+02:00' };
    expect(message(overrideSchema.safeParse(override))).toBe('The end must be after the start.');
    expect(overrideSchema.parse({ ...override, to: '2026-03-23T12:00:00Z' }).to).toBe(at('2026-03-23T12:00'));
  });
});

describe('any schedule', () => {
  const begin = at('2026-01-01T00:00');
  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Havana', 'UTC');
  const clock = fc
    .nat(95)
    .map((q) => `${String(Math.floor(q / 4)).padStart(2, '0')}:${String((q % 4) * 15).padStart(2, '0')}`);
  const hours = fc.record({ days: fc.subarray([...weekdays], { minLength: 1 }), from: clock, to: clock });
  const layers = fc.record({
    name: fc.constant('Layer'),
    participants: fc.array(fc.constantFrom('ana', 'ben', 'cem'), { minLength: 1, maxLength: 3 }),
    startsAt: fc
      .tuple(fc.nat(300), clock)
      .map(([days, time]) => `${new Date(begin + days * day).toISOString().slice(0, 10)}T${time}`),
    rotation: fc.oneof(
      fc.record({ count: fc.integer({ min: 1, max: 80 }), unit: fc.constant('hours' as const) }),
      fc.record({ count: fc.integer({ min: 1, max: 3 }), unit: fc.constantFrom('days' as const, 'weeks' as const) }),
    ),
    hours: fc.array(hours, { maxLength: 2 }),
  });
  const instants = fc.integer({ min: begin - 30 * day, max: begin + 400 * day });
  const overrides = fc
    .tuple(fc.constantFrom('dee', 'eli'), instants, fc.integer({ min: 1, max: 10 * day }))
    .map(([personId, from, ms]) => ({ personId, from, to: from + ms }));
  const schedules: fc.Arbitrary<OnCallSchedule> = fc.record({
    timeZone: zones,
    layers: fc.array(layers, { minLength: 1, maxLength: 3 }),
    overrides: fc.array(overrides, { maxLength: 3 }),
  });
  const lengths = fc.integer({ min: 1, max: 12 * day });

  test('its shifts cover the time without holes, overlaps and seams', () => {
    fc.assert(
      fc.property(schedules, instants, lengths, (schedule, from, ms) => {
        const list = shifts(schedule, from, from + ms);
        expect([list[0]?.from, list.at(-1)?.to]).toEqual([from, from + ms]);
        list.forEach((shift, i) => {
          expect(shift.to).toBeGreaterThan(shift.from);
          const next = list[i + 1];
          if (next) expect([next.from, next.personId === shift.personId]).toEqual([shift.to, false]);
        });
      }),
    );
  });

  test('at any time the one on call is the one whose shift it is', () => {
    fc.assert(
      fc.property(
        schedules,
        instants,
        lengths,
        fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (schedule, from, ms, parts) => {
          const list = shifts(schedule, from, from + ms);
          const edges = list.flatMap((shift) => [shift.from, shift.to - 1]);
          for (const time of [...edges, ...parts.map((part) => from + Math.floor(part * ms))]) {
            const shift = list.find((one) => one.from <= time && time < one.to);
            expect(whoIsOnCall(schedule, time)).toBe(shift?.personId);
          }
        },
      ),
      { numRuns: runs(50) },
    );
  });

  test('the shifts of two spans that follow on one another are those of the whole', () => {
    fc.assert(
      fc.property(schedules, instants, lengths, lengths, (schedule, from, first, second) => {
        const middle = from + first;
        const before = shifts(schedule, from, middle);
        const after = shifts(schedule, middle, middle + second);
        const last = before.at(-1);
        const joined =
          last && last.personId === after[0]?.personId
            ? [...before.slice(0, -1), { ...last, to: after[0].to }, ...after.slice(1)]
            : [...before, ...after];
        expect(shifts(schedule, from, middle + second)).toEqual(joined);
      }),
      { numRuns: runs(50) },
    );
  });

  test('daily handovers are at one local time, but where the clocks skip it', () => {
    const daily = layers.map(
      (layer): Layer => ({
        ...layer,
        participants: ['ana', 'ben'],
        rotation: { count: 1, unit: 'days' },
        hours: [],
      }),
    );
    fc.assert(
      fc.property(zones, daily, instants, (timeZone, layer, from) => {
        const list = shifts({ timeZone, layers: [layer], overrides: [] }, from, from + 10 * day).slice(1);
        const clocks = list.map((shift) => new Date(wallTimeAt(shift.from, timeZone)).toISOString().slice(11, 16));
        expect(clocks.filter((time) => time !== layer.startsAt.slice(11)).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

test('the clocks of the first century are not those of the last one', () => {
  for (const year of ['0001', '0050', '0099', '0100'])
    expect(wallTimeAt(at(`${year}-06-01T12:00`), 'UTC')).toBe(at(`${year}-06-01T12:00`));
});
