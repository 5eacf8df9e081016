/**
 * `npm run bench -- verdict`: outcomes folded per second by the state machine, in plain Node, beside a bare loop over
 * the same outcomes (the floor). Three streams: a quiet one, one with an outage in every hundredth round, and one in
 * which every outcome contradicts the one before. Then a day of a quiet monitor in the simulator, for the calls of its
 * Monitor object. Ends with one JSON line.
 */

import type { Health, Outcome } from '../../worker/domain/checks/outcome.ts';
import type { Region } from '../../worker/domain/checks/region.ts';
import { policyOf } from '../../worker/domain/verdict/checkPolicy.ts';
import { observe } from '../../worker/domain/verdict/machine.ts';
import { initialState } from '../../worker/domain/verdict/state.ts';
import { simulate } from '../simulation/report.ts';
import { scenarioSchema } from '../simulation/scenario.ts';

const regions: Region[] = ['enam', 'weur', 'apac'];
const policy = policyOf(regions);
const count = Number(process.argv[2] ?? 600_000);
const rounds = 5;

const outcomes = (healthAt: (round: number) => Health): Outcome[] =>
  Array.from({ length: count }, (_, i) => {
    const round = Math.floor(i / regions.length);
    const health = healthAt(round);
    const startedAt = 1_800_000_000_000 + i * 10_000;
    return {
      health,
      reason: health === 'up' ? 'ok' : 'status',
      status: health === 'up' ? 200 : 503,
      latencyMs: 42,
      region: regions[i % regions.length] as Region,
      dataCentre: null,
      scheduledAt: startedAt,
      startedAt,
    };
  });

const fold = (list: readonly Outcome[]) => {
  let state = initialState;
  let effects = 0;
  for (const outcome of list) {
    const [next, more] = observe(state, outcome, policy, outcome.startedAt + 50);
    state = next;
    effects += more.length;
  }
  return effects;
};

/** The same outcomes, looked at and counted. */
const floor = (list: readonly Outcome[]) => {
  let failing = 0;
  for (const { health } of list) if (health === 'down') failing++;
  return failing;
};

/** Of several rounds the median, per second. */
const perSecond = (work: (list: readonly Outcome[]) => number, list: readonly Outcome[]) => {
  const took = Array.from({ length: rounds }, () => {
    const begun = performance.now();
    work(list);
    return performance.now() - begun;
  }).toSorted((a, b) => a - b);
  return Math.round((list.length * 1000) / (took[Math.floor(rounds / 2)] ?? 1));
};

const streams = {
  quiet: outcomes(() => 'up'),
  outages: outcomes((round) => (round % 100 < 4 ? 'down' : 'up')),
  contradicting: outcomes((round) => (round % 2 === 0 ? 'down' : 'up')),
};
const results = Object.entries(streams).map(([stream, list]) => {
  fold(list);
  return { stream, foldedPerSecond: perSecond(fold, list), floorPerSecond: perSecond(floor, list) };
});
for (const { stream, foldedPerSecond, floorPerSecond } of results)
  console.log(
    `${stream.padEnd(14)} ${foldedPerSecond.toLocaleString('en').padStart(12)}/s   floor ${floorPerSecond.toLocaleString('en')}/s`,
  );

const day = simulate(
  scenarioSchema.parse({ name: 'a quiet day', durationSeconds: 86_400, monitor: { intervalSeconds: 30, regions } }),
);
const begun = simulate(
  scenarioSchema.parse({ name: 'its first minutes', durationSeconds: 300, monitor: { intervalSeconds: 30, regions } }),
);
const quiet = day.probes - begun.probes;
const callsPer1000Quiet = ((day.objectCalls - begun.objectCalls) * 1000) / quiet;
console.log(`${callsPer1000Quiet} Monitor-object calls per 1,000 quiet outcomes, over ${quiet} of them`);
console.log(JSON.stringify({ bench: 'verdict', node: process.version, count, results, callsPer1000Quiet }));
