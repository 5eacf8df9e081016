import { expect, test } from 'vitest';
import { resetMs, retryAfterMs } from '../../../worker/domain/delivery/retryAfter.ts';

const second = 1_000;
const now = Date.UTC(2026, 10, 21, 12);

test.for<[header: string | number | null, ms: number | null]>([
  ['120', 120 * second],
  ['0', 0],
  ['1.5', 1_500],
  [' 1.5 ', 1_500],
  ['45.5', 45_500],
  ['60.0', 60 * second],
  ['0.0001', 1],
  ['.5', 500],
  ['7.', 7 * second],
  [45.5, 45_500],
  [0.65, 650],
  [1e-7, 0],
  [-1, null],
  [1e300, Number.MAX_SAFE_INTEGER],
  [Number.NaN, null],
  ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
  ['99999999999', 99_999_999_999 * second],
  ['Sat Nov 21 12:00:30 2026', 30 * second],
  ['Sat, 21 Nov 2026 13:00:30 +0100', 30 * second],
  ['2026-11-21T12:00:30Z', 30 * second],
  ['2026-11-21T12:00:30.5+00:00', 30_500],
  ['-1.5', null],
  ['1e3', null],
  ['1,5', null],
  ['0x10', null],
  ['Infinity', null],
  ['1.2.3', null],
  ['.', null],
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

test.for<[header: string | null, ms: number | null]>([
  ['30', 30 * second],
  ['1.25', 1_250],
  [`${now / 1000 + 30}`, 30 * second],
  [`${now / 1000 + 0.65}`, 650],
  [`${now + 30_000}`, 30 * second],
  [`${now / 1000 - 30}`, 0],
  ['Sat, 21 Nov 2026 12:00:30 GMT', 30 * second],
  ['-5', null],
  ['soon', null],
  [null, null],
])('a reset at %s', ([header, ms]) => {
  expect(resetMs(header, now)).toBe(ms);
});
