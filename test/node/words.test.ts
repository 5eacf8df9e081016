import { expect, test } from 'vitest';
import { regionalText } from '../../web/src/words.ts';
import type { RegionalProblem } from '../../worker/domain/condition.ts';

test.each<[problem: RegionalProblem, text: string]>([
  [{ failing: ['apac'], passing: 2 }, 'Regional problem: Asia-Pacific fails, 2 others pass'],
  [{ failing: ['apac'], passing: 1 }, 'Regional problem: Asia-Pacific fails, 1 other passes'],
  [{ failing: ['apac', 'oc'], passing: 3 }, 'Regional problem: Asia-Pacific and Oceania fail, 3 others pass'],
  [{ failing: ['oc'], passing: 0 }, 'Regional problem: Oceania fails, no others pass'],
])('a regional problem is told in words: %j', (problem, text) => {
  expect(regionalText(problem)).toBe(text);
});
