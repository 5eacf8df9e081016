import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { alertProblem, detectionSeconds, downtimeError, falseAlarms, missedOutages, recoverySeconds } from './judge.ts';
import { simulate } from './report.ts';
import { scenarioSchema } from './scenario.ts';

const folder = join(import.meta.dirname, 'scenarios');
const scenarios = readdirSync(folder).map((file) =>
  scenarioSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))),
);

const within = (value: number | null, [least, most]: readonly [number, number], what: string) => {
  expect(value, what).toBeGreaterThanOrEqual(least);
  expect(value, what).toBeLessThanOrEqual(most);
};

describe('the corpus', () => {
  test('each scenario has a name of its own and says what it must come to', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(40);
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
    for (const { name, expected } of scenarios) expect(expected, name).toBeDefined();
  });

  // Where the cohort lies in its interval follows from the seed: what is expected must not depend on it.
  test.for(scenarios.flatMap((s) => [0, 1, 2].map((k) => [s.name, s.seed + 1000 * k, s] as const)))(
    '%s (seed %i)',
    ([, seed, scenario]) => {
      const { expected } = scenario;
      if (!expected) return;
      const report = simulate({ ...scenario, seed });
      const downs = report.verdicts.filter(({ verdict }) => verdict === 'down').length;
      expect(falseAlarms(scenario, report)).toEqual([]);
      expect(alertProblem(report)).toBeNull();
      expect(missedOutages(scenario, report)).toHaveLength(expected.missed);
      expect(Object.values(report.seconds).reduce((a, b) => a + b)).toBe(scenario.durationSeconds);
      const alerts = report.alerts.map(({ event }) => event);
      expect(alerts).toEqual(expected.alerts ?? alerts);
      expect([downs, report.incidents.length]).toEqual([
        expected.downs ?? downs,
        expected.incidents ?? report.incidents.length,
      ]);
      within(report.incidents.length, [0, expected.mostIncidents ?? Number.POSITIVE_INFINITY], 'incidents');
      within(alerts.length, [0, expected.mostAlerts ?? Number.POSITIVE_INFINITY], 'alerts');
      if (expected.firstAlertAt) within(report.alerts[0]?.at ?? null, expected.firstAlertAt, 'first alert');
      expect(alerts.at(-1)).toBe(expected.lastAlert ?? alerts.at(-1));
      expect(report.verdicts.at(-1)?.verdict).toBe(expected.lastVerdict);
      if (expected.detectionSeconds) within(detectionSeconds(scenario, report), expected.detectionSeconds, 'detection');
      if (expected.recoverySeconds) within(recoverySeconds(scenario, report), expected.recoverySeconds, 'recovery');
      if (expected.downtimeErrorSeconds)
        within(downtimeError(scenario, report), expected.downtimeErrorSeconds, 'error of downtime');
      for (const [state, range] of Object.entries(expected.seconds))
        within(report.seconds[state as keyof typeof report.seconds], range, `seconds ${state}`);
    },
  );
});
