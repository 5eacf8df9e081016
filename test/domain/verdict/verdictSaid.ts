import type { Outcome } from '../../../worker/domain/checks/outcome.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import type { CheckPolicy } from '../../../worker/domain/verdict/checkPolicy.ts';
import type { Effect } from '../../../worker/domain/verdict/effect.ts';
import { observe } from '../../../worker/domain/verdict/machine.ts';
import { initialState, type MonitorState } from '../../../worker/domain/verdict/state.ts';
import { outcomeOf } from '../../outcome.ts';

/** Results of regions for tests of the state machine, in seconds after `begin`. */

export const second = 1_000;
export const begin = 1_000 * second;
export const three: Region[] = ['enam', 'weur', 'apac'];

export type Said = [region: Region, health: Outcome['health'], atSeconds: number, dataCentre?: string | undefined];

/** A result as an outcome: a failure is a 503 response. */
export const outcomeSaid = ([region, health, at, dataCentre]: Said): Outcome =>
  outcomeOf(region, begin + at * second, health, {
    ...(health === 'down' && { reason: 'status', status: 503 }),
    ...(dataCentre && { dataCentre }),
  });

/** Folds the results, each received 10 ms after its start. */
export const fold = (said: readonly Said[], policy: CheckPolicy, from: MonitorState = initialState) => {
  let state = from;
  const effects: Effect[] = [];
  for (const one of said) {
    const [next, more] = observe(state, outcomeSaid(one), policy, begin + one[2] * second + 10);
    state = next;
    effects.push(...more);
  }
  return { state, effects };
};

export const allUp: Said[] = three.map((region, i) => [region, 'up', i]);
export const everywhere = (health: Outcome['health'], at: number): Said[] =>
  three.map((region, i) => [region, health, at + i]);
export const twice = (region: Region, health: Outcome['health'], at: number, dataCentre?: string): Said[] => [
  [region, health, at, dataCentre],
  [region, health, at + 4, dataCentre],
];

export const notified = (effects: readonly Effect[]) => effects.flatMap((e) => (e.type === 'alert' ? e.event : []));
export const outages = (effects: readonly Effect[]) => effects.flatMap((e) => (e.type === 'outage' ? e.change : []));
