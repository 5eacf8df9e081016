import { describe, expect, test } from 'vitest';
import { alertFor } from '../../../worker/domain/verdict/alerts.ts';
import { type Dependency, policyOf } from '../../../worker/domain/verdict/checkPolicy.ts';
import type { Effect } from '../../../worker/domain/verdict/effect.ts';
import { tick, wakeAt } from '../../../worker/domain/verdict/machine.ts';
import { allUp, begin, everywhere, fold, notified, outages, type Said, second, three } from './verdictSaid.ts';

describe('alerts', () => {
  const now = { standing: 'down', isFlapping: false } as const;
  test.for([
    ['an outage is notified', 'up', now, 'down'],
    ['an outage is notified once', 'down', now, null],
    ['a recovery follows its outage', 'down', { ...now, standing: 'up' }, 'up'],
    ['nothing is notified before it is known', 'up', { ...now, standing: null }, null],
    ['flapping is notified', 'down', { ...now, isFlapping: true }, 'flapping'],
    ['flapping is notified once', 'flapping', { ...now, isFlapping: true }, null],
    ['the end of flapping is notified', 'flapping', now, 'stable'],
  ] as const)('%s', ([, notified, situation, event]) => {
    expect(alertFor(notified, situation)?.event ?? null).toBe(event);
  });
});

describe('maintenance', () => {
  const window = { from: begin + 10 * second, to: begin + 100 * second };
  const policy = policyOf(three, { maintenance: [window] });
  const down: Said[] = [...allUp, ...everywhere('down', 20), ...everywhere('down', 25)];

  test('shows the verdict and alerts nobody', () => {
    const { state, effects } = fold([...down, ...everywhere('up', 50), ...everywhere('up', 55)], policy);
    expect([state.verdict, notified(effects), outages(effects)]).toEqual(['up', [], ['opened', 'closed']]);
    expect(wakeAt(state, policy, begin + 60 * second)).toBeNull();
  });

  test('that ends during an outage alerts then', () => {
    const { state, effects } = fold(down, policy);
    expect([state.verdict, notified(effects)]).toEqual(['down', []]);
    expect(wakeAt(state, policy, begin + 60 * second)).toBe(window.to);
    expect(notified(tick(state, policy, window.to)[1])).toEqual(['down']);
  });
});

describe('a dependency', () => {
  const on = (standing: Dependency['standing']) =>
    policyOf(three, { dependencies: [{ monitorId: 'mon_gate', name: 'Gateway', standing }] });
  const down: Said[] = [...allUp, ...everywhere('down', 20), ...everywhere('down', 25)];
  const decidedAt = begin + 26 * second + 10;
  const suppressed = (effects: readonly Effect[]) =>
    effects.flatMap((e) => (e.type === 'suppressed' ? [[e.event, e.because] as const] : []));
  const dependency = (until: number | null) => ({ type: 'dependency', monitorIds: ['mon_gate'], until });

  test('suppresses alerts while it is down, says so once, and releases them when it is up', () => {
    const { state, effects } = fold([...down, ...everywhere('down', 50)], on('down'));
    expect([state.verdict, notified(effects), outages(effects)]).toEqual(['down', [], ['opened']]);
    expect(suppressed(effects)).toEqual([['down', dependency(null)]]);
    expect(wakeAt(state, on('down'), begin + 60 * second)).toBeNull();
    expect(notified(tick(state, on('down'), begin + 90 * second)[1])).toEqual([]);
    const [after, more] = tick(state, on('up'), begin + 90 * second);
    expect([notified(more), after.notified, after.suppressed]).toEqual([['down'], 'down', null]);
  });

  test('is awaited while it is suspect, for 30 s from the decision', () => {
    const { state, effects } = fold(down, on('suspect'));
    const until = decidedAt + 30 * second;
    expect([notified(effects), suppressed(effects)]).toEqual([[], [['down', dependency(until)]]]);
    expect(wakeAt(state, on('suspect'), begin + 30 * second)).toBe(until);
    expect(notified(tick(state, on('suspect'), until - 1)[1])).toEqual([]);
    expect(notified(tick(state, on('suspect'), until)[1])).toEqual(['down']);
    expect(notified(tick(state, on('up'), begin + 40 * second)[1])).toEqual(['down']);
    const [waiting, more] = tick(state, on('down'), begin + 40 * second);
    expect([notified(more), suppressed(more)]).toEqual([[], [['down', dependency(null)]]]);
    expect(notified(tick(waiting, on('down'), until)[1])).toEqual([]);
  });

  test('keeps nobody from being notified of an outage that was decided before it became suspect', () => {
    const { state, effects } = fold(down, on('up'));
    expect([notified(effects), notified(tick(state, on('suspect'), begin + 30 * second)[1])]).toEqual([['down'], []]);
  });

  test('suppresses an outage that is over before it may be notified, and its recovery as well', () => {
    const { state, effects } = fold([...down, ...everywhere('up', 40), ...everywhere('up', 45)], on('down'));
    expect([state.verdict, notified(effects), outages(effects)]).toEqual(['up', [], ['opened', 'closed']]);
    expect([state.suppressed, notified(tick(state, on('up'), begin + 60 * second)[1])]).toEqual([null, []]);
  });

  test('holds back a recovery while it is down, if the outage was notified', () => {
    const { state } = fold(down, on('up'));
    const { state: passing, effects } = fold([...everywhere('up', 40), ...everywhere('up', 45)], on('down'), state);
    expect([passing.standing, notified(effects), suppressed(effects)]).toEqual(['up', [], [['up', dependency(null)]]]);
    expect(notified(tick(passing, on('up'), begin + 60 * second)[1])).toEqual(['up']);
  });

  test('comes after maintenance if both suppress, each reported once', () => {
    const window = { from: begin, to: begin + 60 * second };
    const both = policyOf(three, { ...on('down'), maintenance: [window] });
    const { state, effects } = fold([...down, ...everywhere('down', 40)], both);
    expect(suppressed(effects)).toEqual([['down', { type: 'maintenance', until: window.to }]]);
    expect(suppressed(tick(state, both, window.to)[1])).toEqual([['down', dependency(null)]]);
  });
});

describe('flapping', () => {
  const policy = policyOf(three, { flapping: { changes: 3, withinMs: 1_200 * second } });
  const turns = (count: number): Said[] =>
    Array.from({ length: count }, (_, i) => {
      const health = i % 2 === 0 ? 'down' : 'up';
      return [...everywhere(health, 60 * i + 60), ...everywhere(health, 60 * i + 65)];
    }).flat();

  test('is notified once, and its end once; the incident stays one', () => {
    const { state, effects } = fold([...allUp, ...turns(10)], policy);
    expect([state.isFlapping, state.verdict, notified(effects)]).toEqual([
      true,
      'up',
      ['down', 'up', 'down', 'flapping'],
    ]);
    expect(outages(effects)).toEqual(['opened', 'closed', 'opened']);
    const at = wakeAt(state, policy, begin + 700 * second) ?? 0;
    const [stable, more] = tick(state, policy, at);
    expect([stable.isFlapping, notified(more), outages(more)]).toEqual([false, ['stable'], ['closed']]);
    expect(at).toBe((state.changes.at(-1) ?? 0) + 600 * second);
  });

  test('does not begin at as many changes as are allowed', () => {
    expect(fold([...allUp, ...turns(3)], policy).state.isFlapping).toBe(false);
    expect(fold([...allUp, ...turns(4)], policy).state.isFlapping).toBe(true);
  });
});
