import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../worker/domain/checks/outcome.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { policyOf } from '../../../worker/domain/verdict/checkPolicy.ts';
import type { Effect } from '../../../worker/domain/verdict/effect.ts';
import { adopt, observe } from '../../../worker/domain/verdict/machine.ts';
import { initialState, type MonitorState } from '../../../worker/domain/verdict/state.ts';
import { askAgainMs, askEveryMs, asksAtAStretch } from '../../../worker/domain/verdict/suspicion.ts';
import { outcomeOf } from '../../outcome.ts';
import { runs } from '../../properties.ts';

const three: Region[] = ['enam', 'weur', 'apac'];
const policy = policyOf(three);
const single = policyOf(['weur']);

type Said = [region: Region, health: Outcome['health'], startedAt: number];

const outcomeSaid = ([region, health, startedAt]: Said) =>
  outcomeOf(region, startedAt, health, health === 'down' ? { reason: 'status' } : {});

/** Folds the outcomes of regions, each received 10 ms after its start. */
const fold = (said: Said[], under = policy, from = initialState) => {
  let state = from;
  const effects: Effect[] = [];
  for (const one of said) {
    const [next, more] = observe(state, outcomeSaid(one), under, one[2] + 10);
    state = next;
    effects.push(...more);
  }
  return { state, effects };
};

const verdicts = (effects: Effect[]) => effects.filter((effect) => effect.type === 'verdict');
const asks = (effects: Effect[]) => effects.filter((effect) => effect.type === 'ask');

const allUp: Said[] = [
  ['enam', 'up', 1],
  ['weur', 'up', 2],
  ['apac', 'up', 3],
];
const rounds = (healths: Outcome['health'][], from: number): Said[] =>
  healths.flatMap((health, i) => three.map((region, r): Said => [region, health, from + i * 100 + r]));

describe('the verdict', () => {
  test.for<[name: string, said: Said[], verdict: string, since: number]>([
    ['is unknown before the first outcome', [], 'unknown', 0],
    ['stays unknown while one region of three passes', [['enam', 'up', 1]], 'unknown', 0],
    ['is up once no quorum for down is left, since the first pass', allUp.slice(0, 2), 'up', 1],
    ['stays unknown after one failure of each', rounds(['down'], 1), 'unknown', 0],
    ['is down after two failures of each, though it never was up', rounds(['down', 'down'], 1), 'down', 1],
    ['stays up after one failure of each', [...allUp, ...rounds(['down'], 100)], 'up', 1],
    ['is down after two failures of two regions', [...allUp, ...rounds(['down', 'down'], 100)], 'down', 100],
    ['is up again since the first pass', [...allUp, ...rounds(['down', 'down', 'up', 'up'], 100)], 'up', 300],
    ['stays down after one pass of each', [...allUp, ...rounds(['down', 'down', 'up'], 100)], 'down', 100],
    [
      'stays up where each region fails every other time',
      [...allUp, ...rounds(['down', 'up', 'down', 'up'], 100)],
      'up',
      1,
    ],
    ['stays up after two slow answers', [...allUp, ...rounds(['degraded', 'degraded'], 100)], 'up', 1],
    ['is degraded after three', [...allUp, ...rounds(['degraded', 'degraded', 'degraded'], 100)], 'degraded', 100],
    ['is up at first, where the first answers are slow', rounds(['degraded', 'degraded'], 1), 'up', 1],
    [
      'is up, then degraded, where answers are slow from the first',
      rounds(['degraded', 'degraded', 'degraded'], 1),
      'degraded',
      1,
    ],
    [
      'is up again after three quick answers',
      [...allUp, ...rounds(['degraded', 'degraded', 'degraded', 'up', 'up', 'up'], 100)],
      'up',
      400,
    ],
    [
      'is down from degraded after two failures',
      [...allUp, ...rounds(['degraded', 'degraded', 'degraded', 'down', 'down'], 100)],
      'down',
      400,
    ],
    [
      'is up after an outage that ends slowly',
      [...allUp, ...rounds(['down', 'down', 'degraded', 'degraded'], 100)],
      'up',
      300,
    ],
    ['is unchanged by outcomes without a vote', [...allUp, ...rounds(['unknown', 'unknown', 'unknown'], 100)], 'up', 1],
  ])('%s', ([, said, verdict, since]) => {
    const { state } = fold(said);
    expect([state.verdict, state.since]).toEqual([verdict, since]);
  });

  test.for<[name: string, said: Said[], verdict: string, since: number]>([
    ['is up after one pass', [['weur', 'up', 1]], 'up', 1],
    [
      'stays up after one failure',
      [
        ['weur', 'up', 1],
        ['weur', 'down', 2],
      ],
      'up',
      1,
    ],
    [
      'is down after two',
      [
        ['weur', 'up', 1],
        ['weur', 'down', 2],
        ['weur', 'down', 3],
      ],
      'down',
      2,
    ],
    [
      'stays down after one pass',
      [
        ['weur', 'down', 2],
        ['weur', 'down', 3],
        ['weur', 'up', 4],
      ],
      'down',
      2,
    ],
    [
      'is up again after two',
      [
        ['weur', 'down', 2],
        ['weur', 'down', 3],
        ['weur', 'up', 4],
        ['weur', 'up', 5],
      ],
      'up',
      4,
    ],
  ])('of a single region %s', ([, said, verdict, since]) => {
    const { state } = fold(said, single);
    expect([state.verdict, state.since]).toEqual([verdict, since]);
  });
});

