import { describe, expect, test } from 'vitest';
import { changeMonitorSchema, createMonitorSchema } from '../../../worker/contract/monitorInput.ts';
import { defaultPolicySettings } from '../../../worker/domain/verdict/checkPolicy.ts';
import { isFlapping, recentChanges } from '../../../worker/domain/verdict/flapping.ts';
import { httpMonitor } from '../../httpMonitor.ts';

const url = 'https://example.com/';
const problemsOf = (result: { error?: { issues: { path: PropertyKey[]; message: string }[] } }) =>
  (result.error?.issues ?? []).map((issue) => [issue.path.join('.'), issue.message]);
const created = (input: object) => problemsOf(createMonitorSchema(false).safeParse(httpMonitor({ url, ...input })));
const changed = (input: object) => problemsOf(changeMonitorSchema.safeParse(input));

const quorum = 'Choose "any", "majority", "all", or a whole number of regions from 1 to 8.';
const checks = 'Enter a whole number of checks from 1 to 8.';
const seconds = 'Enter whole seconds from 0 to 3,600.';
const notWhole = [-1, 1.5, -1.5, 1e9, 1e300, '2', null, true, [2], {}];

test.each([
  ['quorum', [0, 9, 'most', '3', '', ...notWhole], quorum],
  ['confirmations', [0, 9, ...notWhole], checks],
  ['recoveryConfirmations', [0, 9, ...notWhole], checks],
  ['degradedConfirmations', [0, 9, ...notWhole], checks],
  ['confirmationPeriodSeconds', [3_601, ...notWhole.slice(0, -4)], seconds],
  ['recoveryPeriodSeconds', [3_601, ...notWhole.slice(0, -4)], seconds],
  ['flappingChanges', [0, 1, 101, ...notWhole.slice(0, 4)], 'Enter a whole number of changes from 2 to 100.'],
  ['flappingWithinMinutes', [0, 4, 1_441, ...notWhole.slice(0, 4)], 'Enter whole minutes from 5 to 1,440.'],
] as [string, unknown[], string][])(
  '%s: what does not fit is refused once, with what would',
  (field, values, message) => {
    for (const value of values) {
      expect([value, created({ [field]: value })]).toEqual([value, [[field, message]]]);
      expect([value, changed({ [field]: value })]).toEqual([value, [[field, message]]]);
    }
  },
);

describe('a quorum', () => {
  const three = ['enam', 'weur', 'apac'];
  const onlyThree = [['quorum', 'Only 3 regions are selected, so at most 3 can agree.']];

  test.each([
    [5, three, onlyThree],
    [4, three, onlyThree],
    [3, three, []],
    [1, ['weur'], []],
    [2, ['weur'], [['quorum', 'Only 1 region is selected, so at most 1 can agree.']]],
    [2, ['weur', 'weur'], [['quorum', 'Only 1 region is selected, so at most 1 can agree.']]],
    ['all', ['weur'], []],
    ['majority', ['weur'], []],
  ])('of %j with %j', (value, regions, expected) => {
    expect(created({ quorum: value, regions })).toEqual(expected);
    expect(changed({ quorum: value, regions })).toEqual(expected);
  });

  test('five does not fit the three regions that are chosen by default', () => {
    expect(created({ quorum: 5 })).toEqual(onlyThree);
  });

  test('a change alone is checked against the stored regions', () => {
    expect(changed({ quorum: 5 })).toEqual([]);
  });
});

test('the limits themselves are fine', () => {
  for (const policy of [
    { confirmations: 1, recoveryConfirmations: 1, degradedConfirmations: 1, flappingChanges: 2 },
    { confirmations: 8, recoveryConfirmations: 8, degradedConfirmations: 8, flappingChanges: 100 },
    { confirmationPeriodSeconds: 0, recoveryPeriodSeconds: 0, flappingWithinMinutes: 5 },
    { confirmationPeriodSeconds: 3_600, recoveryPeriodSeconds: 3_600, flappingWithinMinutes: 1_440 },
  ])
    expect(createMonitorSchema(false).parse(httpMonitor({ url, ...policy }))).toMatchObject(policy);
});

test('an omitted field has its default', () => {
  expect(createMonitorSchema(false).parse(httpMonitor({ url }))).toMatchObject(defaultPolicySettings);
});

describe('another policy on flapping', () => {
  const lenient = { flapping: { changes: 6, withinMs: 1_800_000 } };
  const strict = { flapping: { changes: 2, withinMs: 300_000 } };
  const changes = [0, 60_000, 120_000];

  test('does not count changes that lie outside of its time', () => {
    expect(isFlapping(false, changes, strict, 200_000)).toBe(true);
    expect(isFlapping(false, changes, strict, 1_000_000)).toBe(false);
  });

  test('keeps no more changes than it takes', () => {
    const many = Array.from({ length: 1_000 }, (_, i) => i);
    expect(recentChanges(many, lenient, 1_000)).toEqual(many.slice(-7));
    expect(isFlapping(false, recentChanges(many, lenient, 1_000), lenient, 1_000)).toBe(true);
  });
});
