import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deliveryKey } from '../../../worker/domain/escalation/delivery.ts';
import {
  choosableEvents,
  defaultEscalation,
  type EscalationPolicy,
  type Target,
} from '../../../worker/domain/escalation/escalationPolicy.ts';
import { isClosing, isOutage, isProblem, problems } from '../../../worker/domain/escalation/events.ts';
import {
  acknowledge,
  begin,
  type Effect,
  type EscalationState,
  initialEscalation,
  recover,
  reopen,
  replacePolicy,
  resolve,
  restoreEscalation,
  tick,
  wakeAt,
} from '../../../worker/domain/escalation/machine.ts';

const minute = 60_000;
const start = 1_000 * minute;

const channel = (id: string): Target => ({ type: 'channel', id });

const policyOf = (given: Partial<EscalationPolicy> = {}): EscalationPolicy => ({
  ...defaultEscalation,
  steps: [
    { afterSeconds: 0, targets: [channel('mail')] },
    { afterSeconds: 300, targets: [{ type: 'person', id: 'ana' }] },
    { afterSeconds: 600, targets: [{ type: 'onCall', id: 'ops' }, channel('mail')] },
  ],
  ...given,
});

const folds = { acknowledge, recover, resolve, reopen, tick };
type Move = keyof typeof folds | (typeof problems)[number];

const apply = (state: EscalationState, move: Move, policy: EscalationPolicy, at: number) =>
  (problems as readonly string[]).includes(move)
    ? begin(state, move as (typeof problems)[number], policy, at)
    : folds[move as keyof typeof folds](state, policy, at);

/** Runs with an alarm that is always on time: in between, time is folded whenever it is due. */
const play = (moves: [move: Move, atMinutes: number][], policy: EscalationPolicy) => {
  let state = initialEscalation;
  const effects: Effect[] = [];
  const fold = (move: Move, at: number) => {
    const [next, more] = apply(state, move, policy, at);
    state = next;
    effects.push(...more);
  };
  for (const [move, minutes] of moves) {
    const at = start + minutes * minute;
    for (let due = wakeAt(state, policy); due !== null && due < at; due = wakeAt(state, policy)) fold('tick', due);
    fold(move, at);
  }
  return { state, effects };
};

const shown = (effects: Effect[]) =>
  effects.map(({ event, round, step, targets, at }) => {
    const to = typeof targets === 'string' ? targets : targets.map(({ id }) => id).join('+');
    return `${(at - start) / minute}: ${event} ${round}.${step} to ${to}`;
  });

