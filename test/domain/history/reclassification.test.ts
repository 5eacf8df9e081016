import { describe, expect, test } from 'vitest';
import {
  createReclassificationSchema,
  overlapProblem,
  reclassifiedSpanProblems,
} from '../../../worker/domain/history/reclassification.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 21, 12);
const createdAt = now - 90 * day;
const problems = (from: number, to: number) =>
  reclassifiedSpanProblems({ from, to }, { now, createdAt }).map(({ path, message }) => `${path}: ${message}`);

describe('a time that can be reclassified', () => {
  test.each([
    ['up to now', now - day, now],
    ['from the moment on in which the monitor was created', createdAt, createdAt + day],
    ['of one second', now - 1_000, now],
    ['of 31 days', now - 31 * day, now],
  ])('may reach %s', (_, from, to) => expect(problems(from, to)).toEqual([]));

  test('may begin with the second in which the monitor was created, as people write times', () => {
    const span = { from: createdAt, to: createdAt + day };
    expect(reclassifiedSpanProblems(span, { now, createdAt: createdAt + 999 })).toEqual([]);
    expect(reclassifiedSpanProblems(span, { now, createdAt: createdAt + 1_000 })).toHaveLength(1);
  });

  test.each([
    ['lies in the future', now + 1_000, now + 5_000, ['from: This is in the future', 'to: This is in the future']],
    ['reaches into the future', now - day, now + 1, ['to: This is in the future']],
    ['ends before it begins', now - day, now - 2 * day, ['to: The end is before the start']],
    ['ends where it begins', now - day, now - day, ['to: A reclassification covers at least one second']],
    ['is longer than 31 days', now - 31 * day - 1, now, ['to: A reclassification covers at most 31 days']],
    ['begins before the monitor', createdAt - 1, createdAt + day, ['from: The monitor was created at 2026-08-23']],
  ])('is refused where it %s', (_, from, to, expected) => {
    const found = problems(from, to);
    expect(found.length).toBe(expected.length);
    for (const [i, text] of expected.entries()) expect(found[i]).toContain(text);
  });
});

describe('a request', () => {
  const input = { from: '2026-11-20T12:00:00Z', to: '2026-11-20T12:05:00+00:00', as: 'false-positive', reason: ' x ' };
  const paths = (change: Record<string, unknown>) =>
    createReclassificationSchema.safeParse({ ...input, ...change }).error?.issues.map((issue) => issue.path.join('.'));

  test('keeps the offset of its times, and trims its reason', () => {
    expect(createReclassificationSchema.parse(input)).toMatchObject({ to: Date.UTC(2026, 10, 20, 12, 5), reason: 'x' });
  });

  test.each([
    ['30 February', { from: '2026-02-30T12:00:00Z' }, ['from']],
    ['29 February of a year that has none', { to: '2026-02-29T12:00:00Z' }, ['to']],
    ['a time without an offset', { from: '2026-02-20T12:00:00' }, ['from']],
    ['a number', { from: 5 }, ['from']],
    ['another meaning', { as: 'forgotten' }, ['as']],
    ['no reason', { reason: undefined }, ['reason']],
    ['blanks as a reason', { reason: ' \n ' }, ['reason']],
    ['a reason of 501 signs', { reason: 'x'.repeat(501) }, ['reason']],
    ['a field that there is not', { author: 'usr_1' }, ['']],
  ])('is refused by its field: %s', (_, change, expected) => expect(paths(change)).toEqual(expected));
});

test('an overlap is named with its time and reason, at the end that is in the way', () => {
  const other = { id: 'rcl_1', from: now - day, to: now, as: 'maintenance', reason: 'Moved the database' } as const;
  expect(overlapProblem({ from: now - 1_000, to: now }, other)).toMatchObject({ path: 'from' });
  const { path, message, times } = overlapProblem({ from: now - 2 * day, to: now }, other);
  expect(path).toBe('to');
  expect(message).toContain(
    'maintenance from 2026-11-20 12:00:00 UTC to 2026-11-21 12:00:00 UTC (“Moved the database”)',
  );
  expect(times).toEqual(['2026-11-20T12:00:00.000Z', '2026-11-21T12:00:00.000Z']);
});
