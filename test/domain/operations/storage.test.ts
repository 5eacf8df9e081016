import { expect, test } from 'vitest';
import { dropBefore, storageLevel, usedPercent } from '../../../worker/domain/operations/storage.ts';

const day = 86_400_000;
const hour = 3_600_000;
const now = Date.parse('2026-11-29T12:00:00Z');
const gb = 1_000_000_000;

test.for([
  [6.99, 'ok', 69],
  [7, 'warning', 70],
  [9.49, 'warning', 94],
  [9.5, 'full', 95],
  [10, 'full', 100],
  [11, 'full', 110],
] as const)('%d of 10 GB is %s', ([size, level, percent]) => {
  expect(storageLevel(size * gb, 10 * gb)).toBe(level);
  expect(usedPercent(size * gb, 10 * gb)).toBe(percent);
});

const given = { now, days: 90, limitBytes: 10 * gb, sizeBytes: 7.9 * gb, oldest: now - 40 * day };

test.for([
  ['data past its retention is dropped by age', given, { at: now - 90 * day, forRoom: false }],
  [
    'from 80 % on the oldest hour is dropped, at any age',
    { ...given, sizeBytes: 8 * gb },
    { at: now - 40 * day + hour, forRoom: true },
  ],
  [
    'data past its retention is not dropped for room',
    { ...given, sizeBytes: 9 * gb, oldest: now - 100 * day },
    { at: now - 90 * day, forRoom: false },
  ],
  [
    'the last day stays, however full the database is',
    { ...given, sizeBytes: 12 * gb, oldest: now - day - 60_000 },
    { at: now - day, forRoom: true },
  ],
  [
    'without ticks there is nothing to make room with',
    { ...given, sizeBytes: 12 * gb, oldest: null },
    { at: now - 90 * day, forRoom: false },
  ],
] as const)('%s', ([, kept, expected]) => {
  expect(dropBefore(kept)).toEqual(expected);
});