describe('an escalation', () => {
  test.for<[name: string, given: Partial<EscalationPolicy>, moves: [Move, number][], notified: string[]]>([
    [
      'goes from step to step until its steps are over',
      {},
      [
        ['down', 0],
        ['tick', 600],
      ],
      ['0: down 0.0 to mail', '5: down 0.1 to ana', '10: down 0.2 to ops+mail'],
    ],
    [
      'notifies the recipients of the alert of its recovery, and then nobody',
      {},
      [
        ['down', 0],
        ['recover', 6],
        ['tick', 600],
      ],
      ['0: down 0.0 to mail', '5: down 0.1 to ana', '6: recovered 0.1 to notified'],
    ],
    [
      'ends when somebody resolves it',
      {},
      [
        ['down', 0],
        ['resolve', 1],
        ['recover', 2],
        ['tick', 600],
      ],
      ['0: down 0.0 to mail', '1: resolved 0.1 to notified'],
    ],
    [
      'stops at an acknowledgement, which is notified once, and notifies of the recovery',
      {},
      [
        ['down', 0],
        ['acknowledge', 1],
        ['acknowledge', 2],
        ['tick', 600],
        ['recover', 700],
      ],
      ['0: down 0.0 to mail', '1: acknowledged 0.1 to notified', '700: recovered 0.2 to notified'],
    ],
    [
      'keeps an acknowledgement to itself where the policy says so',
      { notifyOnAcknowledgement: false },
      [
        ['down', 0],
        ['acknowledge', 1],
      ],
      ['0: down 0.0 to mail'],
    ],
    [
      'begins from the first step again once it is reopened',
      {},
      [
        ['down', 0],
        ['acknowledge', 1],
        ['reopen', 20],
        ['tick', 26],
        ['acknowledge', 27],
      ],
      [
        '0: down 0.0 to mail',
        '1: acknowledged 0.1 to notified',
        '20: down 1.0 to mail',
        '25: down 1.1 to ana',
        '27: acknowledged 1.2 to notified',
      ],
    ],
    [
      'repeats as often as the policy says, with a pause',
      { repeat: 2, pauseSeconds: 120, steps: [{ afterSeconds: 60, targets: [channel('mail')] }] },
      [
        ['down', 0],
        ['tick', 600],
      ],
      ['1: down 0.0 to mail', '4: down 1.0 to mail', '7: down 2.0 to mail'],
    ],
    [
      'reminds those who were notified while it is down, until somebody acknowledges',
      { remindEveryMinutes: 30, steps: [{ afterSeconds: 120, targets: [channel('mail')] }] },
      [
        ['down', 0],
        ['tick', 70],
        ['acknowledge', 80],
        ['tick', 600],
      ],
      [
        '2: down 0.0 to mail',
        '32: reminder 0.1 to notified',
        '62: reminder 0.2 to notified',
        '80: acknowledged 0.3 to notified',
      ],
    ],
    [
      'notifies nobody when it recovers before the first step',
      { steps: [{ afterSeconds: 120, targets: [channel('mail')] }] },
      [
        ['down', 0],
        ['recover', 1],
        ['tick', 600],
      ],
      [],
    ],
    [
      'does not notify of events that the policy does not choose',
      { events: ['degraded'] },
      [
        ['down', 0],
        ['tick', 600],
        ['recover', 700],
      ],
      [],
    ],
    [
      'notifies nobody without steps',
      { steps: [] },
      [
        ['down', 0],
        ['tick', 600],
        ['recover', 700],
      ],
      [],
    ],
    [
      'notifies only stateful channels of a recovery that the policy does not choose',
      { events: ['down'] },
      [
        ['down', 0],
        ['recover', 1],
      ],
      ['0: down 0.0 to mail', '1: recovered 0.1 to stateful'],
    ],
    [
      'notifies of an advisory that replaces another, and of one end',
      { events: [...choosableEvents] },
      [
        ['degraded', 0],
        ['regional', 10],
        ['degraded', 20],
        ['recover', 30],
      ],
      [
        '0: degraded 0.0 to mail',
        '10: regional 1.0 to mail',
        '20: degraded 2.0 to mail',
        '30: recovered 2.1 to notified',
      ],
    ],
    [
      'notifies of flapping that replaces an advisory',
      { events: [...choosableEvents] },
      [
        ['regional', 0],
        ['flapping', 10],
        ['recover', 20],
      ],
      [
        '0: regional 0.0 to mail',
        '10: recovered 0.1 to stateful',
        '10: flapping 1.0 to mail',
        '20: recovered 1.2 to notified',
      ],
    ],
    [
      'notifies recipients of an advisory when an outage ends that the policy does not choose',
      { events: ['degraded', 'recovered'] },
      [
        ['degraded', 0],
        ['down', 10],
        ['recover', 20],
      ],
      ['0: degraded 0.0 to mail', '10: recovered 0.1 to stateful', '20: recovered 1.2 to notified'],
    ],
    [
      'starts again when the monitor goes down again',
      {},
      [
        ['down', 0],
        ['recover', 1],
        ['down', 2],
        ['recover', 3],
      ],
      ['0: down 0.0 to mail', '1: recovered 0.1 to notified', '2: down 1.0 to mail', '3: recovered 1.2 to notified'],
    ],
    [
      'notifies only the first step of advisories, without reminders',
      { remindEveryMinutes: 10, repeat: 3 },
      [
        ['expiring', 0],
        ['tick', 600],
        ['recover', 700],
      ],
      ['0: expiring 0.0 to mail', '700: recovered 0.1 to notified'],
    ],
    [
      'goes through its steps when an advisory becomes an outage, acknowledged or not',
      { events: [...choosableEvents] },
      [
        ['degraded', 0],
        ['acknowledge', 1],
        ['down', 2],
        ['tick', 9],
        ['degraded', 10],
        ['recover', 11],
      ],
      [
        '0: degraded 0.0 to mail',
        '1: acknowledged 0.1 to notified',
        '2: recovered 0.2 to stateful',
        '2: down 1.0 to mail',
        '7: down 1.1 to ana',
        '11: recovered 1.3 to notified',
      ],
    ],
    [
      'says once that it flaps and once that it is stable and down, and stands still in between',
      {},
      [
        ['down', 0],
        ['flapping', 3],
        ['flapping', 4],
        ['down', 30],
        ['tick', 600],
      ],
      [
        '0: down 0.0 to mail',
        '3: flapping 0.1 to notified',
        '30: stable 0.2 to notified',
        '32: down 0.1 to ana',
        '37: down 0.2 to ops+mail',
      ],
    ],
    [
      'says once that it flaps and once that it is stable and up',
      { events: ['down', 'flapping'] },
      [
        ['down', 0],
        ['flapping', 3],
        ['recover', 30],
        ['tick', 600],
      ],
      ['0: down 0.0 to mail', '3: flapping 0.1 to notified', '30: recovered 0.2 to notified'],
    ],
    [
      'notifies the first step when it flaps from the start, and continues when that ends in an outage',
      {},
      [
        ['flapping', 0],
        ['tick', 50],
        ['down', 60],
        ['tick', 66],
      ],
      ['0: flapping 0.0 to mail', '60: stable 0.1 to notified', '65: down 0.1 to ana'],
    ],
    [
      'says nothing of flapping where that was not chosen, but what remains of it',
      { events: ['down', 'recovered'] },
      [
        ['flapping', 0],
        ['tick', 50],
        ['down', 60],
        ['flapping', 61],
        ['recover', 70],
      ],
      ['60: down 0.0 to mail', '70: recovered 0.1 to notified'],
    ],
    [
      'keeps flapping after an acknowledgement, and notifies only earlier recipients',
      {},
      [
        ['down', 0],
        ['acknowledge', 1],
        ['flapping', 3],
        ['down', 30],
        ['tick', 600],
      ],
      [
        '0: down 0.0 to mail',
        '1: acknowledged 0.1 to notified',
        '3: flapping 0.2 to notified',
        '30: stable 0.3 to notified',
      ],
    ],
  ])('%s', ([, given, moves, notified]) => {
    expect(shown(play(moves, policyOf(given)).effects)).toEqual(notified);
  });

  test('takes each missed step once after a sleep, starts the next round after a pause, and reminds once', () => {
    const policy = policyOf({ repeat: 5, pauseSeconds: 600, remindEveryMinutes: 5 });
    const [state] = begin(initialEscalation, 'down', policy, start);
    const now = start + 600 * minute;
    const [late, effects] = tick(state, policy, now);
    expect(shown(effects)).toEqual([
      '600: down 0.1 to ana',
      '600: down 0.2 to ops+mail',
      '600: reminder 1.1 to notified',
    ]);
    expect(wakeAt(late, policy)).toBe(now + 5 * minute);
    expect(tick(late, policy, now)).toEqual([late, []]);
  });

  test('notifies a target once when steps coincide', () => {
    const steps = [
      { afterSeconds: 0, targets: [channel('mail')] },
      { afterSeconds: 0, targets: [channel('mail'), channel('chat')] },
    ];
    expect(shown(begin(initialEscalation, 'down', policyOf({ steps }), start)[1])).toEqual([
      '0: down 0.0 to mail',
      '0: down 0.1 to chat',
    ]);
  });

  test('does not open again by what comes again, also where it ended in the same millisecond', () => {
    const [open] = begin(initialEscalation, 'down', policyOf(), start);
    const [over] = recover(open, policyOf(), start);
    expect(begin(over, 'down', policyOf(), start)).toEqual([over, []]);
    expect(reopen(over, policyOf(), start)).toEqual([over, []]);
  });

  test('goes on by the policy as it is by then', () => {
    const [state] = begin(initialEscalation, 'down', policyOf(), start);
    const steps = [...policyOf().steps.slice(0, 1), { afterSeconds: 60, targets: [channel('chat')] }];
    expect(wakeAt(state, policyOf({ steps }))).toBe(start + minute);
    expect(wakeAt(state, policyOf({ steps: steps.slice(0, 1) }))).toBeNull();
  });

  describe('taken over by another policy', () => {
    const before = policyOf({ repeat: 1 });
    const after = policyOf({
      repeat: 1,
      steps: [
        { afterSeconds: 0, targets: [channel('chat'), channel('mail')] },
        { afterSeconds: 300, targets: [channel('boss')] },
      ],
    });
    const taken = (state: EscalationState, minutes: number) => replacePolicy(state, after, start + minutes * minute);

    test('notifies new recipients from its first step, but nobody twice; its next round notifies all', () => {
      const { state } = play([['down', 0]], before);
      const [next, effects] = taken(state, 4);
      expect(shown(effects)).toEqual(['4: down 1.0 to chat+mail']);
      expect(effects.map(({ sparing }) => sparing)).toEqual([true]);
      const [stepped, second] = tick(next, after, start + 9 * minute);
      expect(second.map(({ sparing, round, step }) => [sparing, round, step])).toEqual([[true, 1, 1]]);
      const [, again] = tick(stepped, after, start + 14 * minute);
      expect(again.map(({ sparing, round, step }) => [sparing, round, step])).toEqual([[undefined, 2, 0]]);
    });

    test('notifies nobody once it is acknowledged or over', () => {
      for (const move of ['acknowledge', 'recover'] as const) {
        const { state } = play(
          [
            ['down', 0],
            [move, 1],
          ],
          before,
        );
        expect(taken(state, 4)).toEqual([state, []]);
      }
    });

    test('stands still while it flaps', () => {
      const { state } = play(
        [
          ['down', 0],
          ['flapping', 1],
        ],
        before,
      );
      const [next, effects] = taken(state, 4);
      expect(effects).toEqual([]);
      expect(shown(begin(next, 'down', after, start + 10 * minute)[1])).toEqual([
        '10: stable 1.2 to notified',
        '10: down 1.0 to chat+mail',
      ]);
    });
  });

  test('loads what was stored, also with fields that came later', () => {
    const [state] = begin(initialEscalation, 'down', policyOf(), start);
    expect(restoreEscalation(JSON.parse(JSON.stringify(state)))).toEqual(state);
    expect(restoreEscalation({ status: 'open', problem: 'down', roundAt: 5 })).toMatchObject({ round: 0, followUp: 1 });
    expect(() => restoreEscalation({ status: 'asleep' })).toThrow();
  });
});

