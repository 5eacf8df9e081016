import { describe, expect, test } from 'vitest';
import { alertFor } from '../../worker/domain/alerts.ts';
import { type Dependency, type Policy, policyOf } from '../../worker/domain/policy.ts';
import type { Region } from '../../worker/domain/region.ts';
import {
  adopt,
  askAgainMs,
  type Effect,
  freshForMs,
  hear,
  type MonitorState,
  observe,
  restoreState,
  tick,
  wakeAt,
} from '../../worker/domain/verdict.ts';
import {
  allUp,
  begin,
  everywhere,
  fold,
  outages,
  outcomeOf,
  type Said,
  second,
  three,
  told,
  twice,
} from './verdictSaid.ts';

describe('a quorum that has to hold', () => {
  const policy = policyOf(three, { confirmationPeriodMs: 60 * second, recoveryPeriodMs: 60 * second });
  const failing = fold([...allUp, ...everywhere('down', 20), ...everywhere('down', 25)], policy);

  test('changes nothing yet, and says when to look again', () => {
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
    expect([told(effects), outages(effects)]).toEqual([['down'], ['opened']]);
  });

  test('is given up when enough regions pass again', () => {
    const { state } = fold([...everywhere('up', 40), ...everywhere('up', 45)], policy, failing.state);
    expect([state.verdict, state.holding]).toEqual(['up', null]);
    expect(tick(state, policy, begin + 90 * second)[0].verdict).toBe('up');
  });
});

describe('silence', () => {
  const policy = policyOf(three);
  const later = begin + freshForMs(policy) + 10 * second;

  test('of all regions is unknown since the last outcome', () => {
    const [state, effects] = hear(fold(allUp, policy).state, {}, policy, later);
    expect([state.verdict, state.since, told(effects), outages(effects)]).toEqual(['unknown', begin + 2_000, [], []]);
  });

  test('is none where quiet outcomes were heard', () => {
    const { state } = fold(allUp, policy);
    const heard = { enam: later - second, weur: later - second, apac: later - second };
    expect(hear(state, heard, policy, later)).toEqual([state, []]);
  });

  test('neither closes an outage nor opens a second one', () => {
    const down = fold([...allUp, ...everywhere('down', 20), ...everywhere('down', 25)], policy);
    const at = later + 25 * second;
    const [blind] = hear(down.state, {}, policy, at);
    expect([blind.verdict, blind.outage?.since]).toEqual(['unknown', begin + 20 * second]);
    const back = (at - begin) / second;
    const again = fold([...everywhere('down', back), ...everywhere('down', back + 5)], policy, blind);
    expect([again.state.verdict, told(again.effects), outages(again.effects)]).toEqual(['down', [], []]);
    const passed = fold([...everywhere('up', back), ...everywhere('up', back + 5)], policy, blind);
    expect([passed.state.verdict, told(passed.effects), outages(passed.effects)]).toEqual(['up', ['up'], ['closed']]);
  });

  test('of two regions leaves a failure of the third undecided', () => {
    const { state } = fold([...allUp, ['apac', 'down', 20], ['apac', 'down', 25]], policy);
    const [alone] = hear(state, { apac: later }, policy, later);
    expect([alone.verdict, alone.outage]).toEqual(['unknown', null]);
  });

  test('asks all others as soon as one region speaks again', () => {
    const [blind] = hear(fold(allUp, policy).state, {}, policy, later);
    const { effects } = fold([['weur', 'up', (later - begin) / second]], policy, blind);
    expect(effects).toEqual([{ type: 'ask', regions: ['enam', 'apac'], at: later + 10 }]);
  });
});

