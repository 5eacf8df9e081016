import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { giveUpAfterMs, nextAttempt } from '../../../worker/domain/delivery/backoff.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const now = Date.parse('2026-11-21T12:00:00Z');

/** Delay in seconds of an attempt that failed at once. */
const delay = (attempts: number, random: number, retryAfterMs: number | null = null, createdAt = now) => {
  const next = nextAttempt(attempts, createdAt, now, retryAfterMs, random);
  return next === 'failed' ? next : (next.at - now) / second;
};

describe('a delivery that failed', () => {
  test.for<[name: string, delay: number | 'failed', expected: number | 'failed']>([
    ['is tried again after 5 s on average', delay(1, 0.5), 5],
    ['is left alone for a second in any case', delay(1, 0), 1],
    ['is tried again after at most 20 s the second time', delay(2, 0.999_999), 19.999],
    ['is tried again after at most 30 minutes in the long run', delay(40, 0.999_999_999), 30 * 60 - 0.001],
    ['waits for as long as it is asked to, and a little longer', delay(1, 0.5, 90 * second), 92.5],
    ['waits for its own delay where it is asked for less', delay(8, 0.5, second), 640],
    ['does not wait past its end', delay(1, 0.5, 90 * hour), 24 * 3600],
    ['has a last attempt at its end', delay(20, 0.5, null, now - giveUpAfterMs + second), 1],
    ['has failed after that', delay(20, 0.5, null, now - giveUpAfterMs), 'failed'],
  ])('%s', ([, actual, expected]) => {
    expect(actual).toBe(expected);
  });

  const retryAfter = fc.option(fc.nat(100 * hour));
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  test('retries later, not past its end, not before the requested time, and within the delay that a queue can hold', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.nat(30 * hour),
        retryAfter,
        random,
        (attempts, age, asked, r) => {
          const next = nextAttempt(attempts, now - age, now, asked, r);
          expect(next === 'failed').toBe(age >= giveUpAfterMs);
          if (next === 'failed') return;
          const { at } = next;
          expect(at).toBeGreaterThan(now);
          expect(at).toBeLessThanOrEqual(now - age + giveUpAfterMs);
          expect(at).toBeGreaterThanOrEqual(Math.min(now + (asked ?? 0), now - age + giveUpAfterMs));
        },
      ),
    );
  });

  test('ends after about a hundred attempts, with the last one at its end', () => {
    const attempts = [now];
    for (let at = now; ; ) {
      const next = nextAttempt(attempts.length, now, at, null, 0.5);
      if (next === 'failed') break;
      at = next.at;
      attempts.push(at);
    }
    expect([attempts.length, attempts.at(-1)]).toEqual([104, now + giveUpAfterMs]);
  });
});
