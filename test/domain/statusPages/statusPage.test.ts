import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reasons } from '../../../worker/domain/checks/reasons.ts';
import {
  changeStatusPageSchema,
  createStatusPageSchema,
  nameLeaks,
  publicReason,
  shownName,
} from '../../../worker/domain/statusPages/statusPage.ts';

const address = 'https://login.example.com:8443/internal/health?key=1';

test.for<[name: string, leaks: boolean]>([
  ['login.example.com', true],
  ['LOGIN.Example.COM', true],
  ['login.example.com:8443', true],
  ['https://elsewhere.test/', true],
  ['Login at example.com', true],
  ['www.login.example.com', true],
  ['Server 10.1.2.3', true],
  ['Health (/internal/health)', true],
  ['Login', false],
  ['Node.js API', false],
  ['Shop v2.1', false],
  ['Checkout & payments', false],
])('the name "%s" reveals the address: %s', ([name, leaks]) => {
  expect(nameLeaks(name, address)).toBe(leaks);
});

test('a name in the letters of its country reveals an address that is written in ASCII', () => {
  expect(nameLeaks('bücher.example', 'https://xn--bcher-kva.example/')).toBe(true);
});

test('a name that contains the host is not shown, in any surroundings', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
      const name = `${before}login.example.com${after}`;
      expect(shownName({ publicName: null, name, address }, 3)).toBe('Service 4');
    }),
  );
});

test('a public name is shown as it was given', () => {
  expect(shownName({ publicName: 'login.example.com', name: 'x', address }, 0)).toBe('login.example.com');
});

test('no reason reveals how something is checked', () => {
  const words = new Set(reasons.map(publicReason));
  expect([...words].sort()).toEqual(['Not responding', 'Not working as expected', 'Responding with errors']);
});

test.for([
  ['abc', true],
  ['a-1', true],
  ['a--b', true],
  ['a'.repeat(48), true],
  ['ab', false],
  ['a'.repeat(49), false],
  ['-ab', false],
  ['ab-', false],
  ['a_b', false],
  ['Äbc', false],
  ['a b', false],
] as const)('the slug "%s" is taken: %s', ([slug, taken]) => {
  expect(changeStatusPageSchema.safeParse({ slug }).success).toBe(taken);
  expect(/^[a-z0-9](?:[a-z0-9-]{1,46}[a-z0-9])$/.test(slug)).toBe(taken);
});

test('every slug that does not fit is refused with one message', () => {
  fc.assert(
    fc.property(fc.string(), (slug) => {
      const { error } = createStatusPageSchema.safeParse({ slug, name: 'x', monitorIds: ['mon_1'] });
      expect(error?.issues.length ?? 1).toBe(1);
    }),
  );
});
