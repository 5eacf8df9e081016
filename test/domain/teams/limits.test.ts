import { expect, test } from 'vitest';
import {
  limitNames,
  limitPeriod,
  limitState,
  parseTeamLimits,
  withDefaults,
} from '../../../worker/domain/teams/limits.ts';

test('the operator’s numbers stand in place of the defaults', () => {
  expect(parseTeamLimits('')).toEqual({});
  expect(parseTeamLimits(' monitors = 2000,statusPages=0, ')).toEqual({ monitors: 2000, statusPages: 0 });
  expect(withDefaults({ monitors: 7 })).toMatchObject({ monitors: 7, statusPages: 20 });
  expect(Object.keys(withDefaults({}))).toEqual(limitNames);
});

test.each([
  ['monitors', '"monitors" is not of the form'],
  ['monitors=-1', 'is not of the form'],
  ['monitors=1.5', 'is not of the form'],
  ['cats=1', 'There is no limit "cats"'],
  ['toString=1', 'There is no limit "toString"'],
  ['people=201', '"people" is at most 200'],
])('refuses %s', (text, problem) =>
  expect(parseTeamLimits(text)).toEqual({ problem: expect.stringContaining(problem) }),
);

test('a limit is near from 80 % on', () => {
  expect([79, 80, 99, 100, 101].map((used) => limitState({ used, limit: 100 }))).toEqual([
    'free',
    'near',
    'near',
    'reached',
    'reached',
  ]);
});

test('a day begins at midnight UTC', () => {
  const at = Date.parse('2026-11-29T12:34:56Z');
  expect(limitPeriod(86_400_000, at)).toEqual({ from: Date.parse('2026-11-29'), to: Date.parse('2026-11-30') });
});
