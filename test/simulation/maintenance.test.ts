import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { runs } from '../properties.ts';
import { simulate } from './report.ts';
import { type ScenarioInput, scenarioSchema } from './scenario.ts';

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Africa/Casablanca',
  'Asia/Kolkata',
  'UTC',
];

const durationMinutes = 12 * 60;
const minutesPerDay = 1440;

type Window = NonNullable<ScenarioInput['monitor']['recurringMaintenance']>[number];

/** A window of some days as Temporal places it, without any rule: one start a day, every `everyDays` of them. */
interface Planned {
  timeZone: string;
  first: Temporal.PlainDateTime;
  everyDays: number;
  lastsMinutes: number;
}

const wallText = (time: Temporal.PlainDateTime) => time.toString({ smallestUnit: 'minute' });

const windowOf = ({ timeZone, first, everyDays, lastsMinutes }: Planned): Window => ({
  startsAt: wallText(first),
  endsAt: wallText(first.add({ minutes: lastsMinutes })),
  timeZone,
  rrule: `FREQ=DAILY;INTERVAL=${everyDays}`,
});

/** Minutes since the epoch at which the window holds until `last`. */
const heldMinutes = ({ timeZone, first, everyDays, lastsMinutes }: Planned, last: number): Set<number> => {
  const minuteOf = (wall: Temporal.PlainDateTime) =>
    wall.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds / 60_000;
  const held = new Set<number>();
  for (let wall = first; minuteOf(wall) < last; wall = wall.add({ days: everyDays })) {
    const [from, to] = [minuteOf(wall), minuteOf(wall.add({ minutes: lastsMinutes }))];
    for (let minute = from; minute < (to > from ? to : from + lastsMinutes); minute++) held.add(minute);
  }
  return held;
};

/** Half of the starts lie so that the clocks change within the scenario. */
const anyStart = (timeZone: string) =>
  fc
    .tuple(fc.boolean(), fc.integer({ min: 0, max: 1_800 * minutesPerDay }), fc.integer({ min: 0, max: 11 * 60 }))
    .map(([isNearChange, minutes, before]) => {
      const some = Temporal.Instant.from('2024-01-01T00:00Z').add({ minutes }).toZonedDateTimeISO(timeZone);
      const change = isNearChange ? some.getTimeZoneTransition('next') : null;
      return change ? change.subtract({ minutes: before }) : some;
    });

const anyPlanned = (start: Temporal.ZonedDateTime) =>
  fc
    .record({
      daysBefore: fc.integer({ min: 0, max: 5 }),
      hour: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 23 })),
      minute: fc.constantFrom(0, 15, 30, 59),
      everyDays: fc.integer({ min: 1, max: 3 }),
      lastsMinutes: fc.oneof(fc.integer({ min: 1, max: 240 }), fc.integer({ min: 1, max: minutesPerDay })),
    })
    .map(({ daysBefore, hour, minute, everyDays, lastsMinutes }): Planned => {
      const first = start.toPlainDate().subtract({ days: daysBefore }).toPlainDateTime({ hour, minute });
      return { timeZone: start.timeZoneId, first, everyDays, lastsMinutes };
    });

const anyCase = fc.constantFrom(...zones).chain((timeZone) =>
  anyStart(timeZone).chain((start) =>
    fc.record({
      start: fc.constant(start),
      planned: fc.array(anyPlanned(start), { minLength: 1, maxLength: 3 }),
      outage: fc.tuple(fc.nat(durationMinutes * 60), fc.integer({ min: 60, max: 4 * 3600 })),
      seed: fc.nat(1_000_000),
    }),
  ),
);

test('maintenance counts to the second as Temporal says, wherever clocks change, and all seconds are counted once', () => {
  fc.assert(
    fc.property(anyCase, ({ start, planned, outage: [from, length], seed }) => {
      const { seconds } = simulate(
        scenarioSchema.parse({
          name: 'any windows',
          seed,
          start: start.toInstant().toString(),
          durationSeconds: durationMinutes * 60,
          monitor: { intervalSeconds: 300, regions: ['weur'], recurringMaintenance: planned.map(windowOf) },
          target: [{ from, to: from + length, is: 'down' }],
        }),
      );
      const begin = start.epochMilliseconds / 60_000;
      const end = begin + durationMinutes;
      const held = new Set(planned.flatMap((window) => [...heldMinutes(window, end)]));
      const inScenario = [...held].filter((minute) => begin <= minute && minute < end);
      expect(seconds.maintenance).toBe(inScenario.length * 60);
      expect(Object.values(seconds).reduce((a, b) => a + b)).toBe(durationMinutes * 60);
    }),
    { numRuns: runs(500) },
  );
});
