import fc from 'fast-check';
import { type Region, regions } from '../../worker/domain/checks/region.ts';
import { type Scenario, type ScenarioInput, scenarioSchema } from './scenario.ts';

/** Random worlds: any monitor, any truth, any faults. */

export const durationSeconds = 1_200;

export const spanOf = (most: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: durationSeconds - 1 }), fc.integer({ min: 1, max: most }))
    .map(([from, length]) => ({ from, to: from + length }));

export const anyMonitor = fc.record({
  intervalSeconds: fc.constantFrom(10, 30, 60),
  timeoutMs: fc.constantFrom(5_000, 10_000),
  degradedAboveMs: fc.constantFrom(null, 2_000),
  regions: fc.constantFrom(1, 2, 3, 3, 4, 8).map((count): Region[] => regions.slice(0, count)),
  quorum: fc.constantFrom<ScenarioInput['monitor']['quorum']>('any', 'majority', 'majority', 'all', 2),
  confirmations: fc.integer({ min: 1, max: 3 }),
  recoveryConfirmations: fc.integer({ min: 1, max: 3 }),
  confirmationPeriodSeconds: fc.constantFrom(0, 0, 45),
  recoveryPeriodSeconds: fc.constantFrom(0, 0, 45),
  maintenance: fc.constantFrom<{ from: number; to: number }[]>([], [], [{ from: 300, to: 600 }]),
});

export const anyTruth = fc.array(
  fc.oneof(
    spanOf(400).map((span) => ({ ...span, is: 'down' as const })),
    spanOf(300).map((span) => ({ ...span, is: 'hang' as const })),
    spanOf(300).map((span) => ({ ...span, is: 'slow' as const, latencyMs: 3_000 })),
  ),
  { maxLength: 4 },
);

const kinds = ['unreachable', 'silent', 'late', 'duplicated', 'reordered'] as const;

const anyFaults = (own: Region[]) =>
  fc.array(
    fc
      .tuple(
        spanOf(400),
        fc.constantFrom(...kinds, 'cron-missed' as const),
        fc.subarray(own, { minLength: 1 }),
        fc.nat(60),
      )
      .map(([span, is, affected, delaySeconds]) => {
        if (is === 'cron-missed') return { ...span, is };
        return is === 'late' ? { ...span, is, regions: affected, delaySeconds } : { ...span, is, regions: affected };
      }),
    { maxLength: 4 },
  );

export const scenarioOf = (parts: Omit<ScenarioInput, 'name' | 'durationSeconds'>): Scenario =>
  scenarioSchema.parse({ name: 'any', durationSeconds, ...parts });

export const anyScenario = anyMonitor.chain((monitor) =>
  fc
    .record({ seed: fc.nat(1_000_000), target: anyTruth, faults: anyFaults(monitor.regions) })
    .map((parts) => scenarioOf({ monitor, ...parts })),
);

/** Nothing is wrong with the target, but much with the way to it, and Pharos itself fails at the same time. */
export const hostileScenario = fc
  .record({ monitor: anyMonitor, count: fc.constantFrom(2, 3, 4, 5, 8), seed: fc.nat(1_000_000) })
  .chain(({ monitor, count, seed }) => {
    const own = regions.slice(0, count);
    const fault = fc.tuple(spanOf(500), fc.subarray(own, { minLength: 1, maxLength: Math.ceil(count / 2) }));
    const missed = spanOf(300).map((span) => ({ ...span, is: 'cron-missed' as const }));
    return fc
      .record({
        cutOff: fc.array(fault, { minLength: 1, maxLength: 3 }),
        silent: fc.array(fault, { maxLength: 2 }),
        missed: fc.array(missed, { maxLength: 2 }),
      })
      .map(({ cutOff, silent, missed }) =>
        scenarioOf({
          seed,
          monitor: { ...monitor, regions: own },
          faults: [
            ...cutOff.map(([span, affected]) => ({ ...span, is: 'unreachable' as const, regions: affected })),
            ...silent.map(([span, affected]) => ({ ...span, is: 'silent' as const, regions: affected })),
            ...missed,
          ],
        }),
      );
  });
