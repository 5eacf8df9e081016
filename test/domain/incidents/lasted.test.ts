import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lastedText } from '../../../worker/domain/incidents/lasted.ts';

const s = 1_000;
const min = 60 * s;

test.each([
  [
    309 * s,
    { down: 40 * s, unknown: 269 * s },
    '5 minutes 9 seconds, of which 40 seconds were observed down and 4 minutes 29 seconds had no data',
  ],
  [309 * s, { down: 309 * s, unknown: 0, up: 0 }, '5 minutes 9 seconds'],
  [309 * s, { down: 308_700, up: 300 }, '5 minutes 9 seconds'],
  [309 * s, null, '5 minutes 9 seconds'],
  [309 * s, {}, '5 minutes 9 seconds'],
  [5 * min, { unknown: 5 * min }, '5 minutes, of which 5 minutes had no data'],
  [
    2 * min,
    { down: min, maintenance: min },
    '2 minutes, of which 1 minute was observed down and 1 minute counted as maintenance',
  ],
  [
    61 * s,
    { down: s, paused: 60 * s },
    '1 minute 1 second, of which 1 second was observed down and 1 minute was paused',
  ],
  [
    10 * min,
    { down: 3 * min, up: 2 * min, degraded: min, unknown: 4 * min },
    '10 minutes, of which 3 minutes were observed down, 4 minutes had no data and 3 minutes counted as up',
  ],
])('the duration of %i ms that counts as %j: %s', (ms, counted, text) => {
  expect(lastedText(ms, counted)).toBe(text);
});

test('below a minute the parts add up to the whole', () => {
  const part = fc.integer({ min: 0, max: 19_000 });
  fc.assert(
    fc.property(part, part, part, (down, unknown, up) => {
      const text = lastedText(down + unknown + up, { down, unknown, up });
      const [whole = 0, ...parts] = [...text.matchAll(/(\d+) second/g)].map(([, seconds]) => Number(seconds));
      if (parts.length > 0) expect(parts.reduce((sum, one) => sum + one, 0)).toBe(whole);
    }),
  );
});
