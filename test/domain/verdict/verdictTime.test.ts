import { describe, expect, test } from 'vitest';
import { type CheckPolicy, policyOf } from '../../../worker/domain/verdict/checkPolicy.ts';
import { freshForMs } from '../../../worker/domain/verdict/freshness.ts';
import { noteLastSeen, observe, tick, wakeAt } from '../../../worker/domain/verdict/machine.ts';
import { type MonitorState, restoreState } from '../../../worker/domain/verdict/state.ts';
import { askAgainMs } from '../../../worker/domain/verdict/suspicion.ts';
import {
  allUp,
  begin,
  everywhere,
  fold,
  notified,
  outages,
  outcomeSaid,
  type Said,
  second,
  three,
} from './verdictSaid.ts';

describe('a quorum that has to hold', () => {
  const policy = policyOf(three, { confirmationPeriodMs: 60 * second, recoveryPeriodMs: 60 * second });
  const failing = fold([...allUp, ...everywhere('down', 20), ...everywhere('down', 25)], policy);

  test('changes nothing yet, and says when to evaluate again', () => {
    expect([failing.state.verdict, failing.state.holding?.to]).toEqual(['up', 'down']);
    expect(wakeAt(failing.state, policy, begin + 30 * second)).toBe((failing.state.holding?.since ?? 0) + 60 * second);
    expect(tick(failing.state, policy, begin + 80 * second)[0].verdict).toBe('up');
  });

  test('makes the outage when its time is over, counted from the first failing check', () => {
    const [state, effects] = tick(failing.state, policy, begin + 90 * second);
    expect([state.verdict, state.since, wakeAt(state, policy, begin + 90 * second)]).toEqual([
      'down',
      begin + 20 * second,
      null,
    ]);
    expect([notified(effects), outages(effects)]).toEqual([['down'], ['opened']]);
  });

  test('fails when enough regions pass again', () => {
    const { state } = fold([...everywhere('up', 40), ...everywhere('up', 45)], policy, failing.state);
    expect([state.verdict, state.holding]).toEqual(['up', null]);
    expect(tick(state, policy, begin + 90 * second)[0].verdict).toBe('up');
  });
});

describe('stale data', () => {
  const policy = policyOf(three);
  const later = begin + freshForMs(policy) + 10 * second;

  test('from all regions is unknown since the last outcome', () => {
    const [state, effects] = noteLastSeen(fold(allUp, policy).state, {}, policy, later);
    expect([state.verdict, state.since, notified(effects), outages(effects)]).toEqual([
      'unknown',
      begin + 2_000,
      [],
      [],
    ]);
  });

  test('does not occur while quiet outcomes arrive', () => {
    const { state } = fold(allUp, policy);
    const heard = { enam: later - second, weur: later - second, apac: later - second };
    expect(noteLastSeen(state, heard, policy, later)).toEqual([state, []]);
  });

  test('neither closes an outage nor opens a second one', () => {
    const down = fold([...allUp, ...everywhere('down', 20), ...everywhere('down', 25)], policy);
    const at = later + 25 * second;
    const [blind] = noteLastSeen(down.state, {}, policy, at);
    expect([blind.verdict, blind.outage?.since]).toEqual(['unknown', begin + 20 * second]);
    const back = (at - begin) / second;
    const again = fold([...everywhere('down', back), ...everywhere('down', back + 5)], policy, blind);
    expect([again.state.verdict, notified(again.effects), outages(again.effects)]).toEqual(['down', [], []]);
    const passed = fold([...everywhere('up', back), ...everywhere('up', back + 5)], policy, blind);
    expect([passed.state.verdict, notified(passed.effects), outages(passed.effects)]).toEqual([
      'up',
      ['up'],
      ['closed'],
    ]);
  });

  test('from two regions leaves a failure of the third undecided', () => {
    const { state } = fold([...allUp, ['apac', 'down', 20], ['apac', 'down', 25]], policy);
    const [alone] = noteLastSeen(state, { apac: later }, policy, later);
    expect([alone.verdict, alone.outage]).toEqual(['unknown', null]);
  });

  test('leads to checks from all others as soon as one region sends data again', () => {
    const [blind] = noteLastSeen(fold(allUp, policy).state, {}, policy, later);
    const { effects } = fold([['weur', 'up', (later - begin) / second]], policy, blind);
    expect(effects).toEqual([{ type: 'ask', regions: ['enam', 'apac'], at: later + 10 }]);
  });
});

describe('an outcome that comes late', () => {
  const hasty = policyOf(three, { confirmations: 1, recoveryConfirmations: 1, quorum: 'any' });
  const late = (said: Said, policy: CheckPolicy, from: MonitorState) =>
    observe(from, outcomeSaid(said), policy, begin + said[2] * second + 30 * second);

  test('turns no region by itself, though one is enough: a newer one may have passed quietly', () => {
    const { state } = fold(allUp, hasty);
    const [after, effects] = late(['weur', 'down', 20], hasty, state);
    expect([after.verdict, after.suspicion !== null]).toEqual(['up', true]);
    expect(effects).toContainEqual({ type: 'ask', regions: ['weur'], at: begin + 50 * second + askAgainMs });
    expect(fold([['weur', 'up', 53]], hasty, after).state).toMatchObject({ verdict: 'up', outage: null });
    expect(fold([['weur', 'down', 53]], hasty, after).state).toMatchObject({ verdict: 'down' });
  });

  test('ends no outage by itself', () => {
    const { state } = fold([...allUp, ['weur', 'down', 20]], hasty);
    expect(late(['weur', 'up', 30], hasty, state)[0].verdict).toBe('down');
  });
});

test('an outage that an earlier version stored still is one', () => {
  const { state } = fold([...allUp, ...everywhere('down', 20), ...everywhere('down', 25)], policyOf(three));
  const regions = Object.fromEntries(
    Object.entries(state.regions).map(([name, { lastSeenAt: _, isStale: __, ...region }]) => [name, region]),
  );
  const restored = restoreState({ verdict: 'down', since: state.since, regions, suspicion: null });
  expect([restored.standing, restored.notified, restored.outage]).toEqual(['down', 'down', { since: state.since }]);
  const { effects } = fold([...everywhere('up', 40), ...everywhere('up', 45)], policyOf(three), restored);
  expect([notified(effects), outages(effects)]).toEqual([['up'], ['closed']]);
});