describe('when an outage counts from', () => {
  const alone: Said[] = Array.from({ length: 50 }, (_, i) => ['enam', 'down', 100 + i * 30]);
  const others = (from: number, to: number): Said[] => [
    ['weur', 'up', from],
    ['apac', 'up', to],
  ];

  test('a region that failed alone long before does not lengthen it', () => {
    const { state } = fold([
      ...allUp,
      ...alone,
      ...others(1_600, 1_601),
      ['weur', 'down', 1_610],
      ['weur', 'down', 1_620],
    ]);
    expect([state.verdict, state.since]).toEqual(['down', 1_610]);
  });

  test('a region that passed alone long before does not shorten it', () => {
    const down = rounds(['down', 'down'], 100);
    const passed: Said[] = [
      ['apac', 'up', 300],
      ['apac', 'up', 310],
      ['enam', 'down', 400],
      ['weur', 'down', 401],
    ];
    const { state } = fold([...allUp, ...down, ...passed, ['weur', 'up', 500], ['weur', 'up', 510]]);
    expect([state.verdict, state.since]).toEqual(['up', 500]);
  });

  test('the region that hangs counts, though its outcome arrives last', () => {
    const { state } = fold([
      ...allUp,
      ['weur', 'down', 105],
      ['apac', 'down', 106],
      ['weur', 'down', 205],
      ['enam', 'down', 100],
      ['enam', 'down', 200],
    ]);
    expect([state.verdict, state.since]).toEqual(['down', 100]);
  });

  test('evidence is what the regions said that agree, oldest first', () => {
    const { effects } = fold([...allUp, ...rounds(['down', 'down'], 100)]);
    const [, down] = verdicts(effects);
    expect(down?.evidence.map((o) => [o.region, o.health, o.startedAt])).toEqual([
      ['enam', 'down', 200],
      ['weur', 'down', 201],
    ]);
  });
});

