import { expect, test } from 'vitest';
import { signInLimits, subjectsOf, windowEnd } from '../../../worker/domain/teams/signIn.ts';

test.each([
  [{ device: true, network: true }, ['device']],
  [{ device: true, network: false }, ['device']],
  [{ device: false, network: true }, ['pair']],
  [{ device: false, network: false }, ['pair', 'account', 'network', 'site']],
])('%j counts for %j', (knows, subjects) => {
  expect(subjectsOf(knows)).toEqual(subjects);
});

test('a window ends after the moment that lies in it, and no later than its length', () => {
  for (const limit of Object.values(signInLimits))
    for (const now of [0, 1, limit.windowMs - 1, limit.windowMs, 1_764_417_600_123]) {
      expect(windowEnd(limit, now)).toBeGreaterThan(now);
      expect(windowEnd(limit, now) - now).toBeLessThanOrEqual(limit.windowMs);
    }
});
