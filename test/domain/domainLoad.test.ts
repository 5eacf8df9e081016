import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fairLevel, isChecked, spreadOver, stretchesFor } from '../../worker/domain/domainLoad.ts';

const needs = fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 120 });
const budgets = fc.integer({ min: 3_600, max: 1_000_000 });
const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);

test.for<[what: string, needs: number[], budget: number, stretches: number[]]>([
  ['all fits', [10, 20, 30], 60, [1, 1, 1]],
  ['one above the budget', [100], 60, [2]],
  ['a stranger beside a heavy team keeps its interval', [1, 1_000], 61, [1, 17]],
  ['equal teams share equally', [60, 60, 60], 60, [3, 3, 3]],
  ['what one does not need goes to the others', [10, 50, 60], 100, [1, 2, 2]],
  ['hundred teams', Array(100).fill(10_800), 54_000, Array(100).fill(20)],
])('%s', ([, given, budget, stretches]) => {
  expect(stretchesFor(given, budget)).toEqual(stretches);
});

describe('for any teams', () => {
  test('all together stay within the budget', () => {
    fc.assert(
      fc.property(needs, budgets, (given, budget) => {
        const sent = stretchesFor(given, budget).map((stretch, i) => (given[i] ?? 0) / stretch);
        expect(sum(sent)).toBeLessThanOrEqual(budget * (1 + 1e-9));
      }),
    );
  });

  test('nobody within an equal share is stretched, and nobody at all where all fit', () => {
    fc.assert(
      fc.property(needs, budgets, (given, budget) => {
        const stretches = stretchesFor(given, budget);
        for (const [i, need] of given.entries())
          if (need <= budget / given.length || sum(given) <= budget) expect(stretches[i]).toBe(1);
      }),
    );
  });

  test('who needs more is not stretched less, and gets no less than half of its share', () => {
    fc.assert(
      fc.property(needs, budgets, (given, budget) => {
        const level = fairLevel(given, budget);
        const stretches = stretchesFor(given, budget);
        const pairs = given.map((need, i) => [need, stretches[i] ?? 0] as const).toSorted(([a], [b]) => a - b);
        for (const [i, [need, stretch]] of pairs.entries()) {
          expect(stretch).toBeGreaterThanOrEqual(pairs[i - 1]?.[1] ?? 1);
          expect(need / stretch).toBeGreaterThanOrEqual(Math.min(need, level) / 2);
        }
      }),
    );
  });

  test('what a team adds stretches nobody whose need is below the equal share', () => {
    fc.assert(
      fc.property(needs, budgets, fc.integer({ min: 1, max: 1_000_000 }), (given, budget, more) => {
        const grown = given.map((need, i) => (i === 0 ? need + more : need));
        const [before, after] = [stretchesFor(given, budget), stretchesFor(grown, budget)];
        for (const [i, need] of given.entries())
          if (i > 0 && need <= budget / given.length) expect(after[i]).toBe(before[i]);
      }),
    );
  });
});

describe('a stretched monitor', () => {
  const stretches = fc.integer({ min: 1, max: 700 });

  test('is checked from each region in one of so many rounds', () => {
    fc.assert(
      fc.property(
        stretches,
        fc.nat(100_000),
        fc.nat(1e9),
        fc.integer({ min: 1, max: 8 }),
        (stretch, number, from, count) => {
          for (let index = 0; index < count; index++) {
            const rounds = Array.from({ length: 2 * stretch }, (_, i) => from + i);
            const checked = rounds.filter((round) => isChecked({ number, stretch }, round, { index, count }));
            expect(checked).toHaveLength(2);
            expect((checked[1] ?? 0) - (checked[0] ?? 0)).toBe(stretch);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test.for([2, 3, 5, 8, 20, 100])('1,000 of them at every distance are spread over %i rounds', (stretch) => {
    for (const distance of [1, 2, 3, 7, 8, 10, 16, 64, 100]) {
      const perRound = Array.from({ length: stretch }, (_, round) => {
        const numbers = Array.from({ length: 1_000 }, (_, i) => 17 + i * distance);
        return numbers.filter((number) => isChecked({ number, stretch }, round, { index: 0, count: 1 })).length;
      });
      expect(Math.max(...perRound), `distance ${distance}`).toBeLessThanOrEqual(1_000 / stretch + 24);
    }
  });
});

describe('a cohort is spread over seconds', () => {
  const member = fc.record({ domain: fc.constantFrom('a.example', 'b.example', 'c.example', null) });
  const members = fc.array(member, { maxLength: 100 });
  const intervals = fc.constantFrom(10, 15, 20, 30, 60, 300, 3_600);

  test('so that no domain is asked by more than its limit in one second, as far as the interval allows', () => {
    fc.assert(
      fc.property(members, fc.integer({ min: 1, max: 40 }), intervals, (due, perSecond, intervalSeconds) => {
        const spread = spreadOver(due, perSecond, intervalSeconds);
        expect(spread.flatMap((part) => part.members)).toHaveLength(due.length);
        for (const { afterSeconds, members: now } of spread) {
          expect(afterSeconds).toBeLessThan(intervalSeconds);
          for (const [domain, those] of Map.groupBy(now, (one) => one.domain)) {
            const all = due.filter((one) => one.domain === domain).length;
            const steps = Math.ceil(all / perSecond);
            if (domain !== null)
              expect(those.length).toBeLessThanOrEqual(perSecond * Math.ceil(steps / intervalSeconds));
            if (domain === null || all <= perSecond) expect([afterSeconds, those.length]).toEqual([0, all]);
          }
        }
      }),
    );
  });

  test('and not at all where every domain has few', () => {
    const due = Array.from({ length: 100 }, (_, i) => ({ domain: `${i % 10}.example` }));
    expect(spreadOver(due, 10, 30)).toEqual([{ afterSeconds: 0, members: due }]);
    expect(spreadOver([], 10, 30)).toEqual([]);
  });
});
