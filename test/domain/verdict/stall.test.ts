import { describe, expect, test } from 'vitest';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { type Stall, staleSince, stallAt, type Watched, whileStale } from '../../../worker/domain/verdict/stall.ts';
import type { DecidedVerdict } from '../../../worker/domain/verdict/state.ts';

const minute = 60_000;
/** A cron minute; its dispatch covers the checks due until two minutes after it. */
const last = Date.UTC(2026, 10, 21, 12);
const covered = last + 2 * minute;

test.each<[what: string, now: number, stall: Stall | null]>([
  ['nothing in the minute of a dispatch', last, null],
  ['nothing while the next may come late, or the one after it', last + 3 * minute, null],
  ['a stall since the last checks that were dispatched', last + 3 * minute + 1, { from: covered, to: null }],
  ['the same stall a day later', last + 1_440 * minute, { from: covered, to: null }],
])('the last dispatch shows %s', (_, now, stall) => {
  expect(stallAt(last, now)).toEqual(stall);
});

describe('a monitor', () => {
  const monitor: Watched = {
    ...{ verdict: 'up', intervalSeconds: 30, stretch: 1, timeoutMs: 10_000, regions: ['enam', 'weur', 'apac'] },
    ...{ createdAt: last - 60 * minute, seenSince: false },
  };
  const lasting: Stall = { from: covered, to: null };
  const end = covered + 10 * minute;
  const over: Stall = { from: covered, to: end };

  test.each<[what: string, change: Partial<Watched>, stall: Stall | null, now: number, since: number | null]>([
    ['counts while Pharos runs', {}, null, end, null],
    ['is stale since Pharos stalled', {}, lasting, end, covered],
    ['is stale with any verdict', { verdict: 'down' }, lasting, end, covered],
    ['is stale if it was unknown before', { verdict: 'unknown' }, lasting, end, covered],
    ['is stale at any interval', { intervalSeconds: 3600 }, lasting, end, covered],
    ['that a person paused stays paused', { verdict: 'paused' }, lasting, end, null],
    ['that is new is checked by itself at first', { createdAt: end - 3 * minute }, lasting, end, null],
    ['that is new is not checked after that', { createdAt: end - 3 * minute - 1 }, lasting, end, end - minute - 1],
    ['is still stale when checks are dispatched again', {}, over, end, covered],
    ['is still stale if its check does not come', {}, over, end + 5 * minute, covered],
    ['counts again with the first outcome', { seenSince: true }, over, end, null],
    ['counts at once where what it said is not too old', { intervalSeconds: 600 }, over, end, null],
    ['that was found stale since is shown as that', { verdict: 'unknown' }, over, end + 5 * minute, null],
    ['that is paused now stays paused', { verdict: 'paused' }, over, end, null],
    ['that was created since counts', { createdAt: end }, over, end + minute, null],
  ])('%s', (_, change, stall, now, since) => {
    expect(staleSince({ ...monitor, ...change }, stall, now)).toBe(since);
  });
});

describe('a monitor that is not checked', () => {
  const regions: Region[] = ['enam', 'weur'];
  const regionHealth: Partial<Record<Region, DecidedVerdict>> = { enam: 'up', weur: 'down' };
  const up = { name: 'Shop', verdict: 'up' as const, verdictSince: last, suspect: true, regions, regionHealth };

  test('is shown as unknown, like all of its regions', () => {
    expect(whileStale(up, covered)).toEqual({
      ...{ name: 'Shop', verdict: 'unknown', verdictSince: covered, suspect: false, regions },
      regionHealth: { enam: 'unknown', weur: 'unknown' },
    });
  });

  test('has been unknown for longer where it was so before', () => {
    expect(whileStale({ ...up, verdict: 'unknown' as const }, covered).verdictSince).toBe(last);
  });

  test('is shown unchanged if it is checked', () => {
    expect(whileStale(up, null)).toBe(up);
  });
});
