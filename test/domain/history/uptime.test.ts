import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countedSpans,
  type History,
  partOfPeriod,
  type Reclassified,
  type Span,
  uptimeOf,
  uptimePercent,
  type Verdict,
  verdictMs,
} from '../../../worker/domain/history/uptime.ts';

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
const anyReclassified = fc
  .tuple(anyGaps, fc.array(fc.constantFrom('false-positive', 'maintenance'), { minLength: 6, maxLength: 6 }))
  .map(([spans, kinds]) =>
    spans.map((span, i): Reclassified => ({ ...span, id: `rcl_${i}`, as: kinds[i] ?? 'maintenance' })),
  );
const anyHistory: fc.Arbitrary<Required<History>> = fc.record({
  spans: anySpans,
  gaps: anyGaps,
  maintenance: anyGaps,
  reclassified: anyReclassified,
});
const anyPeriod = fc
  .tuple(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 1_000 }))
  .map(([a, b]): Span => ({ from: Math.min(a, b), to: Math.max(a, b) }));

const msOf = (history: History, from: number, to: number, by?: 'verdict') =>
  verdictMs(countedSpans(history, { from, to }), by);

/** The state of a single millisecond, and how it counts. */
const momentOf = ({ spans, gaps, maintenance, reclassified }: Required<History>, at: number) => {
  const isIn = (list: readonly Span[]) => list.some((span) => span.from <= at && at < span.to);
  const decided = spans.findLast((span) => span.since <= at)?.verdict ?? 'unknown';
  if (decided === 'paused') return { verdict: decided, countsAs: decided };
  const verdict = isIn(maintenance) ? 'maintenance' : isIn(gaps) ? 'unknown' : decided;
  if (isIn(reclassified.filter((span) => span.as === 'maintenance')))
    return { verdict, countsAs: 'maintenance' as const };
  const pardoned = ['down', 'degraded'].includes(verdict) && isIn(reclassified);
  return { verdict, countsAs: pardoned ? ('up' as const) : verdict };
};

describe('milliseconds per verdict', () => {
  test('are what counting each millisecond gives', () => {
    fc.assert(
      fc.property(anyHistory, anyPeriod, (history, { from, to }) => {
        const [counts, was] = [{ ...none }, { ...none }];
        for (let at = from; at < to; at++) {
          const moment = momentOf(history, at);
          counts[moment.countsAs]++;
          was[moment.verdict]++;
        }
        expect(msOf(history, from, to)).toEqual(counts);
        expect(msOf(history, from, to, 'verdict')).toEqual(was);
      }),
    );
  });

  test('two adjacent periods add up to those of both', () => {
    fc.assert(
      fc.property(anyHistory, anyPeriod, fc.integer({ min: 0, max: 1_000 }), (history, { from, to }, cut) => {
        const middle = Math.min(Math.max(cut, from), to);
        const [first, second, whole] = [
          msOf(history, from, middle),
          msOf(history, middle, to),
          msOf(history, from, to),
        ];
        for (const verdict of verdicts) expect(first[verdict] + second[verdict]).toBe(whole[verdict]);
      }),
    );
  });

  test('without any verdict are unknown, and of no time are none', () => {
    expect(msOf({ spans: [], gaps: [] }, 10, 30)).toEqual({ ...none, unknown: 20 });
    expect(msOf({ spans: [{ since: 0, verdict: 'up' }], gaps: [] }, 30, 30)).toEqual(none);
  });
});

describe('reclassified time', () => {
  test('keeps the sum of all states, changes nothing outside of it, and is as before once it is revoked', () => {
    fc.assert(
      fc.property(anyHistory, anyPeriod, (history, { from, to }) => {
        const { reclassified, ...plain } = history;
        const spans = countedSpans(history, { from, to });
        const sum = Object.values(verdictMs(spans)).reduce((a, b) => a + b, 0);
        expect(sum).toBe(to - from);
        for (const span of spans) {
          if (span.reclassification === null) expect(span.countsAs).toBe(span.verdict);
          const own = reclassified.find(({ id }) => id === span.reclassification);
          if (own) expect(own.from <= span.from && span.to <= own.to).toBe(true);
        }
        expect(verdictMs(spans, 'verdict')).toEqual(msOf(plain, from, to));
        expect(msOf({ ...history, reclassified: [] }, from, to)).toEqual(msOf(plain, from, to));
      }),
    );
  });

  test('has ascending spans without holes, each different from the one before it', () => {
    fc.assert(
      fc.property(anyHistory, anyPeriod, (history, { from, to }) => {
        const spans = countedSpans(history, { from, to });
        expect(spans.map((span) => span.from)).toEqual(
          spans.length === 0 ? [] : [from, ...spans.slice(0, -1).map((s) => s.to)],
        );
        expect(spans.at(-1)?.to ?? from).toBe(to);
        const texts = spans.map(
          ({ verdict, countsAs, reclassification }) => `${verdict} ${countsAs} ${reclassification}`,
        );
        expect(texts.every((text, i) => text !== texts[i - 1])).toBe(true);
      }),
    );
  });

  const whole = { from: 0, to: 100 };
  const counted = (verdict: Verdict, as: Reclassified['as'], more: Partial<History> = {}) =>
    countedSpans(
      { spans: [{ since: 0, verdict }], gaps: [], reclassified: [{ ...whole, id: 'rcl_1', as }], ...more },
      whole,
    )[0]?.countsAs;

  test.each<[was: Verdict, as: Reclassified['as'], counts: Verdict]>([
    ['down', 'false-positive', 'up'],
    ['degraded', 'false-positive', 'up'],
    ['up', 'false-positive', 'up'],
    ['unknown', 'false-positive', 'unknown'],
    ['paused', 'false-positive', 'paused'],
    ['down', 'maintenance', 'maintenance'],
    ['up', 'maintenance', 'maintenance'],
    ['unknown', 'maintenance', 'maintenance'],
    ['paused', 'maintenance', 'paused'],
  ])('time that was %s and is reclassified as %s counts as %s', (was, as, counts) => {
    expect(counted(was, as)).toBe(counts);
  });

  test('planned maintenance wins over a false positive', () => {
    expect(counted('down', 'false-positive', { maintenance: [whole] })).toBe('maintenance');
  });

  test('maintenance also covers time in which Pharos itself did not check; a false positive does not', () => {
    expect(counted('up', 'maintenance', { gaps: [whole] })).toBe('maintenance');
    expect(counted('down', 'false-positive', { gaps: [whole] })).toBe('unknown');
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

test.each([
  [0, null],
  [5_500, '5 seconds'],
  [500, '1 second'],
  [2.9 * 60_000, '2 minutes'],
  [3_600_000, '1 hour'],
  [22 * 3_600_000, '22 hours'],
  [23 * 3_600_000, null],
  [86_400_000, null],
])('a day of which %d ms were observed shows %s', (observed, part) => {
  expect(partOfPeriod(observed, 86_400_000)).toBe(part);
});
