import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../worker/domain/checks/outcome.ts';
import { type Region, regions } from '../../worker/domain/checks/region.ts';
import { policyOf } from '../../worker/domain/verdict/checkPolicy.ts';
import { observe } from '../../worker/domain/verdict/machine.ts';
import { initialState } from '../../worker/domain/verdict/state.ts';
import { outcomeOf } from '../outcome.ts';
import { runs } from '../properties.ts';
import {
  anyMonitor,
  anyScenario,
  anyTruth,
  durationSeconds,
  hostileScenario,
  scenarioOf,
  spanOf,
} from './anyScenario.ts';
import { randomFrom } from './clock.ts';
import { alertProblem, downtimeError, falseAlarms, missedOutages, noticeableSeconds, trueOutages } from './judge.ts';
import { type Report, simulate } from './report.ts';

const total = ({ seconds }: Report) => Object.values(seconds).reduce((sum, s) => sum + s, 0);

const expectOrderedIncidents = ({ incidents }: Report) => {
  let last = 0;
  for (const [i, { startedAt, detectedAt, endedAt, resolvedAt }] of incidents.entries()) {
    expect(startedAt, 'incidents follow one another').toBeGreaterThanOrEqual(last);
    expect(detectedAt).toBeGreaterThanOrEqual(startedAt);
    if (i < incidents.length - 1) expect(resolvedAt, 'only the last can be open').not.toBeNull();
    if (endedAt === null || resolvedAt === null) continue;
    expect(endedAt).toBeGreaterThanOrEqual(startedAt);
    expect(resolvedAt).toBeGreaterThanOrEqual(Math.max(endedAt, detectedAt));
    last = endedAt;
  }
};

describe('with any truth and any faults,', () => {
  // One test for all that holds of every scenario: living through 4,000 of them is what takes the time.
  test('a down verdict has a failure of a quorum under it, alerts alternate, incidents follow one another, all seconds are counted once, and the same scenario gives the same report', () => {
    let replays = 0;
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        const report = simulate(scenario);
        expect(falseAlarms(scenario, report)).toEqual([]);
        expect(alertProblem(report)).toBeNull();
        expectOrderedIncidents(report);
        expect(total(report)).toBe(durationSeconds);
        expect(Object.values(report.seconds).every((s) => s >= 0)).toBe(true);
        if (replays++ < runs(300)) expect(simulate(scenario)).toEqual(report);
      }),
      { numRuns: runs(4_000) },
    );
  });

  test('while regions are cut off and others, or all, are stale, nothing less than a quorum is an outage', () => {
    fc.assert(
      fc.property(hostileScenario, (scenario) => {
        const report = simulate(scenario);
        expect(falseAlarms(scenario, report)).toEqual([]);
        expect(alertProblem(report)).toBeNull();
      }),
      { numRuns: runs(2_000) },
    );
  });
});

test('while nothing breaks, every outage that is long enough is notified, and counted to about an interval', () => {
  const sound = fc
    .record({ monitor: anyMonitor, seed: fc.nat(1_000_000), target: anyTruth })
    .map(({ monitor, ...parts }) => scenarioOf({ ...parts, monitor: { ...monitor, maintenance: [] } }));
  fc.assert(
    fc.property(sound, (scenario) => {
      const report = simulate(scenario);
      const { monitor } = scenario;
      const confirmed = noticeableSeconds(scenario) + (monitor.confirmations + 1) * (monitor.timeoutMs / 1000 + 3);
      const outages = trueOutages(scenario);
      const missed = missedOutages(scenario, report).filter(
        ({ from, to }) => to - from > confirmed && from > monitor.intervalSeconds,
      );
      expect(missed).toEqual([]);
      const [outage] = outages;
      if (outages.length !== 1 || !outage || outage.to - outage.from < confirmed || outage.to > durationSeconds - 200)
        return;
      const bound = monitor.intervalSeconds + monitor.timeoutMs / 1000 + 5;
      expect(Math.abs(downtimeError(scenario, report))).toBeLessThanOrEqual(bound);
    }),
    { numRuns: runs(3_000) },
  );
});

