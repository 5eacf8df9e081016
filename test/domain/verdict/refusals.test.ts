import { expect, test } from 'vitest';
import { isLoud, type Outcome } from '../../../worker/domain/checks/outcome.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { advisoryHoldMs } from '../../../worker/domain/verdict/alerts.ts';
import { policyOf } from '../../../worker/domain/verdict/checkPolicy.ts';
import { explain, noteLastSeen, observe } from '../../../worker/domain/verdict/machine.ts';
import { sentenceOf } from '../../../worker/domain/verdict/sentence.ts';
import { initialState, type MonitorState, restoreState, shownOf } from '../../../worker/domain/verdict/state.ts';
import { noAdvisories, watchAdvisories } from '../../../worker/domain/verdict/watchAdvisories.ts';
import { allUp, begin, fold, outcomeSaid, second, three } from './verdictSaid.ts';

const policy = policyOf(three, { confirmations: 1 });

const refusal = (region: Region, atSeconds: number): Outcome => ({
  ...outcomeSaid([region, 'unknown', atSeconds]),
  reason: 'challenged',
  status: 403,
});

const refuse = (from: MonitorState, regions: readonly Region[], atSeconds: number) =>
  regions.reduce((state, region) => {
    const [next, effects] = observe(state, refusal(region, atSeconds), policy, begin + atSeconds * second + 10);
    expect(effects).toEqual([]);
    return next;
  }, from);

const at = (seconds: number) => begin + seconds * second;
const sentence = (state: MonitorState, atSeconds: number) => sentenceOf(explain(state, policy, at(atSeconds)));

const refusedByAll = 'Unknown, because the target’s bot protection blocks the checks from all 3 regions.';

test('a refused check changes no verdict and no vote', () => {
  const after = refuse(fold(allUp, policy).state, three, 40);
  expect(after.verdict).toBe('up');
  const { passing, down, votes } = explain(after, policy, at(41));
  expect({ passing, down }).toEqual({ passing: 3, down: 0 });
  expect(votes.map((vote) => vote.refusal)).toEqual([null, null, null]);
});

test('once all regions have become stale, the verdict says who refuses their checks', () => {
  const refused = refuse(fold(allUp, policy).state, three, 40);
  const [blind] = noteLastSeen(refused, {}, policy, at(300));
  expect(blind.verdict).toBe('unknown');
  expect(sentence(blind, 300)).toBe(refusedByAll);
  const [vote] = explain(blind, policy, at(300)).votes;
  expect(vote?.refusal).toEqual({ reason: 'challenged', status: 403, at: at(40) });
});

test('one region that is refused is named beside those that pass', () => {
  const refused = refuse(fold(allUp, policy).state, ['apac'], 40);
  const [after] = noteLastSeen(refused, { enam: at(299), weur: at(299) }, policy, at(300));
  expect(after.verdict).toBe('up');
  expect(sentence(after, 300)).toContain('; the target’s bot protection blocks the checks from Asia-Pacific');
});

test('a result ends it', () => {
  const refused = refuse(initialState, three, 0);
  const { state } = fold([['enam', 'up', 30]], policy, refused);
  expect(Object.keys(state.refusals ?? {})).toEqual(['weur', 'apac']);
  // A refusal that was overtaken, or that is known, changes nothing.
  expect(observe(state, refusal('enam', 20), policy, at(31))[0]).toBe(state);
  expect(observe(state, refusal('weur', 40), policy, at(41))[0]).toBe(state);
});

test('a monitor that was refused from the beginning is unknown, and people are notified that there is no data', () => {
  const state = refuse(initialState, three, 0);
  expect(shownOf(state).regionHealth).toEqual({ enam: 'unknown', weur: 'unknown', apac: 'unknown' });
  expect(sentence(state, 1)).toBe(refusedByAll);
  const watched = { machine: state, policy, events: ['unknown' as const] };
  const [seen, early] = watchAdvisories(noAdvisories, watched, at(1));
  expect(early).toBeNull();
  const [, effect] = watchAdvisories(seen, watched, at(1) + advisoryHoldMs);
  expect(effect).toMatchObject({ change: 'began', problem: 'unknown', since: begin });
  // Where one region only waits for its first result, nobody is notified.
  const some = { ...watched, machine: refuse(initialState, ['enam', 'weur'], 0) };
  const [waiting] = watchAdvisories(noAdvisories, some, at(1));
  expect(watchAdvisories(waiting, some, at(1) + advisoryHoldMs)[1]).toBeNull();
});

test('refused checks call the object until their region is stale, and then no more', () => {
  const refused = { health: 'unknown', reason: 'challenged' } as const;
  expect(isLoud({ health: 'up', suspect: false }, refused)).toBe(true);
  expect(isLoud({ health: 'unknown', suspect: false, isNew: true }, refused)).toBe(true);
  expect(isLoud({ health: 'unknown', suspect: false, isNew: false }, refused)).toBe(false);
  expect(isLoud({ health: 'unknown', suspect: true }, refused)).toBe(false);
  expect(isLoud({ health: 'up', suspect: true }, { health: 'unknown', reason: 'internal' })).toBe(false);
});

test('a state from before this is read', () => {
  const { refusals: _, ...older } = fold(allUp, policy).state;
  expect(restoreState(JSON.parse(JSON.stringify(older))).refusals).toBeUndefined();
});
