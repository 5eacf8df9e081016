import { expect, test } from 'vitest';
import { parseSignUpRule, signUpOffer, signUpRefusal } from '../../../worker/domain/teams/signUpRule.ts';

test.each([
  ['', { kind: 'open' }],
  ['open', { kind: 'open' }],
  [' First ', { kind: 'first' }],
  ['CLOSED', { kind: 'closed' }],
  ['example.com', { kind: 'domains', domains: ['example.com'] }],
  ['Example.com, @example.org,', { kind: 'domains', domains: ['example.com', 'example.org'] }],
  ['bücher.de', { kind: 'domains', domains: ['xn--bcher-kva.de'] }],
  ['example.com.', { kind: 'domains', domains: ['example.com'] }],
  ['@Example.COM.,example.com', { kind: 'domains', domains: ['example.com'] }],
  ['BÜCHER.de, xn--bcher-kva.de', { kind: 'domains', domains: ['xn--bcher-kva.de'] }],
  ['例え。テスト', { kind: 'domains', domains: ['xn--r8jz45g.xn--zckzah'] }],
  ['пример.рф', { kind: 'domains', domains: ['xn--e1afmkfd.xn--p1ai'] }],
  ['1and1.com, 163.com', { kind: 'domains', domains: ['1and1.com', '163.com'] }],
])('%j is %j', (text, rule) => expect(parseSignUpRule(text)).toEqual(rule));

test.each([
  ['nobody', '"nobody" is not an e-mail domain'],
  ['open, example.com', '"open" stands alone, without a list of domains'],
  ['example.com, closed', '"closed" stands alone, without a list of domains'],
  ['example.com/x', '"example.com/x" is not an e-mail domain'],
  ['a@example.com', '"a@example.com" is not an e-mail domain'],
  ['@@example.com', '"@@example.com" is not an e-mail domain'],
  ['example.com;example.org', '"example.com;example.org" is not an e-mail domain'],
  ['example.com, 1.2', '"1.2" is not an e-mail domain'],
  ['127.0.0.1', '"127.0.0.1" is not an e-mail domain'],
  ['0x7f.1', '"0x7f.1" is not an e-mail domain'],
  ['example.123', '"example.123" is not an e-mail domain'],
  ['[::1]', '"[::1]" is not an e-mail domain'],
  ['example.com:25', '"example.com:25" is not an e-mail domain'],
  ['*.example.com', '"*.example.com" is not an e-mail domain'],
  ['.example.com', '".example.com" is not an e-mail domain'],
  ['example..com', '"example..com" is not an e-mail domain'],
  ['example.com..', '"example.com.." is not an e-mail domain'],
  ['-example.com', '"-example.com" is not an e-mail domain'],
  ['my_mail.com', '"my_mail.com" is not an e-mail domain'],
  [`${'a'.repeat(64)}.com`, `"${'a'.repeat(64)}.com" is not an e-mail domain`],
  [`${'a.'.repeat(126)}com`, `"${'a.'.repeat(126)}com" is not an e-mail domain`],
  ['.', '"." is not an e-mail domain'],
  ['@', '"@" is not an e-mail domain'],
  [',', '"," is not an e-mail domain'],
])('%j is refused: %s', (text, problem) => expect(parseSignUpRule(text)).toEqual({ problem }));

const domains = { kind: 'domains', domains: ['example.com', 'example.org'] } as const;

test.each([
  ['ada@example.com', true],
  ['ADA@EXAMPLE.ORG', true],
  ['"odd@example.net"@example.com', true],
  ['ada@example.com.', true],
  ['ada@sub.example.com', false],
  ['ada@example.com.evil.net', false],
  ['ada@notexample.com', false],
  ['example.com', true],
])('the list of domains %s allows sign-up: %s', (email, may) => {
  const refusal = signUpRefusal({ ...domains, domains: [...domains.domains] }, email, true);
  expect(refusal).toEqual(may ? null : expect.stringMatching(/^This e-mail domain cannot sign up here/));
  // An address is not verified at sign-up: a stranger who knew a domain could claim it.
  expect(refusal ?? '').not.toContain('example.com');
});

test('the first may sign up, and nobody where it is closed', () => {
  expect(signUpRefusal({ kind: 'first' }, 'a@example.com', false)).toBeNull();
  expect(signUpRefusal({ kind: 'first' }, 'a@example.com', true)).toMatch(/closed/);
  expect(signUpRefusal({ kind: 'closed' }, 'a@example.com', false)).toMatch(/closed/);
  expect(signUpRefusal({ kind: 'open' }, 'a@example.com', true)).toBeNull();
});

test.each([
  [{ kind: 'open' }, true, 'open'],
  [{ kind: 'first' }, false, 'open'],
  [{ kind: 'first' }, true, 'closed'],
  [{ kind: 'closed' }, false, 'closed'],
  [{ kind: 'domains', domains: ['example.com'] }, true, 'domains'],
] as const)('%j with users: %s offers %s', (rule, hasUsers, offer) =>
  expect(signUpOffer('domains' in rule ? { ...rule, domains: [...rule.domains] } : rule, hasUsers)).toBe(offer),
);
