import { describe, expect, test } from 'vitest';
import type { Health } from '../../../worker/domain/checks/outcome.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { type CheckPolicy, policyOf } from '../../../worker/domain/verdict/checkPolicy.ts';
import type { Effect } from '../../../worker/domain/verdict/effect.ts';
import { observe, tick, wakeAt } from '../../../worker/domain/verdict/machine.ts';
import { exactPerHour, explainedPerHour } from '../../../worker/domain/verdict/record.ts';
import { initialState, type MonitorState, restoreState } from '../../../worker/domain/verdict/state.ts';
import { begin, notified, outages, outcomeSaid, second, three } from './verdictSaid.ts';

const minute = 60 * second;
const hour = 60 * minute;

const quick = { confirmations: 1, recoveryConfirmations: 1, degradedConfirmations: 1, intervalMs: 10 * second };
const insatiable = { ...quick, flapping: { changes: 100, withinMs: 5 * minute } };
const one: Region[] = ['weur'];

/** Checks every ten seconds, each region, and folds time whenever it is due. */
const live = (
  answer: (seconds: number, region: Region) => Health,
  {
    seconds,
    policy,
    from = initialState,
    first = 0,
  }: { seconds: number; policy: CheckPolicy; from?: MonitorState; first?: number },
) => {
  let state = from;
  const effects: Effect[] = [];
  const take = ([next, more]: [MonitorState, Effect[]]) => {
    state = next;
    effects.push(...more);
  };
  for (let at = first; at < first + seconds; at += 10) {
    const now = begin + at * second + 10;
    for (let due = wakeAt(state, policy, now - 10_000); due !== null && due <= now; due = wakeAt(state, policy, due))
      take(tick(state, policy, due));
    for (const region of policy.regions)
      take(observe(state, outcomeSaid([region, answer(at, region), at]), policy, now));
  }
  return { state, effects };
};

const alternating = (at: number): Health => (at % 20 === 0 ? 'down' : 'up');
const always = () => 'up' as const;
const day = 86_400;

const rows = (effects: readonly Effect[]) => effects.filter((effect) => effect.type === 'verdict');

/** Share of the time in which history says that it is down, from `from` to `to` (seconds). */
const downShare = (effects: readonly Effect[], from: number, to: number) => {
  const history = rows(effects);
  const [start, end] = [begin + from * second, begin + to * second];
  const downMs = history.map(({ to: verdict, since }, i) => {
    const until = Math.min(end, history[i + 1]?.since ?? end);
    return verdict === 'down' ? Math.max(0, until - Math.max(start, since)) : 0;
  });
  return downMs.reduce((sum, ms) => sum + ms, 0) / (end - start);
};

describe('with any check policy', () => {
  const policy = policyOf(one, insatiable);
  const { state, effects } = live(alternating, { seconds: day, policy });

  test('more than twelve changes within an hour are flapping: one more incident in a day, and one alert', () => {
    expect(state.isFlapping).toBe(true);
    expect(outages(effects).filter((change) => change === 'opened')).toHaveLength(7);
    expect(notified(effects)).toEqual([...Array.from({ length: 12 }, (_, i) => (i % 2 ? 'up' : 'down')), 'flapping']);
  });

  test('its history gets about a small row a minute, and what is kept of it stays small', () => {
    const [exact, samples] = [true, false].map((kept) =>
      rows(effects).filter(({ explanation }) => (explanation !== null) === kept),
    );
    expect(exact?.length).toBeLessThanOrEqual(24 * explainedPerHour + 2);
    expect(samples?.length).toBeLessThanOrEqual(24 * 1.2 * exactPerHour);
    expect(JSON.stringify(state).length).toBeLessThan(3_000);
  });

  test('it is stable after 30 minutes without a change, not before', () => {
    const calm = (minutes: number) => live(always, { seconds: minutes * 60, policy, from: state, first: day });
    const before = calm(29);
    expect([before.state.isFlapping, notified(before.effects)]).toEqual([true, []]);
    const after = calm(31);
    expect([after.state.isFlapping, notified(after.effects), outages(after.effects)]).toEqual([
      false,
      ['stable'],
      ['closed'],
    ]);
    expect([after.state.outage, after.state.unrecorded]).toEqual([null, null]);
    // The flapping is over: one outage is an outage again.
    const again = live((at) => (at === day + 1_860 ? 'down' : 'up'), {
      ...{ seconds: 60, policy, from: after.state, first: day + 1_860 },
    });
    expect(notified(again.effects)).toEqual(['down', 'up']);
  });

  test('a stricter policy still holds, and its short memory does not forget for the hour', () => {
    const strict = policyOf(one, { ...quick, flapping: { changes: 2, withinMs: 5 * minute } });
    // Three changes in a row, and then calm for as long as this policy takes to call it stable.
    const bursts = (at: number): Health => (at % 200 === 0 || at % 200 === 20 ? 'down' : 'up');
    const { effects: hourly } = live(bursts, { seconds: 6 * 3_600, policy: strict });
    expect(notified(hourly).slice(0, 3)).toEqual(['down', 'up', 'flapping']);
    expect(notified(hourly).length).toBeLessThan(20);
    expect(outages(hourly).filter((change) => change === 'opened').length).toBeLessThan(8);
  });
});

