import { describe, expect, test } from 'vitest';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { policyOf } from '../../../worker/domain/verdict/checkPolicy.ts';
import { adopt } from '../../../worker/domain/verdict/machine.ts';
import { allUp, begin, everywhere, fold, notified, outages, type Said, second, three, twice } from './verdictSaid.ts';

describe('votes', () => {
  const cutOff: Said[] = [
    ['weur', 'down', 20],
    ['apac', 'down', 21],
    ['weur', 'down', 24],
    ['apac', 'down', 25],
  ];

  test('of a distrusted region do not count, and neither does its stale data', () => {
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

  test('that lie apart are confirmed before they are added up', () => {
    const policy = policyOf(three, { confirmations: 1 });
    const { state, effects } = fold([...allUp, ['apac', 'down', 20], ['weur', 'down', 60]], policy);
    expect([state.verdict, state.suspicion !== null]).toEqual(['up', true]);
    expect(effects.at(-1)).toMatchObject({ type: 'ask', at: begin + 60 * second + 10 });
    expect(fold([['apac', 'down', 61]], policy, state).state.verdict).toBe('down');
    expect(fold([['apac', 'up', 61]], policyOf(three, { confirmations: 1 }), state).state.verdict).toBe('up');
  });
});

test('a region that fails later than the quorum adds what it sees, once, while the outage lasts', () => {
  const cutOff = [...twice('weur', 'down', 20), ...twice('apac', 'down', 20)].sort((a, b) => a[2] - b[2]);
  const joined = (said: readonly Said[]) =>
    fold([...allUp, ...said], policyOf(three)).effects.flatMap((effect) =>
      effect.type === 'joined' ? [[effect.evidence.region, effect.evidence.startedAt - begin]] : [],
    );
  expect(joined(cutOff)).toEqual([]);
  expect(joined([...cutOff, ...twice('enam', 'down', 30), ['enam', 'down', 40]])).toEqual([['enam', 34 * second]]);
  const ended = [...cutOff, ...twice('weur', 'up', 50), ...twice('apac', 'up', 51)].sort((a, b) => a[2] - b[2]);
  expect(joined([...ended, ...twice('enam', 'down', 70)])).toEqual([]);
});

describe('regions that are distrusted', () => {
  const trusting = policyOf(three);
  const distrusting = (...distrusted: Region[]) => policyOf(three, { distrusted });
  const cutOff: Said[] = [...twice('weur', 'down', 20), ...twice('apac', 'down', 21)];

  test('make the verdict unknown while none is trusted, until one is trusted again and sends data', () => {
    const { state } = fold(allUp, trusting);
    const [blind, effects] = adopt(state, distrusting(...three), begin + 30 * second);
    expect([blind.verdict, blind.since, notified(effects)]).toEqual(['unknown', begin + 30 * second, []]);
    expect(fold(everywhere('down', 40), distrusting(...three), blind).state.verdict).toBe('unknown');
    const [back, asks] = adopt(blind, distrusting('weur', 'apac'), begin + 60 * second);
    expect([back.verdict, asks]).toEqual(['unknown', [{ type: 'ask', regions: ['enam'], at: begin + 60 * second }]]);
    expect(fold([['enam', 'up', 61]], distrusting('weur', 'apac'), back).state.verdict).toBe('up');
  });

  test('all of them neither close an outage nor open a second one', () => {
    const down = fold([...allUp, ...everywhere('down', 20), ...everywhere('down', 25)], trusting).state;
    const [blind, effects] = adopt(down, distrusting(...three), begin + 30 * second);
    expect([blind.verdict, blind.outage, notified(effects), outages(effects)]).toEqual([
      'unknown',
      down.outage,
      [],
      [],
    ]);
    const [back] = adopt(blind, trusting, begin + 60 * second);
    const again = fold([...everywhere('down', 61), ...everywhere('down', 66)], trusting, back);
    expect([again.state.verdict, notified(again.effects), outages(again.effects)]).toEqual(['down', [], []]);
  });

  test.for<[name: string, after: Said[], verdict: string]>([
    ['outcomes in the meantime do not count', [], 'up'],
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