describe('votes', () => {
  const cutOff: Said[] = [
    ['weur', 'down', 20],
    ['apac', 'down', 21],
    ['weur', 'down', 24],
    ['apac', 'down', 25],
  ];

  test('of a distrusted region do not count, and neither does its silence', () => {
    const policy = policyOf(three, { distrusted: ['apac'] });
    expect(fold([...allUp, ...cutOff], policy).state.verdict).toBe('up');
    const all = [...allUp, ...cutOff, ['enam', 'down', 26], ['enam', 'down', 29]] as Said[];
    expect(fold(all, policy).state.verdict).toBe('down');
  });

  test('of a region that is distrusted later are taken back', () => {
    const { state } = fold([...allUp, ...cutOff], policyOf(three));
    expect(state.verdict).toBe('down');
    const [after] = adopt(state, policyOf(three, { distrusted: ['weur', 'apac'] }), begin + 40 * second);
    expect(after.verdict).toBe('up');
  });

  test('of two regions in one data centre count once', () => {
    const together = cutOff.map(([region, health, at]): Said => [region, health, at, 'FRA']);
    expect(fold([...allUp, ...together], policyOf(three)).state.verdict).toBe('up');
    expect(fold([...allUp, ...cutOff], policyOf(three)).state.verdict).toBe('down');
  });

  test('that lie apart are asked for again before they are added up', () => {
    const policy = policyOf(three, { confirmations: 1 });
    const { state, effects } = fold([...allUp, ['apac', 'down', 20], ['weur', 'down', 60]], policy);
    expect([state.verdict, state.suspicion !== null]).toEqual(['up', true]);
    expect(effects.at(-1)).toMatchObject({ type: 'ask', at: begin + 60 * second + 10 });
    expect(fold([['apac', 'down', 61]], policy, state).state.verdict).toBe('down');
    expect(fold([['apac', 'up', 61]], policyOf(three, { confirmations: 1 }), state).state.verdict).toBe('up');
  });
});

describe('regions that are distrusted', () => {
  const trusting = policyOf(three);
  const distrusting = (...distrusted: Region[]) => policyOf(three, { distrusted });
  const cutOff: Said[] = [...twice('weur', 'down', 20), ...twice('apac', 'down', 21)];

  test('all of them make the verdict unknown, and it goes on as soon as one is trusted again and speaks', () => {
    const { state } = fold(allUp, trusting);
    const [blind, effects] = adopt(state, distrusting(...three), begin + 30 * second);
    expect([blind.verdict, blind.since, told(effects)]).toEqual(['unknown', begin + 30 * second, []]);
    expect(fold(everywhere('down', 40), distrusting(...three), blind).state.verdict).toBe('unknown');
    const [back, asks] = adopt(blind, distrusting('weur', 'apac'), begin + 60 * second);
    expect([back.verdict, asks]).toEqual(['unknown', [{ type: 'ask', regions: ['enam'], at: begin + 60 * second }]]);
    expect(fold([['enam', 'up', 61]], distrusting('weur', 'apac'), back).state.verdict).toBe('up');
  });

  test('all of them neither close an outage nor open a second one', () => {
    const down = fold([...allUp, ...everywhere('down', 20), ...everywhere('down', 25)], trusting).state;
    const [blind, effects] = adopt(down, distrusting(...three), begin + 30 * second);
    expect([blind.verdict, blind.outage, told(effects), outages(effects)]).toEqual(['unknown', down.outage, [], []]);
    const [back] = adopt(blind, trusting, begin + 60 * second);
    const again = fold([...everywhere('down', 61), ...everywhere('down', 66)], trusting, back);
    expect([again.state.verdict, told(again.effects), outages(again.effects)]).toEqual(['down', [], []]);
  });

  test.for<[name: string, after: Said[], verdict: string]>([
    ['what they said in the meantime does not count', [], 'up'],
    [
      'one failure from then on is not enough',
      [
        ['weur', 'down', 61],
        ['apac', 'down', 62],
      ],
      'up',
    ],
    ['failures from then on are', [...twice('weur', 'down', 61), ...twice('apac', 'down', 62)], 'down'],
  ])('that are trusted again: %s', ([, after, verdict]) => {
    const broken = distrusting('weur', 'apac');
    const { state } = fold(cutOff, broken, adopt(fold(allUp, trusting).state, broken, begin + 10 * second)[0]);
    const [trusted, effects] = adopt(state, trusting, begin + 60 * second);
    expect(effects).toEqual([{ type: 'ask', regions: ['weur', 'apac'], at: begin + 60 * second }]);
    expect(fold(after, trusting, trusted).state.verdict).toBe(verdict);
  });
});