describe('an escalation, in any order of events,', () => {
  const moves: fc.Arbitrary<Move> = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Move>('down', 'recover', 'tick') },
    { weight: 2, arbitrary: fc.constantFrom<Move>('flapping', 'acknowledge', 'reopen', 'resolve') },
    { weight: 1, arbitrary: fc.constantFrom<Move>(...problems) },
  );
  const targets = fc.uniqueArray(
    fc.record({ type: fc.constantFrom('channel', 'person'), id: fc.constantFrom('a', 'b', 'c') }),
    { minLength: 1, maxLength: 3, selector: ({ type, id }) => `${type} ${id}` },
  ) as fc.Arbitrary<Target[]>;
  const policies: fc.Arbitrary<EscalationPolicy> = fc.record({
    steps: fc
      .array(fc.record({ afterSeconds: fc.nat(1_200), targets }), { maxLength: 4 })
      .map((steps) => steps.sort((a, b) => a.afterSeconds - b.afterSeconds)),
    repeat: fc.nat(3),
    pauseSeconds: fc.integer({ min: 60, max: 600 }),
    remindEveryMinutes: fc.option(fc.integer({ min: 1, max: 60 })),
    events: fc.subarray([...choosableEvents], { minLength: 1 }),
    notifyOnAcknowledgement: fc.boolean(),
  });
  /** Moves with the ms that pass before each; every so often nobody wakes up in between. */
  const scripts = fc.record({
    policy: policies,
    moves: fc.array(fc.tuple(moves, fc.nat(40 * minute), fc.boolean()), { maxLength: 30 }),
  });

  interface Script {
    policy: EscalationPolicy;
    moves: [Move, number, boolean][];
  }
  interface Folding {
    move: Move;
    at: number;
    before: EscalationState;
    after: EscalationState;
    effects: Effect[];
  }
  const run = ({ policy, moves }: Script): Folding[] => {
    const foldings: Folding[] = [];
    let state = initialEscalation;
    let now = start;
    const fold = (move: Move, at: number) => {
      const before = state;
      const [after, effects] = apply(state, move, policy, at);
      foldings.push({ move, at, before, after, effects });
      state = after;
    };
    for (const [move, passMs, sleeps] of moves) {
      now += passMs;
      if (!sleeps)
        for (let due = wakeAt(state, policy); due !== null && due < now; due = wakeAt(state, policy)) fold('tick', due);
      fold(move, now);
    }
    return foldings;
  };
  const effectsOf = (script: Script) => run(script).flatMap(({ effects }) => effects);

  test('never names two deliveries alike', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const keys = effectsOf(script).flatMap((effect) =>
          (typeof effect.targets === 'string' ? [channel('x')] : effect.targets).map(({ type, id }) =>
            deliveryKey({ ...effect, incidentId: 'inc', channelId: `${type} ${id}` }),
          ),
        );
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  test('changes nothing where the same is folded twice', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        for (const { move, at, after } of run(script))
          expect(apply(after, move, script.policy, at)).toEqual([after, []]);
      }),
    );
  });

  test('changes nothing where what was folded comes again late', () => {
    fc.assert(
      fc.property(scripts, fc.nat(), (script, pick) => {
        const foldings = run(script).filter(({ move }) => move !== 'tick');
        const late = foldings[pick % Math.max(1, foldings.length)];
        const last = foldings.at(-1);
        if (!late || !last || late.at >= last.after.changedAt) return;
        expect(apply(last.after, late.move, script.policy, late.at)).toEqual([last.after, []]);
      }),
    );
  });

  test('follows up only on what it notified, and ends a dedup key once', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        let open = false;
        let isAdvisory = false;
        for (const { event, about, targets } of effectsOf(script)) {
          if (!isProblem(event)) expect(open).toBe(true);
          // To those who keep incidents the end of an advisory is also that an outage takes its place.
          if (targets === 'stateful' && isAdvisory && !isOutage(about)) continue;
          if (isProblem(event)) {
            open = true;
            isAdvisory = !isOutage(event);
          } else if (isClosing(event)) open = false;
        }
      }),
    );
  });

  test('reports the end of flapping before it reports flapping again', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        let flapping = false;
        for (const { effects, move } of run(script))
          for (const { event } of effects) {
            if (event === 'flapping') expect(flapping && move !== 'reopen').toBe(false);
            if (event === 'stable') expect(flapping).toBe(true);
            flapping = event === 'flapping' || (flapping && event !== 'stable' && !isClosing(event));
          }
      }),
    );
  });

  test('takes no step and reminds of nothing after an acknowledgement, until it opens again', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        for (const { before, after, effects } of run(script))
          if (before.status === 'acknowledged' && after.status !== 'open')
            expect(effects.filter(({ targets, event }) => typeof targets !== 'string' || event === 'reminder')).toEqual(
              [],
            );
      }),
    );
  });

  test('wakes up only in the future, and never notifies a target twice at one time', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        for (const { at, after, effects } of run(script)) {
          const [awake] = tick(after, script.policy, at);
          expect(wakeAt(awake, script.policy) ?? Infinity).toBeGreaterThan(at);
          const notified = effects.flatMap(({ targets }) => (typeof targets === 'string' ? [] : targets));
          expect(new Set(notified.map(({ type, id }) => `${type} ${id}`)).size).toBe(notified.length);
          expect(effects.filter(({ event }) => event === 'reminder').length).toBeLessThan(2);
        }
      }),
    );
  });
});
