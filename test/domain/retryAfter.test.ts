import { expect, test } from 'vitest';
import { retryAfterMs } from '../../worker/domain/retryAfter.ts';

const second = 1_000;
const now = Date.UTC(2026, 10, 21, 12);

test.for<[header: string | null, ms: number | null]>([
  ['120', 120 * second],
  ['0', 0],
  [' 1.5 ', 1_500],
  ['Sat, 21 Nov 2026 12:00:30 GMT', 30 * second],
  ['Saturday, 21-Nov-26 12:00:30 GMT', 30 * second],
  ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
  ['-5', null],
  ['soon', null],
  ['2026-11-21', null],
  ['Never, the 40th GMT', null],
  ['-5x', null],
  ['Sat, 28 Nov 2026 12:00:00 GMT', 604_800 * second],
  ['', null],
  [null, null],
])('Retry-After: %s', ([header, ms]) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});
