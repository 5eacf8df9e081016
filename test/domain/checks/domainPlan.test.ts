import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  daySeconds,
  mostPerSecond,
  regularBudget,
  slowdownsFor,
  stretchFor,
} from '../../../worker/domain/checks/domainLoad.ts';
import { type Placeable, planDomains, regionPlace } from '../../../worker/domain/checks/domainPlan.ts';
import { intervalsSeconds } from '../../../worker/domain/checks/schedule.ts';
import { runs } from '../../properties.ts';

interface Team {
  monitors: { interval: number; regions: number; count: number }[];
}

const interval = fc.constantFrom(...intervalsSeconds);
const team: fc.Arbitrary<Team> = fc.record({
  monitors: fc.array(
    fc.record({ interval, regions: fc.integer({ min: 1, max: 8 }), count: fc.integer({ min: 1, max: 40 }) }),
    { minLength: 1, maxLength: 3 },
  ),
});
const teams = fc.array(team, { minLength: 1, maxLength: 40 });
const limits = fc.constantFrom(1, 2, 5, 20, 50);

/** Monitors as limitDomains stretches them: the teams share the budget of the domain. */
const monitorsOf = (all: readonly Team[], perSecond: number, domain = 'a.example'): Placeable[] => {
  const needs = all.map(({ monitors }) =>
    monitors.reduce((sum, one) => sum + (one.count * one.regions * 3_600) / one.interval, 0),
  );
  const slowdowns = slowdownsFor(needs, regularBudget(perSecond));
  let number = 0;
  return all.flatMap(({ monitors }, i) =>
    monitors.flatMap(({ interval: every, regions, count }, j) =>
      Array.from({ length: count }, () => ({
        number: ++number,
        cohort: i * 10 + j,
        intervalSeconds: every,
        period: every * stretchFor(slowdowns[i] ?? 1, every),
        ...{ regions, domains: [domain], place: null },
      })),
    ),
  );
};

const placedBy = (monitors: readonly Placeable[], most: number): Placeable[] => {
  const { slots } = planDomains(monitors, most);
  return monitors.map((one) => ({ ...one, ...slots.get(one.number) }));
};

/** Checks of a domain in each second of a day, counted one by one. */
const perSecondOf = (monitors: readonly Placeable[], domain = 'a.example'): Uint32Array => {
  const counts = new Uint32Array(daySeconds);
  for (const { place, period, regions, domains } of monitors) {
    if (!domains.includes(domain)) continue;
    for (let i = 0; i < regions; i++)
      for (let t = regionPlace(place ?? Number.NaN, i, regions, period); t < daySeconds; t += period)
        counts[t] = (counts[t] ?? 0) + 1;
  }
  return counts;
};

const highest = (counts: Uint32Array) => counts.reduce((most, count) => Math.max(most, count), 0);

/** Where teams use each interval, and one to eight regions, a day is too full of them for some. */
const slack = 1;

test('no second of a day has more checks of a domain than its limit, for any teams, intervals and regions', () => {
  fc.assert(
    fc.property(teams, limits, (given, perSecond) => {
      const monitors = monitorsOf(given, perSecond);
      const planned = placedBy(monitors, mostPerSecond(perSecond));
      expect(highest(perSecondOf(planned))).toBeLessThanOrEqual(mostPerSecond(perSecond) + slack);
      for (const [i, { period, place }] of planned.entries()) {
        expect(place).toBeLessThan(period);
        expect(period).toBeGreaterThanOrEqual(monitors[i]?.period ?? 0);
        expect(daySeconds % period).toBe(0);
      }
    }),
    { numRuns: runs(20) },
  );
});

test('with the intervals that most use there is no slack, and nearly all are checked as often as wanted', () => {
  const usual: Team[] = Array.from({ length: 60 }, (_, i) => ({
    monitors: [{ interval: [10, 30, 60, 300][i % 4] ?? 30, regions: 3, count: 1 + ((i * 7) % 40) }],
  }));
  for (const perSecond of [5, 20, 50]) {
    const monitors = monitorsOf(usual, perSecond);
    const planned = placedBy(monitors, mostPerSecond(perSecond));
    expect(highest(perSecondOf(planned))).toBeLessThanOrEqual(mostPerSecond(perSecond));
    const slowed = planned.filter(({ period }, i) => period > (monitors[i]?.period ?? 0));
    expect(slowed.length / planned.length).toBeLessThanOrEqual(0.05);
  }
});

test('a planned monitor keeps its place while others come and go', () => {
  const few = monitorsOf([{ monitors: [{ interval: 30, regions: 3, count: 40 }] }], 20);
  const first = placedBy(few, 15);
  const more = monitorsOf([{ monitors: [{ interval: 30, regions: 3, count: 80 }] }], 20).slice(40);
  const then = placedBy([...first.slice(10), ...more], 15);
  expect(then.slice(0, 30)).toEqual(first.slice(10));
  expect(highest(perSecondOf(then))).toBeLessThanOrEqual(15);
});

test('where gaps are too small for newcomers the whole domain is planned again', () => {
  // Every second of a minute is full, with monitors that are checked once a minute; every other one leaves.
  const all = Array.from({ length: 60 }, (_, i) => ({
    ...{ number: i + 1, cohort: 1, intervalSeconds: 60, period: 60, regions: 1, domains: ['a.example'], place: i },
  }));
  const left = all.filter(({ place }) => place % 2 === 0);
  const newcomer = { ...(all[0] as Placeable), number: 100, intervalSeconds: 15, period: 15, place: null };
  const planned = placedBy([...left, newcomer], 1);
  expect(highest(perSecondOf(planned))).toBe(1);
  expect(planned.map(({ period }) => period)).toEqual([...left.map(() => 60), 15]);
});

test('a cohort shares seconds, so that few batches are nearly empty', () => {
  const planned = placedBy(monitorsOf([{ monitors: [{ interval: 60, regions: 3, count: 100 }] }], 20), 15);
  expect(new Set(planned.map(({ place }) => place)).size).toBe(10);
});

test('a monitor whose checks ask two crowded domains finds a second with room in both', () => {
  const own = monitorsOf([{ monitors: [{ interval: 30, regions: 3, count: 60 }] }], 20, 'a.example');
  const other = monitorsOf([{ monitors: [{ interval: 30, regions: 3, count: 60 }] }], 20, 'b.example');
  const both = [...own, ...other].map((one, i) => ({
    ...one,
    number: i,
    domains: i % 3 === 0 ? ['a.example', 'b.example'] : one.domains,
  }));
  const planned = placedBy(both, 15);
  for (const domain of ['a.example', 'b.example'])
    expect(highest(perSecondOf(planned, domain))).toBeLessThanOrEqual(15);
});
