import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  daySeconds,
  fairLevel,
  mostPerSecond,
  notedLoad,
  provisionalPlace,
  regularBudget,
  slowdownsFor,
  stretchAfter,
  stretchFor,
} from '../../../worker/domain/checks/domainLoad.ts';
import { intervalsSeconds } from '../../../worker/domain/checks/schedule.ts';

const needs = fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 120 });
const budgets = fc.integer({ min: 3_600, max: 1_000_000 });
const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);

test.for<[what: string, needs: number[], budget: number, slowdowns: number[]]>([
  ['all fits', [10, 20, 30], 60, [1, 1, 1]],
  ['one above the budget', [90], 60, [1.5]],
  ['a stranger beside a heavy team keeps its interval', [1, 960], 61, [1, 16]],
  ['equal teams share equally', [60, 60, 60], 60, [3, 3, 3]],
  ['an unused share goes to the others', [10, 45, 90], 100, [1, 1, 2]],
  ['hundred teams', Array(100).fill(10_800), 54_000, Array(100).fill(20)],
])('%s', ([, given, budget, slowdowns]) => {
  expect(slowdownsFor(given, budget)).toEqual(slowdowns);
});

test('three quarters of the limit are for regular checks, and what can meet in a second is missing to the others', () => {
  expect([1, 2, 5, 20, 50].map(mostPerSecond)).toEqual([1, 1, 3, 15, 37]);
  expect([1, 20].map(regularBudget)).toEqual([3_600 * 0.75 * 0.9, 48_600]);
  expect([5, 6, 15, 16].map((count) => notedLoad(count, 20) / 3_600)).toEqual([0, 6, 15, 15]);
});

test.for<[slowdown: number, intervalSeconds: number, stretch: number]>([
  [1, 10, 1],
  [1.1, 10, 2],
  [4.1, 10, 6],
  [6.1, 15, 8],
  [20.1, 10, 24],
  [3.1, 3_600, 4],
  [12.1, 3_600, 24],
  [1e6, 10, 8_640],
])('%f intervals of %i s at least: one slot in %i', ([slowdown, intervalSeconds, stretch]) => {
  expect(stretchFor(slowdown, intervalSeconds)).toBe(stretch);
});

const intervals = fc.constantFrom(...intervalsSeconds);

test('every period divides a day and is less than twice as long as needed, up to an hour', () => {
  fc.assert(
    fc.property(intervals, fc.double({ min: 1, max: 10_000, noNaN: true }), (intervalSeconds, slowdown) => {
      const period = intervalSeconds * stretchFor(slowdown, intervalSeconds);
      expect(daySeconds % period).toBe(0);
      expect(period).toBeGreaterThanOrEqual(Math.min(daySeconds, intervalSeconds * slowdown));
      if (intervalSeconds * slowdown <= 3_600) expect(period).toBeLessThan(2 * intervalSeconds * slowdown + 1e-6);
    }),
  );
});

test.for<[what: string, stretch: number, ageMs: number, fitting: number, next: number]>([
  ['a new one is raised at once', 1, 0, 8, 8],
  ['one that is raised is first checked once', 8, 79_000, 16, 8],
  ['and then raised again', 8, 80_000, 16, 16],
  ['it is lowered after ten minutes', 8, 599_000, 2, 8],
  ['not before', 8, 600_000, 2, 2],
  ['a period that does not divide a day was taken over from another interval', 7, 0, 8, 8],
])('%s', ([, stretch, ageMs, fitting, next]) => {
  expect(stretchAfter({ intervalSeconds: 10, stretch, stretchedAt: 1_000 }, fitting, 1_000 + ageMs)).toBe(next);
});

test('a monitor without a place is due at some time of the period', () => {
  const seconds = Array.from({ length: 60 }, (_, number) => provisionalPlace(number, 60));
  expect(new Set(seconds).size).toBeGreaterThan(35);
  expect(Math.max(...seconds)).toBeLessThan(60);
});

describe('for any teams', () => {
  test('all together stay within the budget', () => {
    fc.assert(
      fc.property(needs, budgets, (given, budget) => {
        const sent = slowdownsFor(given, budget).map((slowdown, i) => (given[i] ?? 0) / slowdown);
        expect(sum(sent)).toBeLessThanOrEqual(budget * (1 + 1e-9));
      }),
    );
  });

  test('nobody within an equal share is stretched, and nobody at all where all fit', () => {
    fc.assert(
      fc.property(needs, budgets, (given, budget) => {
        const slowdowns = slowdownsFor(given, budget);
        for (const [i, need] of given.entries())
          if (need <= budget / given.length || sum(given) <= budget) expect(slowdowns[i]).toBe(1);
      }),
    );
  });

  test('a greater need waits no less, and gets its share', () => {
    fc.assert(
      fc.property(needs, budgets, (given, budget) => {
        const level = fairLevel(given, budget);
        const slowdowns = slowdownsFor(given, budget);
        const pairs = given.map((need, i) => [need, slowdowns[i] ?? 0] as const).toSorted(([a], [b]) => a - b);
        for (const [i, [need, slowdown]] of pairs.entries()) {
          expect(slowdown).toBeGreaterThanOrEqual(pairs[i - 1]?.[1] ?? 1);
          expect(need / slowdown).toBeCloseTo(Math.min(need, level), 3);
        }
      }),
    );
  });

  test('a load that a team adds stretches nobody whose need is below the equal share', () => {
    fc.assert(
      fc.property(needs, budgets, fc.integer({ min: 1, max: 1_000_000 }), (given, budget, more) => {
        const grown = given.map((need, i) => (i === 0 ? need + more : need));
        const [before, after] = [slowdownsFor(given, budget), slowdownsFor(grown, budget)];
        for (const [i, need] of given.entries())
          if (i > 0 && need <= budget / given.length) expect(after[i]).toBe(before[i]);
      }),
    );
  });
});
