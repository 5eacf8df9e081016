import { describe, expect, test } from 'vitest';
import type { Region } from '../../../worker/domain/checks/region.ts';
import {
  conditionsOf,
  isWaiting,
  type Judged,
  type RegionalProblem,
  regionalProblem,
} from '../../../worker/domain/verdict/condition.ts';

const regions: Region[] = ['enam', 'weur', 'apac'];
const judged = (verdict: Judged['verdict'], ...healths: (Judged['regionHealth'][Region] | undefined)[]): Judged => ({
  verdict,
  regions,
  regionHealth: Object.fromEntries(healths.flatMap((health, i) => (health ? [[regions[i], health]] : []))),
});

describe('a regional problem', () => {
  test.each<[what: string, monitor: Judged, problem: RegionalProblem | null]>([
    ['is one region that fails while others pass', judged('up', 'up', 'up', 'down'), { failing: ['apac'], passing: 2 }],
    [
      'counts slow regions among those that pass',
      judged('up', 'degraded', 'up', 'down'),
      { failing: ['apac'], passing: 2 },
    ],
    ['does not count stale regions', judged('up', 'up', 'unknown', 'down'), { failing: ['apac'], passing: 1 }],
    [
      'exists while the monitor is slow',
      judged('degraded', 'degraded', 'down', 'up'),
      { failing: ['weur'], passing: 2 },
    ],
    ['names every region that fails', judged('up', 'down', 'up', 'down'), { failing: ['enam', 'apac'], passing: 1 }],
    ['is none where all pass', judged('up', 'up', 'up', 'up'), null],
    ['is none in an outage', judged('down', 'down', 'down', 'up'), null],
    ['is none where nothing is known', judged('unknown', 'unknown', 'unknown', 'down'), null],
    ['is none of a paused monitor', judged('paused', 'up', 'up', 'down'), null],
  ])('%s', (_, monitor, problem) => {
    expect(regionalProblem(monitor, [])).toEqual(problem);
  });

  test('says nothing of regions that are no longer the monitor’s', () => {
    expect(regionalProblem({ ...judged('up', 'up', 'up', 'down'), regions: ['enam', 'weur'] }, [])).toBeNull();
  });

  test('is none where only distrusted regions fail, and counts these nowhere', () => {
    expect(regionalProblem(judged('up', 'up', 'up', 'down'), ['apac'])).toBeNull();
    expect(regionalProblem(judged('up', 'down', 'up', 'up'), ['apac'])).toEqual({ failing: ['enam'], passing: 1 });
  });
});

describe('a monitor waits', () => {
  test.each<[what: string, monitor: Judged, waits: boolean]>([
    ['before the first data of any region', judged('unknown'), true],
    ['until every region has sent data', judged('unknown', 'up'), true],
    ['no longer when all have sent data and became stale', judged('unknown', 'unknown', 'unknown', 'unknown'), false],
    ['not where its verdict is known', judged('up', 'up', 'up'), false],
    ['not while it is paused', judged('paused'), false],
  ])('%s', (_, monitor, waits) => {
    expect(isWaiting(monitor)).toBe(waits);
  });
});

test('several conditions hold at once', () => {
  const troubled = judged('up', 'up', 'up', 'down');
  expect(conditionsOf({ ...troubled, flapping: true }, [])).toEqual(['regional', 'flapping']);
  expect(conditionsOf({ ...troubled, flapping: false }, [])).toEqual(['regional']);
  expect(conditionsOf({ ...troubled, flapping: true }, ['apac'])).toEqual(['flapping']);
  expect(conditionsOf({ ...judged('down'), flapping: true }, [])).toEqual(['flapping']);
});