describe('suspicion', () => {
  test('asks the others at once and the same region again a little later', () => {
    const { state, effects } = fold([['enam', 'down', 100]], policy, fold(allUp).state);
    expect(state.suspicion?.since).toBe(110);
    expect(asks(effects)).toEqual([
      { type: 'ask', regions: ['weur', 'apac'], at: 110 },
      { type: 'ask', regions: ['enam'], at: 110 + askAgainMs },
    ]);
  });

  test('asks only the region itself where it is the only one', () => {
    const { effects } = fold([['weur', 'down', 100]], single, fold([['weur', 'up', 1]], single).state);
    expect(asks(effects)).toEqual([{ type: 'ask', regions: ['weur'], at: 110 + askAgainMs }]);
  });

  test.for<[name: string, said: Said[]]>([
    ['the region passes again', [['enam', 'up', 200]]],
    [
      'the region is confirmed and the others pass',
      [
        ['weur', 'up', 150],
        ['apac', 'up', 151],
        ['enam', 'down', 200],
      ],
    ],
    [
      'all regions are confirmed',
      [
        ['weur', 'down', 150],
        ['apac', 'down', 151],
        ['enam', 'down', 200],
        ['weur', 'down', 250],
        ['apac', 'down', 251],
      ],
    ],
  ])('ends when %s', ([, said]) => {
    const suspect = fold([...allUp, ['enam', 'down', 100]]);
    expect(suspect.state.suspicion).not.toBeNull();
    expect(fold(said, policy, suspect.state).state.suspicion).toBeNull();
  });

  // With one failure each: enam fails alone, then weur long after it.
  const apart: Said[] = [...allUp, ['enam', 'down', 100], ['apac', 'up', 5_000], ['weur', 'down', 20_000]];

  test.for<[name: string, said: Said[], isSuspect: boolean, verdict: string]>([
    ['a quorum fails, but not at the same time', [], true, 'up'],
    ['the other region fails on', [['weur', 'down', 20_500]], true, 'up'],
    ['the third region passes', [['apac', 'up', 20_500]], true, 'up'],
    ['the failure that was too old is seen again', [['enam', 'down', 20_500]], false, 'down'],
    ['an old failure passes by now', [['enam', 'up', 20_500]], false, 'up'],
    ['the newer failure is over', [['weur', 'up', 20_500]], false, 'up'],
    ['the third region fails with the newer one', [['apac', 'down', 20_500]], false, 'down'],
  ])('goes on or ends when %s', ([, said, isSuspect, verdict]) => {
    const once = policyOf(three, { confirmations: 1, recoveryConfirmations: 1 });
    const { state, effects } = fold([...apart, ...said], once);
    expect([state.suspicion !== null, state.verdict]).toEqual([isSuspect, verdict]);
    // Once: it is asked again when it has answered, not with every outcome.
    const again = asks(effects).filter((ask) => ask.at >= 20_000 && ask.regions.includes('enam'));
    expect(again.map((ask) => ask.at)).toEqual([20_010]);
  });

  test('ends when the region to be confirmed has sent no data for two of the longest intervals', () => {
    const { state } = fold([...allUp, ['enam', 'down', 100]]);
    const heard = (at: number) => observe(state, outcomeSaid(['weur', 'up', at]), policy, at)[0].suspicion;
    expect(heard(3_600_000)).not.toBeNull();
    expect(heard(7_200_200)).toBeNull();
  });

  test('a region that is known to fail alone is not asked about again', () => {
    const { state } = fold([...allUp, ['enam', 'down', 100], ['enam', 'down', 200]]);
    const { effects } = fold(
      [
        ['enam', 'down', 300],
        ['enam', 'down', 400],
      ],
      policy,
      state,
    );
    expect(effects).toEqual([]);
  });

  test('recovery asks as an outage does', () => {
    const { state } = fold([...allUp, ...rounds(['down', 'down'], 100)]);
    const { effects } = fold([['weur', 'up', 1_000]], policy, state);
    expect(asks(effects)).toEqual([
      { type: 'ask', regions: ['enam', 'apac'], at: 1_010 },
      { type: 'ask', regions: ['weur'], at: 1_010 + askAgainMs },
    ]);
  });

  test('slowness is confirmed by the regular checks alone', () => {
    const { state, effects } = fold([['enam', 'degraded', 100]], policy, fold(allUp).state);
    expect([state.suspicion, effects]).toEqual([null, []]);
  });
});

describe('a changed policy', () => {
  test('lets the regions that are left decide, from now on', () => {
    const { state } = fold([...allUp, ['enam', 'down', 100], ['enam', 'down', 200]]);
    const [next, effects] = adopt(state, policyOf(['enam']), 9_000);
    expect([next.verdict, next.since, Object.keys(next.regions)]).toEqual(['down', 9_000, ['enam']]);
    expect(verdicts(effects)).toHaveLength(1);
  });

  test('keeps the verdict while nobody who may vote has said anything', () => {
    const [next, effects] = adopt(fold(allUp).state, policyOf(['oc']), 9_000);
    expect([next.verdict, next.since, effects]).toEqual(['up', 1, []]);
  });

  test('ignores what regions say that may not vote', () => {
    const { state } = fold(
      [
        ['oc', 'down', 500],
        ['oc', 'down', 600],
      ],
      policy,
      fold(allUp).state,
    );
    expect(state).toEqual(fold(allUp).state);
  });
});

