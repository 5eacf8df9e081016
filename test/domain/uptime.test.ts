import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Span,
  uptimeOf,
  uptimePercent,
  type Verdict,
  type VerdictSpan,
  verdictMs,
} from '../../worker/domain/uptime.ts';

const verdicts: Verdict[] = ['up', 'degraded', 'down', 'unknown', 'paused', 'maintenance'];
const none = { up: 0, degraded: 0, down: 0, unknown: 0, paused: 0, maintenance: 0 };

const anySpans = fc
  .uniqueArray(fc.record({ since: fc.integer({ min: -500, max: 1_500 }), verdict: fc.constantFrom(...verdicts) }), {
    selector: (span) => span.since,
    maxLength: 12,
  })
  .map((spans) => spans.toSorted((a, b) => a.since - b.since));

/** Ascending and disjoint: every second pair of sorted edges. */
const anyGaps = fc.uniqueArray(fc.integer({ min: -500, max: 1_500 }), { maxLength: 12 }).map((edges): Span[] => {
  const sorted = edges.toSorted((a, b) => a - b);
  return sorted.flatMap((from, i) =>
    i % 2 === 0 && i + 1 < sorted.length ? [{ from, to: sorted[i + 1] ?? from }] : [],
  );
});
const anyPeriod = fc
  .tuple(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 1_000 }))
  .map(([a, b]): Span => ({ from: Math.min(a, b), to: Math.max(a, b) }));

/** The definition, millisecond by millisecond. */
const counted = (spans: VerdictSpan[], gaps: Span[], { from, to }: Span, maintenance: Span[] = []) => {
  const total = { ...none };
  for (let at = from; at < to; at++) {
    const verdict = spans.findLast((span) => span.since <= at)?.verdict ?? 'unknown';
    const isIn = (list: Span[]) => verdict !== 'paused' && list.some((span) => span.from <= at && at < span.to);
    total[isIn(maintenance) ? 'maintenance' : isIn(gaps) ? 'unknown' : verdict]++;
  }
  return total;
};

describe('milliseconds per verdict', () => {
  test('are what counting each millisecond gives', () => {
    fc.assert(
      fc.property(anySpans, anyGaps, anyPeriod, (spans, gaps, period) => {
        expect(verdictMs(spans, gaps, period.from, period.to)).toEqual(counted(spans, gaps, period));
      }),
    );
  });

  test('are maintenance in a window, whatever else is known of that time', () => {
    fc.assert(
      fc.property(anySpans, anyGaps, anyGaps, anyPeriod, (spans, gaps, windows, period) => {
        expect(verdictMs(spans, gaps, period.from, period.to, windows)).toEqual(counted(spans, gaps, period, windows));
      }),
    );
  });

  test('of two periods that meet add up to those of both', () => {
    fc.assert(
      fc.property(
        anySpans,
        anyGaps,
        anyPeriod,
        fc.integer({ min: 0, max: 1_000 }),
        (spans, gaps, { from, to }, cut) => {
          const middle = Math.min(Math.max(cut, from), to);
          const first = verdictMs(spans, gaps, from, middle);
          const second = verdictMs(spans, gaps, middle, to);
          const whole = verdictMs(spans, gaps, from, to);
          for (const verdict of verdicts) expect(first[verdict] + second[verdict]).toBe(whole[verdict]);
        },
      ),
    );
  });

  test('without any verdict are unknown, and of no time are none', () => {
    expect(verdictMs([], [], 10, 30)).toEqual({ ...none, unknown: 20 });
    expect(verdictMs([{ since: 0, verdict: 'up' }], [], 30, 30)).toEqual(none);
  });
});

describe('uptime', () => {
  test.each([
    [0, 0, null],
    [0, 1_000, 0],
    [1_000, 1_000, 100],
    [1_999, 2_000, 99.95],
    [99_999_999, 100_000_000, 99.999],
    [31_535_999_999, 31_536_000_000, 99.999],
    [1, 100_000_000, 0],
  ])('of %i in %i ms is %s', (upMs, observedMs, percent) => {
    expect(uptimePercent(upMs, observedMs)).toBe(percent);
  });

  test('is 100 only without any outage, and never more than it was', () => {
    const ms = fc.integer({ min: 0, max: 400 * 86_400_000 });
    fc.assert(
      fc.property(ms, ms, (up, down) => {
        const percent = uptimeOf({ ...none, up, down });
        if (percent === null) return expect(up + down).toBe(0);
        expect(percent === 100).toBe(down === 0);
        expect(percent).toBeLessThanOrEqual((up * 100) / (up + down) + 1e-9);
        expect(percent).toBeGreaterThan((up * 100) / (up + down) - 0.001_000_1);
      }),
    );
  });

  test('counts slow as up, and what nobody saw or wanted not at all', () => {
    expect(uptimeOf({ up: 50, degraded: 25, down: 25, unknown: 1_000, paused: 1_000, maintenance: 1_000 })).toBe(75);
    expect(uptimeOf({ ...none, unknown: 1_000, paused: 1_000, maintenance: 1_000 })).toBeNull();
  });
});
