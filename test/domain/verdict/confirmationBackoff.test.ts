import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Health } from '../../../worker/domain/checks/outcome.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { policyOf } from '../../../worker/domain/verdict/checkPolicy.ts';
import type { Effect } from '../../../worker/domain/verdict/effect.ts';
import { explain, observe, tick, wakeAt } from '../../../worker/domain/verdict/machine.ts';
import { sentenceOf } from '../../../worker/domain/verdict/sentence.ts';
import { initialState, type MonitorState } from '../../../worker/domain/verdict/state.ts';
import { backOffOf, calmAfterMs, firstWaitMs, longestWaitMs } from '../../../worker/domain/verdict/suspicion.ts';
import { runs } from '../../properties.ts';
import { begin, outcomeSaid, type Said, second, three } from './verdictSaid.ts';

const policy = policyOf(three, { intervalMs: 30 * second });
const minute = 60;

type Answers = (region: Region, atSeconds: number) => Health;

/** Lives through regular checks, one region every ten seconds, and answers what is asked on demand a second later. */
const live = (answers: Answers, seconds: number, under = policy, from: MonitorState = initialState, first = 0) => {
  let state = from;
  const events: { at: number; region: Region | null }[] = [];
  for (let at = 0; at < seconds; at += 10) events.push({ at: first + at, region: three[(at / 10) % 3] ?? null });
  const effects: Effect[] = [];
  const asks: { at: number; regions: Region[] }[] = [];
  const changes: number[] = [];
  const take = ([next, more]: [MonitorState, Effect[]], now: number) => {
    if (next.verdict !== state.verdict) changes.push((now - begin) / second);
    state = next;
    effects.push(...more);
    for (const effect of more)
      if (effect.type === 'ask') {
        const at = (effect.at - begin) / second;
        asks.push({ at, regions: effect.regions });
        for (const region of effect.regions) events.push({ at: at + 1, region });
      }
  };
  while (events.length > 0) {
    events.sort((a, b) => a.at - b.at);
    const event = events.shift();
    if (!event || event.at >= first + seconds) break;
    const now = begin + event.at * second;
    const due = wakeAt(state, under, now - 1);
    if (due !== null && due <= now) take(tick(state, under, due), due);
    if (event.region)
      take(observe(state, outcomeSaid([event.region, answers(event.region, event.at), event.at]), under, now), now);
  }
  return { state, effects, asks, changes };
};

const allPass: Answers = () => 'up';
const calm = live(allPass, 5 * minute).state;

const start = 10 * minute;

/** The check at every such time fails, in one region after the other, and every confirmation passes. */
const blips =
  (everySeconds: number): Answers =>
  (_, at) =>
    at >= start && (at - start) % everySeconds === 0 ? 'down' : 'up';

/** When confirmations began, s after the first blip. */
const confirmations = (everySeconds: number, seconds: number) =>
  live(blips(everySeconds), seconds, policy, calm, start)
    .asks.filter(({ regions }) => regions.length === 2)
    .map(({ at }) => at - start);