test('twelve changes within an hour are twelve changes', () => {
  const policy = policyOf(one, insatiable);
  const sixOutages = (at: number): Health => (at % 600 === 300 ? 'down' : 'up');
  const { effects, state } = live(sixOutages, { seconds: 6 * 3_600, policy });
  expect(state.isFlapping).toBe(false);
  expect(outages(effects).filter((change) => change === 'opened')).toHaveLength(36);
});

test('a monitor that flaps during maintenance opens no incident a minute, and does not flap because of it afterwards', () => {
  const window = { from: begin, to: begin + 2 * hour };
  const policy = policyOf(one, { ...insatiable, maintenance: [window] });
  const during = live(alternating, { seconds: 7_200, policy });
  expect(during.state.isFlapping).toBe(true);
  expect(outages(during.effects).filter((change) => change === 'opened')).toHaveLength(7);
  const after = live(always, { seconds: 600, policy, from: during.state, first: 7_200 });
  expect([after.state.isFlapping, notified(during.effects), notified(after.effects)]).toEqual([false, [], []]);
  expect(after.state.outage).toBeNull();
});

test('changes without an outage, as slow and quick, are sampled as well', () => {
  const policy = policyOf(one, insatiable);
  const { effects } = live((at) => (at % 20 === 0 ? 'degraded' : 'up'), { seconds: day, policy });
  expect(rows(effects).length).toBeLessThanOrEqual(24 * 1.2 * exactPerHour);
  expect(rows(effects).filter(({ explanation }) => explanation).length).toBeLessThanOrEqual(24 * explainedPerHour + 1);
});

test.each([
  ['a tenth', (at: number) => (at * 7_919) % 1_000 < 100, 0.1],
  ['a half by turns', (at: number) => at % 20 === 0, 0.5],
  ['a half', (at: number) => (at * 7_919) % 1_000 < 500, 0.5],
])('samples keep the share of time down: %s of it', (_, isDown, share) => {
  const policy = policyOf(one, insatiable);
  const { effects } = live((at) => (isDown(at) ? 'down' : 'up'), { seconds: day, policy });
  expect(Math.abs(downShare(effects, 3_600, day) - share)).toBeLessThan(0.05);
});

test('a region that fails and passes while the others are down is in the timeline ten times', () => {
  const policy = policyOf(three, quick);
  const { effects } = live((at, region) => (region === 'apac' && at % 20 === 0 ? 'up' : 'down'), {
    seconds: day,
    policy,
  });
  expect(effects.filter(({ type }) => type === 'joined')).toHaveLength(10);
});

test('a state of before loads', () => {
  const { latestChanges: _, recorded: __, unrecorded: ___, joined: ____, ...older } = initialState;
  expect(restoreState({ ...older, changes: [1, 2], isFlapping: true, standing: 'up' })).toMatchObject({
    ...{ changes: [1, 2], isFlapping: true },
    ...{ latestChanges: [], recorded: [], unrecorded: null, joined: 0 },
  });
});
