import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Region, regions } from '../../../worker/domain/checks/region.ts';
import { intervalsSeconds } from '../../../worker/domain/checks/schedule.ts';
import { checksPerMinute, teamLimits } from '../../../worker/domain/teams/limits.ts';

/** Cohorts hold so many monitors, of any teams (db/checks/cohorts.ts); here one team fills its own, which is the dearest case. */
const cohortCapacity = 100;

interface Group {
  intervalSeconds: number;
  regions: Region[];
  monitors: number;
}

const load = (group: Group) => group.monitors * checksPerMinute(group.intervalSeconds, group.regions.length);

/** Queue messages, rows of ticks and batches: what is paid for grows with this number. */
const batchesPerMinute = (groups: readonly Group[]) =>
  groups.reduce(
    (sum, { monitors, intervalSeconds, regions: own }) =>
      sum + Math.ceil(monitors / cohortCapacity) * checksPerMinute(intervalSeconds, own.length),
    0,
  );

const anyGroup = fc.record({
  intervalSeconds: fc.constantFrom(...intervalsSeconds),
  regions: fc.subarray([...regions], { minLength: 1 }),
  monitors: fc.integer({ min: 1, max: 1_000 }),
});

/** As many groups as the limits of a team let in. */
const withinLimits = (groups: readonly Group[]) => {
  const taken = new Map<string, Group>();
  for (const group of groups) {
    const next = new Map(taken).set(`${group.intervalSeconds} ${group.regions}`, group);
    const all = [...next.values()];
    const monitors = all.reduce((sum, one) => sum + one.monitors, 0);
    const checks = all.reduce((sum, one) => sum + load(one), 0);
    const fits =
      next.size <= teamLimits.checkGroups.max &&
      monitors <= teamLimits.monitors.max &&
      checks <= teamLimits.checksPerMinute.max;
    if (fits) taken.set(`${group.intervalSeconds} ${group.regions}`, group);
  }
  return [...taken.values()];
};

/** The costs of a team whose 6,000 checks a minute fill their batches. */
const ordinary = teamLimits.checksPerMinute.max / cohortCapacity;

test('no team within its limits costs more than eleven times what a full one with ordinary settings does', () => {
  fc.assert(
    fc.property(fc.array(anyGroup, { maxLength: 300 }), (groups) => {
      expect(batchesPerMinute(withinLimits(groups))).toBeLessThanOrEqual(11 * ordinary);
    }),
  );
});

test('one monitor in each of 255 sets of regions at 10 s is refused after the twelfth, and those cost ten times as much', () => {
  const sets = Array.from({ length: 255 }, (_, i) => regions.filter((__, bit) => ((255 - i) >> bit) & 1));
  const dearest = sets.toSorted((a, b) => b.length - a.length);
  const asked = dearest.map((own): Group => ({ intervalSeconds: 10, regions: own, monitors: 1 }));
  const taken = withinLimits(asked);
  expect(taken).toHaveLength(teamLimits.checkGroups.max);
  expect(batchesPerMinute(taken)).toBeLessThan(10 * ordinary);
  expect(batchesPerMinute(asked)).toBeGreaterThan(100 * ordinary);
});