describe('confirmation backs off', () => {
  test('never for a monitor whose failures come once in a while', () => {
    const everySeconds = calmAfterMs / second;
    expect(confirmations(everySeconds, 8 * everySeconds)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((i) => i * everySeconds),
    );
  });

  test('after the second confirmation that confirmed nothing, twice as long after each, up to 16 minutes', () => {
    const begun = confirmations(40, 3 * 3_600);
    const gaps = begun.slice(1).map((at, i) => at - (begun[i] as number));
    const expected = [0, 15, 30, 60, 120, 240, 480, 960, 960, 960];
    // A confirmation lasts some seconds, and the next one begins with a failure.
    for (const [i, wait] of expected.entries()) {
      expect(gaps[i]).toBeGreaterThanOrEqual(wait);
      expect(gaps[i]).toBeLessThanOrEqual(wait + 50);
    }
    expect(longestWaitMs).toBe(firstWaitMs * 64);
  });

  test('a real outage is confirmed at once when it comes first, and by the regular checks at the latest', () => {
    const outage = (before: Answers, from: number) => {
      const answers: Answers = (region, at) => (at >= from ? 'down' : before(region, at));
      const { effects } = live(answers, from + 5 * minute);
      const down = effects.find((effect) => effect.type === 'verdict' && effect.to === 'down');
      return down?.type === 'verdict' ? (down.at - begin) / second - from : null;
    };
    expect(outage(allPass, 20 * minute)).toBeLessThan(5);
    const flaky = outage(blips(40), 60 * minute + 10);
    expect(flaky).toBeGreaterThan(5);
    // Two checks of two regions, ten seconds apart.
    expect(flaky).toBeLessThanOrEqual(60);
  });

  test('a waiting failure is confirmed at its time, although no check is due just then', () => {
    const back = { ...calm, unconfirmed: { count: 3, at: begin + 299 * second } };
    const at = 300;
    const [waiting, effects] = observe(back, outcomeSaid(['weur', 'down', at]), policy, begin + at * second);
    expect(effects).toEqual([]);
    expect(waiting.suspicion?.waitsUntil).toBe(begin + 329 * second);
    expect(wakeAt(waiting, policy, begin + at * second)).toBe(begin + 329 * second);
    const [, asked] = tick(waiting, policy, begin + 329 * second);
    expect(asked.map((effect) => effect.type === 'ask' && [effect.regions, effect.at])).toEqual([
      [['enam', 'apac'], begin + 329 * second],
      [['weur'], begin + 331.5 * second],
    ]);
  });

  test('and the reader sees why, and for how long', () => {
    const back = { ...calm, unconfirmed: { count: 3, at: begin + 299 * second } };
    const now = begin + 300 * second;
    const [waiting] = observe(back, outcomeSaid(['weur', 'down', 300]), policy, now);
    const explanation = explain(waiting, policy, now);
    expect(explanation.backedOff).toEqual({ unconfirmed: 3, changes: 0, until: begin + 329 * second });
    expect(sentenceOf(explanation)).toBe(
      'Up, because all 3 regions pass; a failure in Europe west (503) is being confirmed, 1 of 2; the last 3 confirmations confirmed no change, so only regular checks confirm changes for the next 29 seconds.',
    );
    expect(explain(waiting, policy, begin + 330 * second).backedOff).toBeUndefined();
  });

  /** Down and up in turn, for so long each. */
  const swings =
    (everySeconds: number): Answers =>
    (_, at) =>
      at >= start && Math.floor((at - start) / everySeconds) % 2 === 0 ? 'down' : 'up';

  /** Seen by the state machine, of which history samples those of one that changes all the time. */
  const sinceStart = (changes: readonly number[]) => changes.map((at) => at - start).filter((at) => at >= 0);

  test('after two whole outages in half an hour, also of a target that really goes down and up', () => {
    const everySeconds = 2 * minute;
    const { changes } = live(swings(everySeconds), 3 * 3_600, policy, calm, start);
    const delays = sinceStart(changes).map((at, i) => at - i * everySeconds);
    // The first two outages and recoveries are seen as ever.
    for (const delay of delays.slice(0, 4)) expect(delay).toBeLessThan(16);
    // The regular checks see each further one: two checks of two regions, ten seconds apart.
    expect(delays).toHaveLength(90);
    for (const delay of delays) expect(delay).toBeLessThanOrEqual(60);
  });

  test.for<[everySeconds: number, changes: number]>([
    [20, 60],
    [40, 250],
    [60, 180],
    [120, 90],
    [300, 36],
  ])('one that goes down or up every %i s costs a quarter of its regular checks on demand', ([everySeconds, least]) => {
    const { asks, changes } = live(swings(everySeconds), 3 * 3_600, policy, calm, start);
    const hourly = asks.reduce((sum, { regions }) => sum + regions.length, 0) / (3 * three.length);
    // The limit is 120 regular checks an hour and region. Before: 122 (40 s), 100 (60 s) and 50 (2 min).
    expect(hourly).toBeLessThanOrEqual(35);
    // And its changes are seen anyway.
    expect(sinceStart(changes).length).toBeGreaterThanOrEqual(least);
  });

  test('a monitor whose outages are half an hour apart is confirmed at once, however many there are', () => {
    const { changes } = live(swings(30 * minute), 8 * 3_600, policy, calm, start);
    for (const [i, at] of sinceStart(changes).entries()) expect(at - i * 30 * minute).toBeLessThan(16);
  });

  test.for<[changes: number, waits: number]>([
    [4, 0],
    [5, 15],
    [6, 30],
    [7, 60],
  ])('after %i changes in half an hour the next confirmation waits %i s', ([count, waits]) => {
    const now = begin + 20 * minute * second;
    const changes = Array.from({ length: count }, (_, i) => now - (count - i) * second);
    const found = backOffOf({ ...calm, changes }, policy, now);
    const last = changes.at(-1) ?? 0;
    expect(found).toEqual(waits === 0 ? null : { until: last + waits * second, unconfirmed: 0, changes: count });
  });

  test('and the reader sees that', () => {
    const now = begin + 300 * second;
    const changes = Array.from({ length: 5 }, (_, i) => now - (5 - i) * second);
    const [waiting] = observe({ ...calm, changes }, outcomeSaid(['weur', 'down', 300]), policy, now);
    expect(sentenceOf(explain(waiting, policy, now))).toContain(
      'it changed between up and down 5 times recently, so only regular checks confirm changes for the next 14 seconds',
    );
  });

  test('a region that joins an outage, and one that recovers, count as confirmed', () => {
    const answers: Answers = (region, at) => {
      const from = { enam: 310, weur: 310, apac: 400, wnam: 0, eeur: 0, 'apac-ne': 0, 'apac-se': 0, oc: 0 }[region];
      return at >= from && at < 600 ? 'down' : 'up';
    };
    const { state, effects } = live(answers, 15 * minute);
    expect(effects.flatMap((e) => (e.type === 'verdict' ? e.to : []))).toEqual(['up', 'down', 'up']);
    expect(state.unconfirmed.count).toBe(0);
  });

  const random = (seed: number, failing: number): Answers => {
    let x = seed;
    return () => {
      x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
      return x / 2 ** 32 < failing ? 'down' : 'up';
    };
  };

  test.each([1, 2, 3])(
    'a target that fails at random costs few requests on demand, with %i confirmations',
    (needed) => {
      let worst = 0;
      fc.assert(
        fc.property(fc.integer(), fc.double({ min: 0.05, max: 0.95, noNaN: true }), (seed, failing) => {
          const hours = 3;
          const under = policyOf(three, { intervalMs: 30 * second, confirmations: needed });
          const { asks } = live(random(seed, failing), hours * 3_600, under);
          for (const region of three) {
            const count = asks.filter(({ regions }) => regions.includes(region)).length;
            worst = Math.max(worst, count);
          }
        }),
        { numRuns: runs(20) },
      );
      // Without backing off 367; the worst of 300 runs 196 and 115. The regular checks are 360 in this time.
      expect(worst).toBeLessThanOrEqual(needed === 1 ? 240 : 150);
    },
  );

  test('after calm the first failure is confirmed at once, after any history', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0.05, max: 0.95, noNaN: true }), (seed, failing) => {
        const before = live(random(seed, failing), 3_600).state;
        const later = live(allPass, calmAfterMs / second + 20 * minute, policy, before, 3_600).state;
        const at = 3_600 + calmAfterMs / second + 21 * minute;
        const said: Said = ['weur', 'down', at];
        const [, effects] = observe(later, outcomeSaid(said), policy, begin + at * second);
        expect(effects).toContainEqual({ type: 'ask', regions: ['enam', 'apac'], at: begin + at * second });
      }),
      { numRuns: runs(20) },
    );
  });
});