describe('an outcome that comes late', () => {
  const hasty = policyOf(three, { confirmations: 1, recoveryConfirmations: 1, quorum: 'any' });
  const late = (said: Said, policy: Policy, from: MonitorState) =>
    observe(from, outcomeOf(said), policy, begin + said[2] * second + 30 * second);

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

describe('flapping', () => {
  const policy = policyOf(three, { flapping: { changes: 3, withinMs: 1_200 * second } });
  const turns = (count: number): Said[] =>
    Array.from({ length: count }, (_, i) => {
      const health = i % 2 === 0 ? 'down' : 'up';
      return [...everywhere(health, 60 * i + 60), ...everywhere(health, 60 * i + 65)];
    }).flat();

  test('is told once, and its end once; the incident stays one', () => {
    const { state, effects } = fold([...allUp, ...turns(10)], policy);
    expect([state.isFlapping, state.verdict, told(effects)]).toEqual([true, 'up', ['down', 'up', 'down', 'flapping']]);
    expect(outages(effects)).toEqual(['opened', 'closed', 'opened']);
    const at = wakeAt(state, policy, begin + 700 * second) ?? 0;
    const [stable, more] = tick(state, policy, at);
    expect([stable.isFlapping, told(more), outages(more)]).toEqual([false, ['stable'], ['closed']]);
    expect(at).toBe((state.changes.at(-1) ?? 0) + 600 * second);
  });

  test('does not begin at as many changes as are allowed', () => {
    expect(fold([...allUp, ...turns(3)], policy).state.isFlapping).toBe(false);
    expect(fold([...allUp, ...turns(4)], policy).state.isFlapping).toBe(true);
  });
});

describe('maintenance', () => {
  const window = { from: begin + 10 * second, to: begin + 100 * second };
  const policy = policyOf(three, { maintenance: [window] });
  const down: Said[] = [...allUp, ...everywhere('down', 20), ...everywhere('down', 25)];

  test('shows the verdict and alerts nobody', () => {
    const { state, effects } = fold([...down, ...everywhere('up', 50), ...everywhere('up', 55)], policy);
    expect([state.verdict, told(effects), outages(effects)]).toEqual(['up', [], ['opened', 'closed']]);
    expect(wakeAt(state, policy, begin + 60 * second)).toBeNull();
  });

  test('that ends during an outage alerts then', () => {
    const { state, effects } = fold(down, policy);
    expect([state.verdict, told(effects)]).toEqual(['down', []]);
    expect(wakeAt(state, policy, begin + 60 * second)).toBe(window.to);
    expect(told(tick(state, policy, window.to)[1])).toEqual(['down']);
  });
});

describe('what a monitor depends on', () => {
  const on = (standing: Dependency['standing']) =>
    policyOf(three, { dependencies: [{ monitorId: 'mon_gate', name: 'Gateway', standing }] });
  const down: Said[] = [...allUp, ...everywhere('down', 20), ...everywhere('down', 25)];
  const decidedAt = begin + 26 * second + 10;
  const withheld = (effects: readonly Effect[]) =>
    effects.flatMap((e) => (e.type === 'withheld' ? [[e.event, e.because] as const] : []));
  const dependency = (until: number | null) => ({ type: 'dependency', monitorIds: ['mon_gate'], until });

  test('withholds alerts while it is down, says so once, and lets them out when it is up', () => {
    const { state, effects } = fold([...down, ...everywhere('down', 50)], on('down'));
    expect([state.verdict, told(effects), outages(effects)]).toEqual(['down', [], ['opened']]);
    expect(withheld(effects)).toEqual([['down', dependency(null)]]);
    expect(wakeAt(state, on('down'), begin + 60 * second)).toBeNull();
    expect(told(tick(state, on('down'), begin + 90 * second)[1])).toEqual([]);
    const [after, more] = tick(state, on('up'), begin + 90 * second);
    expect([told(more), after.told, after.withheld]).toEqual([['down'], 'down', null]);
  });

  test('is waited for while it is suspect, for 30 s from the decision', () => {
    const { state, effects } = fold(down, on('suspect'));
    const until = decidedAt + 30 * second;
    expect([told(effects), withheld(effects)]).toEqual([[], [['down', dependency(until)]]]);
    expect(wakeAt(state, on('suspect'), begin + 30 * second)).toBe(until);
    expect(told(tick(state, on('suspect'), until - 1)[1])).toEqual([]);
    expect(told(tick(state, on('suspect'), until)[1])).toEqual(['down']);
    expect(told(tick(state, on('up'), begin + 40 * second)[1])).toEqual(['down']);
    const [waiting, more] = tick(state, on('down'), begin + 40 * second);
    expect([told(more), withheld(more)]).toEqual([[], [['down', dependency(null)]]]);
    expect(told(tick(waiting, on('down'), until)[1])).toEqual([]);
  });

  test('keeps nobody from being told of an outage that was decided before it became suspect', () => {
    const { state, effects } = fold(down, on('up'));
    expect([told(effects), told(tick(state, on('suspect'), begin + 30 * second)[1])]).toEqual([['down'], []]);
  });

  test('leaves an outage untold that is over before it may be told, and its recovery as well', () => {
    const { state, effects } = fold([...down, ...everywhere('up', 40), ...everywhere('up', 45)], on('down'));
    expect([state.verdict, told(effects), outages(effects)]).toEqual(['up', [], ['opened', 'closed']]);
    expect([state.withheld, told(tick(state, on('up'), begin + 60 * second)[1])]).toEqual([null, []]);
  });

  test('holds back a recovery while it is down, if the outage was told', () => {
    const { state } = fold(down, on('up'));
    const { state: passing, effects } = fold([...everywhere('up', 40), ...everywhere('up', 45)], on('down'), state);
    expect([passing.standing, told(effects), withheld(effects)]).toEqual(['up', [], [['up', dependency(null)]]]);
    expect(told(tick(passing, on('up'), begin + 60 * second)[1])).toEqual(['up']);
  });

  test('comes after maintenance where both withhold, each said once', () => {
    const window = { from: begin, to: begin + 60 * second };
    const both = policyOf(three, { ...on('down'), maintenance: [window] });
    const { state, effects } = fold([...down, ...everywhere('down', 40)], both);
    expect(withheld(effects)).toEqual([['down', { type: 'maintenance', until: window.to }]]);
    expect(withheld(tick(state, both, window.to)[1])).toEqual([['down', dependency(null)]]);
  });
});

describe('alerts', () => {
  const now = { standing: 'down', isFlapping: false } as const;
  test.for([
    ['an outage is told', 'up', now, 'down'],
    ['what was told is not told again', 'down', now, null],
    ['a recovery follows its outage', 'down', { ...now, standing: 'up' }, 'up'],
    ['nothing is told of what is not known yet', 'up', { ...now, standing: null }, null],
    ['flapping is told', 'down', { ...now, isFlapping: true }, 'flapping'],
    ['flapping is told once', 'flapping', { ...now, isFlapping: true }, null],
    ['the end of flapping is told', 'flapping', now, 'stable'],
  ] as const)('%s', ([, told, situation, event]) => {
    expect(alertFor(told, situation)?.event ?? null).toBe(event);
  });
});

test('what an earlier version stored of an outage still is one', () => {
  const { state } = fold([...allUp, ...everywhere('down', 20), ...everywhere('down', 25)], policyOf(three));
  const regions = Object.fromEntries(
    Object.entries(state.regions).map(([name, { heardAt: _, isSilent: __, ...region }]) => [name, region]),
  );
  const restored = restoreState({ verdict: 'down', since: state.since, regions, suspicion: null });
  expect([restored.standing, restored.told, restored.outage]).toEqual(['down', 'down', { since: state.since }]);
  const { effects } = fold([...everywhere('up', 40), ...everywhere('up', 45)], policyOf(three), restored);
  expect([told(effects), outages(effects)]).toEqual([['up'], ['closed']]);
});
