import { expect, test } from 'vitest';
import {
  type Evidence,
  isBroken,
  isMended,
  isSuspect,
  mostDistrusted,
  type ReferenceFinding,
  regionsInUse,
  type TeamView,
} from '../../worker/domain/distrust.ts';
import type { Region } from '../../worker/domain/region.ts';

let made = 0;
/** A team of which so many monitors fail alone, each on a domain of its own. */
const team = (alone: number, monitors: number, change: Partial<TeamView> = {}): TeamView => {
  const name = made++;
  const domains = Array.from({ length: alone }, (_, i) => `${name}-${i}.example`);
  return { alone, monitors, undecided: 0, domains, ...change };
};
const teams = (count: number, alone = 1, monitors = 1) => Array.from({ length: count }, () => team(alone, monitors));

const silent: ReferenceFinding = { says: 'silent' };
const broken: ReferenceFinding = { says: 'broken', failing: 5, references: 5 };
const sound: ReferenceFinding = { says: 'sound', failing: 0, references: 5 };

const evidence = (views: TeamView[], change: Partial<Evidence> = {}): Evidence => ({
  teams: views.length,
  isOnlyTeam: false,
  views,
  references: silent,
  ...change,
});

const only = (view: TeamView) => evidence([view], { isOnlyTeam: true });

test.each([
  ['three of four monitors on three domains', team(3, 4), true],
  ['three of five on two domains', team(3, 5, { domains: ['a.example', 'b.example'] }), true],
  ['half of them', team(3, 6), false],
  ['all of two', team(2, 2), false],
  ['five on one domain', team(5, 5, { domains: ['a.example'] }), false],
  ['40 of 42', team(40, 42), true],
  ['one, and more that nobody has looked at from elsewhere yet', team(1, 10, { undecided: 9 }), false],
])('the only team suffices when these fail alone: %s', (_, view, expected) => {
  expect(isBroken(only(view))).toBe(expected);
  // No reference is asked, and none could contradict.
  expect(isBroken({ ...only(view), references: sound })).toBe(expected);
});

test('among several teams, one alone never suffices, however many monitors it has', () => {
  for (let count = 2; count <= 50; count++)
    for (const monitors of [3, 60, 10_000])
      expect(isBroken(evidence([team(monitors, monitors)], { teams: count }))).toBe(false);
});

test('references decide, and no number of teams contradicts them', () => {
  expect(isBroken(evidence([team(3, 3)], { teams: 50, references: broken }))).toBe(true);
  expect(isBroken(evidence(teams(50), { references: sound }))).toBe(false);
  expect(isMended(evidence(teams(50), { references: sound }))).toBe(true);
  expect(isMended(evidence([], { teams: 50, references: broken }))).toBe(false);
});

test('references are asked only where enough fails alone', () => {
  expect(isBroken(evidence([team(2, 2)], { references: broken }))).toBe(false);
  expect(isSuspect(teams(3))).toBe(true);
  expect(isSuspect([team(5, 100)])).toBe(false);
  expect(isSuspect([team(60, 60, { domains: ['a.example'] })])).toBe(false);
  expect(isSuspect([])).toBe(false);
});

test.each([
  [2, 2, false],
  [2, 3, false],
  [3, 3, true],
  [3, 5, true],
  [3, 6, false],
  [4, 6, true],
  [50, 100, false],
  [51, 100, true],
])('without references, %i teams that fail alone of %i', (failing, watching, expected) => {
  expect(isBroken(evidence(teams(failing, 3, 3), { teams: watching }))).toBe(expected);
});

test('a team whose monitors mostly pass has no vote against the region', () => {
  expect(isBroken(evidence([...teams(2, 3, 3), team(3, 6)], { teams: 3 }))).toBe(false);
});

test('what several teams watch is one witness', () => {
  const alike = { domains: ['a.example', 'b.example'] };
  const colluding = Array.from({ length: 9 }, () => team(5, 5, alike));
  expect(isBroken(evidence(colluding))).toBe(false);
  // One of these has a domain of its own, but only when it does not take one that the others need.
  const views = [
    team(3, 3, { domains: ['a.example', 'own.example', 'b.example'] }),
    team(2, 2, alike),
    team(2, 2, alike),
  ];
  expect(isBroken(evidence(views))).toBe(true);
});

test.each([
  ['none', team(0, 4), true],
  ['a quarter', team(1, 4), true],
  ['more than a quarter', team(2, 7), false],
  ['perhaps more than a quarter', team(1, 7, { undecided: 1 }), false],
  ['none, because there is nothing to compare', team(0, 0), true],
])('for the only team, a distrust ends when these still fail alone: %s', (_, view, expected) => {
  expect(isMended(only(view))).toBe(expected);
});

test('among several teams no single one can make a distrust last', () => {
  for (let count = 2; count <= 50; count++) {
    expect(isMended(evidence([team(60, 60)], { teams: count }))).toBe(true);
    expect(isMended(evidence([team(1, 60, { undecided: 59 })], { teams: count }))).toBe(true);
  }
  expect(isMended(evidence(teams(3), { teams: 5 }))).toBe(false);
});

test('no evidence is of a broken and of a mended region at once', () => {
  for (const references of [silent, broken, sound])
    for (let watching = 1; watching <= 12; watching++)
      for (let failing = 0; failing <= watching; failing++)
        for (const isOnlyTeam of watching === 1 ? [true, false] : [false]) {
          const given = evidence(teams(failing, 3, 3), { teams: watching, isOnlyTeam, references });
          expect(isBroken(given) && isMended(given)).toBe(false);
        }
});

const using = (teamCount: number, counts: Partial<Record<Region, number>>) => ({
  teams: teamCount,
  teamsByRegion: counts,
});

test.each([
  [0, using(0, {})],
  [0, using(4, { weur: 4 })],
  [0, using(4, { weur: 4, enam: 4 })],
  [1, using(4, { weur: 4, enam: 4, apac: 4 })],
  [1, using(4, { weur: 4, enam: 4, apac: 4, oc: 4 })],
  [2, using(4, { weur: 4, enam: 4, apac: 4, oc: 4, wnam: 4 })],
  [3, using(1, { wnam: 1, enam: 1, weur: 1, eeur: 1, apac: 1, 'apac-ne': 1, 'apac-se': 1, oc: 1 })],
])('at most %i regions are distrusted at once, strictly fewer than half of those in use', (most, use) => {
  expect(mostDistrusted(use)).toBe(most);
});

test('a team that watches from all regions, or from one, does not change which are in use', () => {
  const honest = { weur: 3, enam: 3, apac: 3 };
  const everywhere = { ...honest, weur: 4, enam: 4, apac: 4, oc: 1, wnam: 1, eeur: 1, 'apac-ne': 1, 'apac-se': 1 };
  expect(regionsInUse(using(4, everywhere))).toEqual(['weur', 'enam', 'apac']);
  expect(regionsInUse(using(4, { ...honest, oc: 1 }))).toEqual(['weur', 'enam', 'apac']);
});
