import fc from 'fast-check';
import { expect, test } from 'vitest';
import { regions } from '../../worker/domain/checks/region.ts';
import { defaultPolicySettings } from '../../worker/domain/verdict/checkPolicy.ts';
import { previewOf, type Range } from '../../worker/domain/verdict/preview.ts';
import type { Quorum } from '../../worker/domain/verdict/votesNeeded.ts';
import { runs } from '../properties.ts';
import { detectionSeconds, recoverySeconds } from './judge.ts';
import { simulate } from './report.ts';
import { scenarioSchema } from './scenario.ts';

/** The promises of the form against the results of the simulator: its queues are late by chance, as real ones are. */

interface Chosen {
  count: number;
  quorum: Quorum;
  intervalSeconds: number;
  timeoutMs: number;
  confirmations: number;
  recoveryConfirmations: number;
  confirmationPeriodSeconds: number;
  recoveryPeriodSeconds: number;
}

const chosen: fc.Arbitrary<Chosen> = fc.constantFrom(1, 2, 3, 3, 4, 8).chain((count) =>
  fc.record({
    count: fc.constant(count),
    quorum: fc.oneof(fc.constantFrom<Quorum>('any', 'majority', 'all'), fc.integer({ min: 1, max: count })),
    intervalSeconds: fc.constantFrom(10, 20, 30, 60, 300),
    timeoutMs: fc.constantFrom(1_000, 5_000, 10_000, 30_000),
    confirmations: fc.constantFrom(1, 2, 2, 3, 5, 8),
    recoveryConfirmations: fc.constantFrom(1, 2, 2, 3, 5, 8),
    confirmationPeriodSeconds: fc.constantFrom(0, 0, 45),
    recoveryPeriodSeconds: fc.constantFrom(0, 0, 45),
  }),
);

const previewed = ({ count, ...settings }: Chosen) =>
  previewOf({ ...defaultPolicySettings, ...settings, regionCount: count });

/** Long enough that what was asked on demand at its beginning does not matter at its end. */
const outageSeconds = 400;

/** The preview is computed by the caller, once for all lives under the same settings: it takes longer than a life. */
const lived = (
  { count, ...settings }: Chosen,
  { outage, hang, recovery }: ReturnType<typeof previewed>,
  { is, moment, seed }: { is: 'down' | 'hang'; moment: number; seed: number },
) => {
  const from = 2 * settings.intervalSeconds + 60 + (moment % settings.intervalSeconds);
  const to = from + Math.max(outage.most, hang.most) + outageSeconds;
  const scenario = scenarioSchema.parse({
    name: 'an outage',
    seed,
    durationSeconds: to + 2 * recovery.most + 60,
    monitor: { ...settings, regions: regions.slice(0, count) },
    target: [{ is, from, to }],
  });
  const report = simulate(scenario);
  return { notified: detectionSeconds(scenario, report), recovered: recoverySeconds(scenario, report) };
};

test('the preview of any settings is right, to the second in 99 of 100 outages', () => {
  const misses = { notified: 0, recovered: 0 };
  const numRuns = runs(1_000);
  const isIn = (value: number | null, { least, most }: Range) => value !== null && least <= value && value <= most;
  fc.assert(
    fc.property(
      chosen,
      fc.constantFrom('down' as const, 'hang' as const),
      fc.nat(300),
      fc.nat(1_000_000),
      (settings, is, moment, seed) => {
        const preview = previewed(settings);
        const { notified, recovered } = lived(settings, preview, { is, moment, seed });
        const range = is === 'down' ? preview.outage : preview.hang;
        if (!isIn(notified, range)) misses.notified++;
        if (!isIn(recovered, preview.recovery)) misses.recovered++;
        // Nothing comes much later than promised: by one check at most, and a check can hang.
        const oneLook = is === 'down' ? 1 : settings.timeoutMs / 1000;
        expect(notified).toBeLessThanOrEqual(range.most + oneLook);
        expect(recovered).toBeLessThanOrEqual(preview.recovery.most + 1);
      },
    ),
    { numRuns },
  );
  expect(misses.notified / numRuns).toBeLessThan(0.01);
  expect(misses.recovered / numRuns).toBeLessThan(0.01);
});

test.each([
  ['three regions at 30 s', { count: 3, intervalSeconds: 30 }],
  ['one region at 60 s', { count: 1, intervalSeconds: 60 }],
  ['eight regions at 10 s, all of which must agree', { count: 8, intervalSeconds: 10, quorum: 'all' as const }],
  ['three confirmations', { count: 3, intervalSeconds: 30, confirmations: 3 }],
  ['a confirmation period', { count: 3, intervalSeconds: 30, confirmationPeriodSeconds: 45 }],
])('no second is promised in vain: %s', (_, given) => {
  const { quorum, confirmations, recoveryConfirmations, confirmationPeriodSeconds, recoveryPeriodSeconds } =
    defaultPolicySettings;
  const ordinary = { quorum, confirmations, recoveryConfirmations, confirmationPeriodSeconds, recoveryPeriodSeconds };
  const settings: Chosen = { ...ordinary, timeoutMs: 10_000, ...given };
  const preview = previewed(settings);
  const { outage, hang, recovery } = preview;
  const moments = Array.from({ length: 3 * settings.intervalSeconds }, (_, i) => i);
  const unused = ({ least, most }: Range, values: (number | null)[]) =>
    Math.max(Math.min(...values.map(Number)) - least, most - Math.max(...values.map(Number)));
  const lives = (is: 'down' | 'hang') =>
    moments.map((moment) => lived(settings, preview, { is, moment, seed: moment * 7_919 }));
  const [down, hanging] = [lives('down'), lives('hang')];
  const notified = (those: ReturnType<typeof lives>) => those.map((life) => life.notified);
  expect(unused(outage, notified(down))).toBeLessThanOrEqual(3);
  expect(unused(hang, notified(hanging))).toBeLessThanOrEqual(3);
  expect(
    unused(
      recovery,
      [...down, ...hanging].map((life) => life.recovered),
    ),
  ).toBeLessThanOrEqual(3);
});
