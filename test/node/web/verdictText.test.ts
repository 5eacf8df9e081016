import { expect, test } from 'vitest';
import { confirmingIn } from '../../../web/src/features/monitors/regionState.ts';
import { regionalText } from '../../../web/src/features/verdicts/verdictText.ts';
import { clientName } from '../../../web/src/lib/browserName.ts';
import { everyText } from '../../../web/src/lib/format.ts';
import type { RegionalProblem } from '../../../worker/domain/verdict/condition.ts';

test.each<[problem: RegionalProblem, text: string]>([
  [{ failing: ['apac'], passing: 2 }, 'Regional problem: Asia-Pacific fails, 2 others pass'],
  [{ failing: ['apac'], passing: 1 }, 'Regional problem: Asia-Pacific fails, 1 other passes'],
  [{ failing: ['apac', 'oc'], passing: 3 }, 'Regional problem: Asia-Pacific and Oceania fail, 3 others pass'],
  [{ failing: ['oc'], passing: 0 }, 'Regional problem: Oceania fails, no others pass'],
])('a regional problem is described in words: %j', (problem, text) => {
  expect(regionalText(problem)).toBe(text);
});

test.each<
  [health: Parameters<typeof confirmingIn>[0], answered: Parameters<typeof confirmingIn>[1], text: string | null]
>([
  ['up', 'down', 'Confirming a failure, counts as up'],
  ['degraded', 'down', 'Confirming a failure, counts as degraded'],
  ['down', 'up', 'Confirming a recovery, counts as down'],
  ['up', 'degraded', 'Confirming a slow response, counts as up'],
  ['up', 'up', null],
  ['down', 'down', null],
  ['up', 'unknown', null],
  ['unknown', 'down', null],
  [undefined, 'down', null],
  ['up', undefined, null],
])('a region that counts as %s and answered %s says: %s %s', (health, answered, text) => {
  const pending = confirmingIn(health, answered);
  expect(pending && `${pending.text}, counts as ${pending.countsAs}`).toBe(text);
});

test.each<[userAgent: string | null, name: string]>([
  [null, 'Unknown device'],
  ['', 'Unknown device'],
  [' ', 'Unknown device'],
  ['curl/8.10.1', 'curl/8.10.1'],
  ['python-requests/2.32 (x)', 'python-requests/2.32'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (Haiku) Something/1.0', 'Browser'],
  ['x'.repeat(300), 'x'.repeat(40)],
])('a session with %j is shown as %s', (userAgent, name) => {
  expect(clientName(userAgent)).toBe(name);
});

test.each<[seconds: number, text: string]>([
  [10, 'every 10 seconds'],
  [60, 'every minute'],
  [75, 'every 1 minute 15 seconds'],
  [300, 'every 5 minutes'],
  [3600, 'every hour'],
])('%i seconds are said as “%s”', (seconds, text) => {
  expect(everyText(seconds)).toBe(text);
});
