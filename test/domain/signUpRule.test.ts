import { expect, test } from 'vitest';
import { parseSignUpRule, signUpRefusal } from '../../worker/domain/signUpRule.ts';

test.each([
  ['', { kind: 'open' }],
  ['open', { kind: 'open' }],
  [' First ', { kind: 'first' }],
  ['CLOSED', { kind: 'closed' }],
  ['example.com', { kind: 'domains', domains: ['example.com'] }],
  ['Example.com, @example.org,', { kind: 'domains', domains: ['example.com', 'example.org'] }],
  ['bücher.de', { kind: 'domains', domains: ['xn--bcher-kva.de'] }],
])('%j is %j', (text, rule) => expect(parseSignUpRule(text)).toEqual(rule));

test.each(['nobody', 'open, example.com', 'example.com/x', 'a@example.com', 'example.com;example.org', ','])(
  '%j is no rule',
  (text) => expect(parseSignUpRule(text)).toBeNull(),
);

const domains = { kind: 'domains', domains: ['example.com', 'example.org'] } as const;

test.each([
  ['ada@example.com', true],
  ['ADA@EXAMPLE.ORG', true],
  ['"odd@example.net"@example.com', true],
  ['ada@sub.example.com', false],
  ['ada@example.com.evil.net', false],
  ['ada@notexample.com', false],
  ['example.com', true],
])('of a list of domains %s may sign up: %s', (email, may) => {
  const refusal = signUpRefusal({ ...domains, domains: [...domains.domains] }, email, true);
  expect(refusal).toBe(
    may ? null : 'Only people with an e-mail address of example.com or example.org can sign up here.',
  );
});

test('the first may sign up, and nobody where it is closed', () => {
  expect(signUpRefusal({ kind: 'first' }, 'a@example.com', false)).toBeNull();
  expect(signUpRefusal({ kind: 'first' }, 'a@example.com', true)).toMatch(/closed/);
  expect(signUpRefusal({ kind: 'closed' }, 'a@example.com', false)).toMatch(/closed/);
  expect(signUpRefusal({ kind: 'open' }, 'a@example.com', true)).toBeNull();
});
