import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cohortOffsetMs,
  dispatchWindow,
  firstSlot,
  intervalsSeconds,
  isExpired,
  regionStaggerMs,
  slotsBetween,
} from '../../../worker/domain/checks/schedule.ts';
import { runs } from '../../properties.ts';

const anyInterval = fc.constantFrom(...intervalsSeconds);
const anyCohort = fc.integer({ min: 1, max: 1_000_000 });
const anyTime = fc.integer({ min: 1_700_000_000_000, max: 2_000_000_000_000 });
const anyOffsetSeconds = fc.integer({ min: 0, max: 7_200 });

describe('slots', () => {
  test('the first is at or after the time asked for, by less than an interval', () => {
    fc.assert(
      fc.property(anyTime, anyInterval, anyOffsetSeconds, (from, seconds, offset) => {
        const slot = firstSlot(from, seconds * 1000, offset * 1000);
        expect(slot).toBeGreaterThanOrEqual(from);
        expect(slot - from).toBeLessThan(seconds * 1000);
        expect((slot - offset * 1000) % (seconds * 1000)).toBe(0);
      }),
    );
  });

  test('minute after minute gives each slot of the hour once', () => {
    fc.assert(
      fc.property(anyTime, anyInterval, anyOffsetSeconds, (at, seconds, offset) => {
        const { from } = dispatchWindow(at);
        const byMinute = Array.from({ length: 60 }, (_, i) => dispatchWindow(at + i * 60_000)).flatMap((window) =>
          slotsBetween(window.from, window.to, seconds * 1000, offset * 1000),
        );
        expect(byMinute).toEqual(slotsBetween(from, from + 3_600_000, seconds * 1000, offset * 1000));
        expect(byMinute).toHaveLength(3_600 / seconds);
      }),
      { numRuns: runs(50) },
    );
  });

  test('an empty time has none', () => {
    expect(slotsBetween(1_000, 1_000, 10_000, 1_000)).toEqual([]);
  });
});

describe('spreading', () => {
  test('a cohort is due at a whole second inside its interval, always the same', () => {
    fc.assert(
      fc.property(anyCohort, anyInterval, (cohort, seconds) => {
        const offset = cohortOffsetMs(cohort, seconds);
        expect(offset % 1000).toBe(0);
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset).toBeLessThan(seconds * 1000);
        expect(cohortOffsetMs(cohort, seconds)).toBe(offset);
      }),
    );
  });

  test('a thousand cohorts spread evenly over 30 seconds', () => {
    const counts = Array.from({ length: 30 }, () => 0);
    for (let cohort = 1; cohort <= 1_000; cohort++) {
      const second = cohortOffsetMs(cohort, 30) / 1000;
      counts[second] = (counts[second] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(15);
    expect(Math.max(...counts)).toBeLessThan(60);
  });

  test('three regions on 30 s check every 10 s', () => {
    expect([0, 1, 2].map((index) => regionStaggerMs(index, 3, 30))).toEqual([0, 10_000, 20_000]);
  });

  test('regions follow each other within the interval, no two at once', () => {
    fc.assert(
      fc.property(anyInterval, fc.integer({ min: 1, max: 8 }), (seconds, count) => {
        const staggers = Array.from({ length: count }, (_, index) => regionStaggerMs(index, count, seconds));
        expect(new Set(staggers).size).toBe(count);
        expect(staggers).toEqual(staggers.toSorted((a, b) => a - b));
        expect(staggers.at(-1)).toBeLessThan(seconds * 1000);
        for (const stagger of staggers) expect(stagger % 1000).toBe(0);
      }),
    );
  });
});

describe('the dispatched minute', () => {
  test('follows the cron minute, however late within it the cron fires', () => {
    fc.assert(
      fc.property(anyTime, (at) => {
        const { minute, from, to } = dispatchWindow(at);
        expect(minute % 60_000).toBe(0);
        expect(at - minute).toBeGreaterThanOrEqual(0);
        expect(at - minute).toBeLessThan(60_000);
        expect(from).toBeGreaterThan(at);
        expect([from - minute, to - from]).toEqual([60_000, 60_000]);
      }),
    );
  });
});

test('a check is stale once the next one is due', () => {
  expect(isExpired(0, 30, 1, 29_999)).toBe(false);
  expect(isExpired(0, 30, 1, 30_000)).toBe(true);
  expect(isExpired(60_000, 30, 1, 0)).toBe(false);
  expect(isExpired(0, 30, 4, 119_999)).toBe(false);
  expect(isExpired(0, 30, 4, 120_000)).toBe(true);
});
