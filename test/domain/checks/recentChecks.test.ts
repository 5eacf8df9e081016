import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packChecks, type RecentCheck, unpackChecks } from '../../../worker/domain/checks/recentChecks.ts';
import { regions } from '../../../worker/domain/checks/region.ts';

const anyCheck = fc.record<RecentCheck>({
  region: fc.constantFrom(...regions),
  outcome: fc.constantFrom('up', 'degraded', 'down', 'unknown'),
  answered: fc.boolean(),
  latencyMs: fc.nat(120_000),
  at: fc.integer({ min: 1_600_000_000_000, max: 2_000_000_000_000 }),
});

test('packed checks are unpacked unchanged, in any order of times', () => {
  fc.assert(
    fc.property(fc.array(anyCheck, { maxLength: 40 }), (checks) => {
      expect(unpackChecks(packChecks(checks))).toEqual(checks);
    }),
  );
});

test('thirty checks at a steady pace take at most six bytes each', () => {
  const checks = Array.from(
    { length: 30 },
    (_, i): RecentCheck => ({
      region: regions[i % 3] ?? 'oc',
      outcome: i === 7 ? 'down' : 'up',
      answered: i !== 7,
      latencyMs: 90 + i * 40,
      at: 1_796_000_000_000 + i * 10_000,
    }),
  );
  expect(packChecks(checks).length).toBeLessThanOrEqual(6 * 30);
});

test('the form is that of the description', () => {
  const at = 1_796_000_000_000;
  const check: RecentCheck = { region: 'wnam', outcome: 'up', answered: true, latencyMs: 36, at };
  const refused: RecentCheck = { ...check, region: 'oc', outcome: 'down', answered: false, latencyMs: 1 };
  expect(packChecks([check, { ...check, at: at + 36 }, { ...refused, at: at + 72 }])).toBe(
    `${at.toString(36)}U010U010.10D7!1`,
  );
  expect(packChecks([])).toBe('');
  expect(unpackChecks('')).toEqual([]);
});