describe('with any outcomes of the regions,', () => {
  const health = fc.constantFrom<Outcome['health']>('up', 'degraded', 'down', 'unknown');
  const said = (regions: Region[]) =>
    fc
      .array(fc.tuple(fc.constantFrom(...regions), health, fc.integer({ min: 1, max: 20 })), { maxLength: 60 })
      .map((steps) => {
        let at = 0;
        return steps.map(([region, says, gap]): Said => {
          at += gap;
          return [region, says, at];
        });
      });

  test('one region of three never makes down, however long it fails', () => {
    fc.assert(
      fc.property(said(['enam']), fc.constantFrom<Outcome['health']>('up', 'degraded'), (failing, passes) => {
        const { effects } = fold([
          ...allUp.map(([r, , at]): Said => [r, passes, at]),
          ...failing.map(([r, h, at]): Said => [r, h, at + 3]),
        ]);
        expect(verdicts(effects).map((effect) => effect.to)).not.toContain('down');
      }),
    );
  });

  test('a target that fails everywhere is down since its first failing check, in any order of arrival', () => {
    const failures = fc.shuffledSubarray(
      three.flatMap((r) => [r, r, r]),
      { minLength: 9 },
    );
    fc.assert(
      fc.property(failures, (order) => {
        const down = order.map((region, i): Said => [region, 'down', 100 + i]);
        const { state } = fold([...allUp, ...down]);
        expect([state.verdict, state.since]).toEqual(['down', 100]);
        const { state: again } = fold(
          down.map(([r, , at]): Said => [r, 'up', at + 100]),
          policy,
          state,
        );
        expect([again.verdict, again.since]).toEqual(['up', 200]);
      }),
    );
  });

  test('verdicts change from what they were, and never count from before the one they end', () => {
    fc.assert(
      fc.property(said(three), (steps) => {
        let verdict = 'unknown';
        let since = 0;
        for (const effect of verdicts(fold(steps).effects)) {
          expect(effect.from).toBe(verdict);
          expect(effect.to).not.toBe(verdict);
          expect(effect.since).toBeGreaterThanOrEqual(since);
          expect(effect.since).toBeLessThanOrEqual(effect.at);
          expect(effect.evidence.length).toBeGreaterThan(0);
          ({ to: verdict, since } = effect);
        }
      }),
    );
  });

  test('down rests on a quorum of regions that failed twice in a row, and degraded on three slow answers', () => {
    fc.assert(
      fc.property(said(three), (steps) => {
        let state: MonitorState = initialState;
        const heard = new Map<Region, Outcome['health'][]>();
        for (const step of steps) {
          [state] = observe(state, outcomeSaid(step), policy, step[2]);
          if (step[1] !== 'unknown') heard.set(step[0], [...(heard.get(step[0]) ?? []), step[1]]);
          for (const [region, { health: counts }] of Object.entries(state.regions)) {
            const list = (heard.get(region as Region) ?? []).join(' ');
            if (counts === 'down') expect(list).toContain('down down');
            if (counts === 'degraded') expect(list).toContain('degraded degraded degraded');
          }
          // A pass since then takes its vote back, though it does not count as passing yet.
          const failing = Object.values(state.regions).filter((r) => r.health === 'down' && r.leaning === 'down');
          if (failing.length >= 2) expect(state.verdict).toBe('down');
        }
      }),
    );
  });

  test('outcomes that were received before, or are older than those, change nothing', () => {
    fc.assert(
      fc.property(said(three), fc.nat(), (steps, pick) => {
        fc.pre(steps.length > 0);
        const { state } = fold(steps);
        const old = steps[pick % steps.length];
        expect(observe(state, outcomeSaid(old as Said), policy, 99_999)).toEqual([state, []]);
      }),
    );
  });

  test('outcomes that say nothing could as well not have been', () => {
    fc.assert(
      fc.property(said(three), (steps) => {
        expect(fold(steps)).toEqual(fold(steps.filter(([, says]) => says !== 'unknown')));
      }),
    );
  });

  test('a suspicion lasts while a region is unsettled, and is over when every region that spoke passes', () => {
    fc.assert(
      fc.property(said(three), (steps) => {
        let state: MonitorState = initialState;
        for (const step of steps) {
          [state] = observe(state, outcomeSaid(step), policy, step[2]);
          const spoken = Object.values(state.regions);
          const open = spoken.some((r) => r.contradictions > 0 && (r.health === 'down') !== (r.leaning === 'down'));
          if (open) expect(state.suspicion).not.toBeNull();
          // In between, failures that are too old to count beside newer ones are confirmed again.
          else if (spoken.every((r) => r.health !== 'down')) expect(state.suspicion).toBeNull();
        }
      }),
      { numRuns: runs(1_000) },
    );
  });

  test('no region is asked on demand more than ten times in a minute, nor three times a minute for long', () => {
    const step = fc.tuple(
      fc.constantFrom(...three),
      fc.constantFrom<Outcome['health']>('up', 'down'),
      fc.integer({ min: 1, max: 3_000 }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 400, maxLength: 400 }), (steps) => {
        let at = 0;
        const flapping = steps.map(([region, says, gap]): Said => {
          at += gap;
          return [region, says, at];
        });
        const { effects } = fold(flapping);
        for (const region of three) {
          const times = asks(effects)
            .filter((effect) => effect.regions.includes(region))
            .map((effect) => effect.at)
            .sort((a, b) => a - b);
          const inMinute = times.map((from) => times.filter((t) => t >= from && t < from + 60_000).length);
          expect(Math.max(0, ...inMinute)).toBeLessThanOrEqual(10);
          expect(times.length).toBeLessThanOrEqual(asksAtAStretch + at / askEveryMs + 1);
        }
      }),
      { numRuns: runs(30) },
    );
  });
});