test('a time without data from any region counts as unknown, from the last outcome to the first', () => {
  const silence = fc
    .record({
      monitor: anyMonitor,
      seed: fc.nat(1_000_000),
      from: fc.integer({ min: 200, max: 400 }),
      length: fc.integer({ min: 300, max: 600 }),
    })
    .map(({ monitor, seed, from, length }) =>
      scenarioOf({
        seed,
        monitor: { ...monitor, maintenance: [] },
        faults: [{ from, to: from + length, is: 'silent', regions: monitor.regions }],
      }),
    );
  fc.assert(
    fc.property(silence, (scenario) => {
      const [fault] = scenario.faults;
      const report = simulate(scenario);
      const length = (fault?.to ?? 0) - (fault?.from ?? 0);
      expect(report.seconds.down).toBe(0);
      expect(report.alerts).toEqual([]);
      expect(report.seconds.unknown).toBeGreaterThanOrEqual(length - 2);
      expect(report.seconds.unknown).toBeLessThanOrEqual(length + 2 * scenario.monitor.intervalSeconds + 5);
    }),
    { numRuns: runs(1_000) },
  );
});

test('one region of several makes no outage, however it fails and whatever other regions are stale', () => {
  const alone = fc
    .record({
      seed: fc.nat(1_000_000),
      count: fc.constantFrom(2, 3, 4, 8),
      failing: fc.array(spanOf(1_200), { minLength: 1, maxLength: 4 }),
      silent: fc.array(spanOf(600), { maxLength: 2 }),
    })
    .map(({ seed, count, failing, silent }) => {
      const own = regions.slice(0, count);
      const [one, ...others] = own as [Region, ...Region[]];
      return scenarioOf({
        seed,
        monitor: { intervalSeconds: 30, regions: own },
        faults: [
          ...failing.map((span) => ({ ...span, is: 'unreachable' as const, regions: [one] })),
          ...silent.map((span) => ({ ...span, is: 'silent' as const, regions: others })),
        ],
      });
    });
  fc.assert(
    fc.property(alone, (scenario) => {
      const { verdicts, incidents, alerts } = simulate(scenario);
      expect(verdicts.filter(({ verdict }) => verdict === 'down')).toEqual([]);
      expect([incidents, alerts]).toEqual([[], []]);
    }),
    { numRuns: runs(1_500) },
  );
});

test('the order of delivery within a bound does not change where it ends', () => {
  const three = regions.slice(0, 3);
  const policy = policyOf(three);
  const end = (outcomes: readonly Outcome[], arrivals: readonly number[], settledBy: readonly Outcome[]) => {
    const order = outcomes
      .map((outcome, i) => ({ outcome, at: outcome.startedAt + (arrivals[i] ?? 0) }))
      .sort((a, b) => a.at - b.at);
    let state = initialState;
    for (const { outcome, at } of [...order, ...settledBy.map((outcome) => ({ outcome, at: outcome.startedAt }))])
      [state] = observe(state, outcome, policy, at);
    const health = three.map((region) => state.regions[region]?.health);
    return { verdict: state.verdict, standing: state.standing, isOpen: state.outage !== null, health };
  };
  const said = fc.array(fc.tuple(fc.nat(2), fc.constantFrom<'up' | 'down'>('up', 'down')), {
    minLength: 1,
    maxLength: 30,
  });
  const last = fc.tuple(...three.map(() => fc.constantFrom<'up' | 'down'>('up', 'down')));
  fc.assert(
    fc.property(said, last, fc.nat(1_000_000), (steps, finally_, seed) => {
      const outcomes = steps.map(([r, health], i) => outcomeOf(three[r] as Region, 10_000 + i * 3_000, health));
      const after = 10_000 + steps.length * 3_000 + 40_000;
      const settledBy = [0, 1, 2, 3].flatMap((round) =>
        three.map((region, r) => outcomeOf(region, after + round * 10_000 + r * 3_000, finally_[r] ?? 'up')),
      );
      const random = randomFrom(seed);
      const late = outcomes.map(() => Math.floor(random() * 40_000));
      expect(end(outcomes, late, settledBy)).toEqual(end(outcomes, [], settledBy));
    }),
    { numRuns: runs(3_000) },
  );
});
