import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Reason, reasons } from '../../../worker/domain/checks/reasons.ts';
import { causeOf } from '../../../worker/domain/incidents/cause.ts';

type Report = Parameters<typeof causeOf>[0][number];

const fails = (reason: Reason, status: number | null = null): Report => ({
  health: 'down',
  reason,
  status,
  latencyMs: 100,
});
const passes: Report = { health: 'up', reason: 'ok', status: 200, latencyMs: 80 };
const isSlow: Report = { health: 'degraded', reason: 'slow', status: 200, latencyMs: 2_345 };
const refused: Report = { health: 'unknown', reason: 'challenged', status: 403, latencyMs: 0 };
const silent: Report = { health: 'unknown', reason: 'ok', status: 200, latencyMs: 80 };

describe('the cause in a title', () => {
  test.each<[cause: string | null, reports: Report[]]>([
    ['HTTP 503 in 2 of 3 regions', [fails('status', 503), fails('status', 503), passes]],
    ['Timeout in 3 of 3 regions', [fails('timeout'), fails('timeout'), fails('timeout')]],
    ['HTTP 503', [fails('status', 503)]],
    ['HTTP 503 in 2 of 3 regions, timeout in 1', [fails('timeout'), fails('status', 503), fails('status', 503)]],
    ['HTTP 502 in 1 of 2 regions, HTTP 503 in 1', [fails('status', 503), fails('status', 502)]],
    [
      'HTTP 503 in 2 of 6 regions, HTTP 500 in 1, other failures in 2',
      [fails('timeout'), fails('status', 503), fails('tls'), fails('status', 503), fails('status', 500), passes],
    ],
    ['Timeout in 1 of 2 regions', [fails('timeout'), isSlow]],
    ['2,345 ms in 1 of 2 regions', [isSlow, passes]],
    ['Up to 2,345 ms in 2 of 2 regions', [isSlow, { ...isSlow, latencyMs: 1_900 }]],
    ['2,345 ms', [isSlow]],
    ['Checks blocked by bot protection in 2 of 2 regions', [refused, refused]],
    ['Timeout in 1 of 3 regions', [fails('timeout'), refused, silent]],
    ['Address of Pharos itself', [fails('blocked', 508)]],
    // Its latest check passes, so that check says nothing of why the region counts as down.
    [null, [{ ...passes, health: 'down' }]],
    [null, [passes, silent]],
    // The last outcome of a stale region is not its present one.
    [null, [passes, { ...fails('timeout'), health: 'unknown' }]],
    [null, []],
  ])('is %j', (cause, reports) => {
    expect(causeOf(reports)).toBe(cause);
  });

  test('is one short line, does not depend on the order of regions, and never counts more than there are', () => {
    const report = fc.record({
      health: fc.constantFrom('up', 'degraded', 'down', 'unknown'),
      reason: fc.constantFrom(...reasons),
      status: fc.option(fc.integer({ min: 100, max: 599 })),
      latencyMs: fc.integer({ min: 10, max: 60_000 }),
    }) as fc.Arbitrary<Report>;
    fc.assert(
      fc.property(fc.array(report, { maxLength: 8 }), (reports) => {
        const cause = causeOf(reports);
        expect(causeOf(reports.toReversed())).toBe(cause);
        if (cause === null) return;
        expect(cause).toMatch(/^\S.*\S$/);
        expect(cause.length).toBeLessThan(120);
        const counts = [...cause.matchAll(/ in (\d)/g)].map(([, count]) => Number(count));
        expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(reports.length);
      }),
    );
  });
});
