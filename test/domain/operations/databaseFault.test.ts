import { expect, test } from 'vitest';
import { pauseMs } from '../../../worker/domain/delivery/backoff.ts';
import { type DatabaseFault, databaseFault } from '../../../worker/domain/operations/databaseFault.ts';

test.for<[message: string, fault: DatabaseFault]>([
  ['D1_ERROR: Network connection lost.', 'transient'],
  ['D1_ERROR: D1 DB reset because its code was updated.', 'transient'],
  ['Internal error while starting up D1 DB storage caused object to be reset.', 'transient'],
  ['D1_ERROR: Internal error in D1 DB storage caused object to be reset.', 'transient'],
  ['D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.', 'transient'],
  ["D1_ERROR: Can't read from request stream because client disconnected.", 'transient'],
  ['D1_ERROR: internal error; reference = 4g5mg5npu939v89t62h451km', 'transient'],
  ['D1_ERROR: database is locked: SQLITE_BUSY', 'transient'],
  ['D1_ERROR: D1 DB is overloaded. Requests queued for too long.', 'overloaded'],
  ['D1_ERROR: D1 DB is overloaded. Too many requests queued.', 'overloaded'],
  ['D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.', 'overloaded'],
  ["D1_ERROR: D1 DB's isolate exceeded its memory limit and was reset.", 'overloaded'],
  ['D1_ERROR: D1 DB exceeded its CPU time limit and was reset.', 'overloaded'],
  ['D1_ERROR: database or disk is full: SQLITE_FULL', 'full'],
  ['D1_ERROR: Exceeded maximum DB size.', 'full'],
  ['D1_ERROR: UNIQUE constraint failed: users.email: SQLITE_CONSTRAINT', 'permanent'],
  ['D1_ERROR: no such table: ticks: SQLITE_ERROR', 'permanent'],
  ['D1_ERROR: near "INSERTZ": syntax error at offset 0: SQLITE_ERROR', 'permanent'],
  ["D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'", 'permanent'],
  ['D1_ERROR: Your account has exceeded its daily row write limit of the free tier.', 'full'],
  ['something else', 'permanent'],
])('"%s" is %s', ([message, fault]) => {
  expect(databaseFault({ message })).toBe(fault);
});

test('the marks of the platform count where the text says nothing, and a full database stays full', () => {
  expect(databaseFault({ message: 'x', retryable: true })).toBe('transient');
  expect(databaseFault({ message: 'x', retryable: true, overloaded: true })).toBe('overloaded');
  expect(databaseFault({ message: 'database or disk is full', retryable: true })).toBe('full');
});

test('pauses double up to their limit, and half of each is jitter', () => {
  const pauses = { firstMs: 1_000, maxMs: 8_000 };
  const least = [1, 2, 3, 4, 5, 50].map((failures) => pauseMs(failures, pauses, 0));
  expect(least).toEqual([500, 1_000, 2_000, 4_000, 4_000, 4_000]);
  expect(pauseMs(3, pauses, 0.999_999)).toBe(4_000);
});
