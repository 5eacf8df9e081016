import { expect, test } from 'vitest';
import { targetLatencyMs } from '../../../worker/domain/checks/outcome.ts';
import type { Reason } from '../../../worker/domain/checks/reasons.ts';

test.each<[reason: Reason, status: number | null, latencyMs: number, shown: number | null]>([
  ['ok', 200, 84, 84],
  ['ok', 200, 0, 0],
  ['status', 503, 12, 12],
  ['timeout', null, 2000, 2000],
  ['reset', null, 31, 31],
  ['refused', null, 0, null],
  ['refused', null, 3, null],
  ['dns', null, 7, null],
  ['unreachable', null, 0, null],
  ['blocked', null, 0, null],
  ['unsupported', null, 0, null],
  // A redirect led to it: the first hop answered.
  ['blocked', 302, 25, 25],
])('%s with status %s after %i ms took the target %s ms', (reason, status, latencyMs, shown) => {
  expect(targetLatencyMs({ reason, status, latencyMs })).toBe(shown);
});
