import { expect, test } from 'vitest';
import {
  beyondBounds,
  boundsOf,
  type Evidence,
  isBroken,
  isMended,
  isSuspect,
  proofOf,
  type ReferenceFinding,
  type TeamView,
  unprovenAfterMs,
} from '../../../worker/domain/checks/distrust.ts';
import { type Region, regions } from '../../../worker/domain/checks/region.ts';

let made = 0;
/** A team of which so many monitors fail alone, each on a domain of its own. */
const team = (alone: number, monitors: number, change: Partial<TeamView> = {}): TeamView => {
  const name = made++;
  const domains = Array.from({ length: alone }, (_, i) => `${name}-${i}.example`);
  return { alone, monitors, undecided: 0, domains, ...change };
};
const teams = (count: number, alone = 1, monitors = 1) => Array.from({ length: count }, () => team(alone, monitors));

const inconclusive: ReferenceFinding = { says: 'inconclusive' };
const broken: ReferenceFinding = { says: 'broken', failing: 5, references: 5 };
const sound: ReferenceFinding = { says: 'sound', failing: 0, references: 5 };

const evidence = (views: TeamView[], change: Partial<Evidence> = {}): Evidence => ({
  teams: views.length,
  proof: 'teams',
  views,
  references: inconclusive,
  ...change,
});

const only = (view: TeamView) => evidence([view], { proof: 'own' });

test.each([
  ['three of four monitors on three domains', team(3, 4), true],
  ['three of five on two domains', team(3, 5, { domains: ['a.example', 'b.example'] }), true],
  ['half of them', team(3, 6), false],
  ['all of two', team(2, 2), false],
  ['five on one domain', team(5, 5, { domains: ['a.example'] }), false],
  ['40 of 42', team(40, 42), true],
  ['one, and more that no other region has checked yet', team(1, 10, { undecided: 9 }), false],
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

test('references decide, regardless of the teams, and do not vote if they are inconclusive', () => {
  const proof = 'references';
  expect(isBroken(evidence([team(3, 3)], { proof, teams: 50, references: broken }))).toBe(true);
  for (const references of [sound, inconclusive])
    expect(isBroken(evidence(teams(50), { proof, references }))).toBe(false);
  expect(isMended(evidence(teams(50), { proof, references: sound }), 0)).toBe(true);
  expect(isMended(evidence([], { proof, teams: 50, references: broken }), 0)).toBe(false);
  for (const views of [[], teams(50)]) {
    const unproven = evidence(views, { proof, teams: 50, references: inconclusive });
    expect(isMended(unproven, unprovenAfterMs)).toBe(false);
    expect(isMended(unproven, unprovenAfterMs + 1)).toBe(true);
  }
});

test.each([
  ['own', true, true, 'open'],
  ['own', true, false, 'open'],
  ['references', false, true, 'open'],
  ['references', false, true, 'closed'],
  ['nothing', false, false, 'open'],
  ['nothing', false, false, 'domains'],
  ['teams', false, false, 'first'],
  ['teams', false, false, 'closed'],
] as const)(
  'proof is %s where the team is the only one: %s, there are references: %s, sign-up is %s',
  (proof, isOnlyTeam, hasReferences, kind) => {
    const signUp = kind === 'domains' ? { kind, domains: ['a.example'] } : { kind };
    expect(proofOf(isOnlyTeam, hasReferences, signUp)).toBe(proof);
  },
);

test('where nothing is proof, no region is distrusted, and a distrust ends', () => {
  const given = evidence(teams(50, 60, 60), { proof: 'nothing' });
  expect(isBroken(given)).toBe(false);
  expect(isMended(given, 0)).toBe(true);
});

test('references are asked only where enough fails alone', () => {
  expect(isBroken(evidence([team(2, 2)], { proof: 'references', references: broken }))).toBe(false);
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

test('the monitors of several teams on one target are one witness', () => {
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
  expect(isMended(only(view), 0)).toBe(expected);
});

test('among several teams no single one can make a distrust last', () => {
  for (let count = 2; count <= 50; count++) {
    expect(isMended(evidence([team(60, 60)], { teams: count }), 0)).toBe(true);
    expect(isMended(evidence([team(1, 60, { undecided: 59 })], { teams: count }), 0)).toBe(true);
  }
  expect(isMended(evidence(teams(3), { teams: 5 }), 0)).toBe(false);
});

test('no evidence is of a broken and of a mended region at once', () => {
  for (const references of [inconclusive, broken, sound])
    for (let watching = 1; watching <= 12; watching++)
      for (let failing = 0; failing <= watching; failing++)
        for (const proof of ['own', 'references', 'teams', 'nothing'] as const) {
          const given = evidence(teams(failing, 3, 3), { teams: watching, proof, references });
          expect(isBroken(given) && isMended(given, 0)).toBe(false);
        }
});

const most = (teamCount: number, chosen: readonly Region[]) =>
  boundsOf({ teams: teamCount, teamsByRegion: Object.fromEntries(chosen.map((region) => [region, teamCount])) });

test.each([
  [0, []],
  [0, ['weur']],
  [0, ['weur', 'enam']],
  [1, ['weur', 'enam', 'apac']],
  [1, ['weur', 'enam', 'apac', 'oc']],
  [2, ['weur', 'enam', 'apac', 'oc', 'wnam']],
  [3, [...regions]],
] as const)('the only team is bounded by its own regions: at most %i of %j', (expected, chosen) => {
  expect(most(1, chosen)).toEqual([
    { regions: regions.filter((r) => (chosen as readonly string[]).includes(r)), most: expected },
  ]);
});

test('at most three of all regions are distrusted, and one of the usual three, whichever regions the teams choose', () => {
  for (const chosen of [[], ['oc'], ['weur', 'enam', 'apac'], regions] as Region[][])
    for (const count of [0, 2, 5_000])
      expect(most(count, chosen)).toEqual([
        { regions, most: 3 },
        { regions: ['enam', 'weur', 'apac'], most: 1 },
      ]);
});

test.each([
  [[], []],
  [['weur'], []],
  [['weur', 'oc', 'wnam'], []],
  [['weur', 'oc', 'wnam', 'eeur'], ['eeur']],
  [['weur', 'apac'], ['apac']],
  [
    ['oc', 'weur', 'apac', 'enam'],
    ['apac', 'enam'],
  ],
] as const)('of %j, oldest first, %j are beyond the bounds', (distrusted, beyond) => {
  expect(beyondBounds(distrusted, most(9, []))).toEqual(beyond);
});
