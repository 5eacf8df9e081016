import { expect, test } from 'vitest';
import { regions } from '../../../worker/domain/checks/region.ts';
import { type CheckPolicy, policyOf } from '../../../worker/domain/verdict/checkPolicy.ts';
import { explain, noteLastSeen, tick } from '../../../worker/domain/verdict/machine.ts';
import { sentenceOf } from '../../../worker/domain/verdict/sentence.ts';
import { initialState, type MonitorState } from '../../../worker/domain/verdict/state.ts';
import type { Quorum } from '../../../worker/domain/verdict/votesNeeded.ts';
import { begin, fold, type Said, second } from './verdictSaid.ts';

/** The stale, failing and passing regions of `count`. */
interface World {
  count: number;
  quorum: Quorum;
  stale: number;
  failing: number;
  distrusted?: number;
}

/** All pass; then the last ones become stale, are waited for, and the first ones fail. */
const play = ({ count, quorum, stale, failing, distrusted = 0 }: World): [MonitorState, CheckPolicy, number] => {
  const own = regions.slice(0, count);
  const policy = policyOf(own, { quorum, distrusted: distrusted > 0 ? own.slice(-distrusted) : [] });
  const up = own.map((region, i): Said => [region, 'up', i / 10]);
  const speaking = own.slice(0, count - stale);
  const lastSeenAt = begin + 200 * second;
  const [quieter] = noteLastSeen(
    fold(up, policy).state,
    Object.fromEntries(speaking.map((region) => [region, lastSeenAt])),
    policy,
    lastSeenAt,
  );
  // The stale regions were asked, and had their time to answer.
  const [waited] = tick(quieter, policy, lastSeenAt + 30 * second);
  const say = (at: number) => speaking.map((region, i): Said => [region, i < failing ? 'down' : 'up', at + i / 10]);
  const { state } = fold([...say(240), ...say(244)], policy, waited);
  // They are asked again when some begin to fail, and so are these when nothing came.
  const [asked] = tick(state, policy, begin + 265 * second);
  return [fold(say(266), policy, asked).state, policy, begin + 270 * second];
};

const quorumsOf = (count: number): Quorum[] => [
  'any',
  'majority',
  'all',
  ...Array.from({ length: count }, (_, i) => i + 1),
];

/** As the README says it, by itself: what all would need, or all that are left, but never below a majority of all. */
const failingNeeded = ({ count, quorum, stale }: World): number => {
  const majority = Math.floor(count / 2) + 1;
  const atFullSize = quorum === 'any' ? 1 : quorum === 'majority' ? majority : quorum === 'all' ? count : quorum;
  return Math.min(atFullSize, Math.max(count - stale, majority));
};

const worlds: World[] = Array.from({ length: 8 }, (_, i) => i + 1).flatMap((count) =>
  quorumsOf(count).flatMap((quorum) =>
    Array.from({ length: count }, (_, stale) => stale).flatMap((stale) =>
      Array.from({ length: count - stale }, (_, i) => ({ count, quorum, stale, failing: i + 1 })),
    ),
  ),
);

test('a quorum shrinks with stale regions, and never below a majority of all chosen regions', () => {
  const wrong = worlds.flatMap((world) => {
    const { verdict } = play(world)[0];
    const isEnough = world.failing >= failingNeeded(world);
    const isAllThatSpeaks = world.failing === world.count - world.stale;
    const expected = isEnough ? 'down' : isAllThatSpeaks ? 'unknown' : 'up';
    return verdict === expected ? [] : [{ ...world, verdict, expected }];
  });
  expect(worlds.length).toBeGreaterThan(1_000);
  expect(wrong).toEqual([]);
});

test('a down verdict never rests on fewer than a majority, unless the policy demands fewer', () => {
  for (const world of worlds) {
    const [{ verdict }, { quorum }] = play(world);
    const majority = Math.floor(world.count / 2) + 1;
    if (verdict === 'down' && world.failing < majority) expect(['any', ...regions.keys()]).toContain(quorum);
  }
});

test.each([
  [{ count: 4, quorum: 'all', stale: 2, failing: 2 }, 'unknown'],
  [{ count: 6, quorum: 'all', stale: 3, failing: 3 }, 'unknown'],
  [{ count: 6, quorum: 'all', stale: 2, failing: 4 }, 'down'],
  [{ count: 4, quorum: 'majority', stale: 1, failing: 3 }, 'down'],
  [{ count: 5, quorum: 'majority', stale: 3, failing: 2 }, 'unknown'],
  [{ count: 5, quorum: 2, stale: 3, failing: 2 }, 'down'],
  [{ count: 8, quorum: 'any', stale: 7, failing: 1 }, 'down'],
] as const)('%j is %s', (world, verdict) => {
  expect(play(world)[0].verdict).toBe(verdict);
});

test('a distrusted region counts among all that were chosen', () => {
  expect(play({ count: 4, quorum: 'majority', stale: 0, failing: 3, distrusted: 1 })[0].verdict).toBe('down');
  expect(play({ count: 4, quorum: 'all', stale: 1, failing: 2, distrusted: 2 })[0].verdict).toBe('unknown');
});

test('the sentence names how many would have to agree', () => {
  const [state, policy, now] = play({ count: 4, quorum: 'all', stale: 2, failing: 2 });
  expect(sentenceOf(explain(state, policy, now))).toBe(
    'Unknown, because only North America west and North America east send data, and they fail (503, 503): an outage needs 3 regions; Europe west and Europe east send no data and do not vote.',
  );
  const [up, , then] = play({ count: 4, quorum: 'all', stale: 2, failing: 1 });
  expect(sentenceOf(explain(up, policy, then))).toMatch(
    /^Up, although .*no outage can be confirmed, because 3 regions would have to fail/,
  );
});

test('stale regions do not end an outage that a quorum has confirmed', () => {
  const [state, policy] = play({ count: 4, quorum: 'all', stale: 0, failing: 4 });
  expect(state.verdict).toBe('down');
  const lastSeenAt = begin + 500 * second;
  const [after] = noteLastSeen(state, { wnam: lastSeenAt, enam: lastSeenAt }, policy, lastSeenAt);
  const [waited] = tick(after, policy, lastSeenAt + 30 * second);
  expect([waited.verdict, waited.outage]).toEqual(['down', state.outage]);
});

test('nothing was known before: the same holds for the first verdict', () => {
  const policy = policyOf(['enam', 'weur', 'apac', 'oc'], { quorum: 'all' });
  const twice = [0, 4].flatMap((at): Said[] => [
    ['enam', 'down', at],
    ['weur', 'down', at + 0.1],
  ]);
  const { state } = fold(twice, policy, initialState);
  const [waited] = tick(state, policy, begin + 200 * second);
  expect(waited.verdict).toBe('unknown');
});
