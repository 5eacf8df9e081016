import { expect, test } from 'vitest';
import { parseEmailAddress, savedEmailAddress } from '../../../worker/domain/fields/emailAddress.ts';
import { signInInput, signUpInput } from '../../../worker/domain/teams/account.ts';

const general = 'This is not an e-mail address.';

test.each([
  ['ada@example.com', 'ada@example.com'],
  [' Ada.Lovelace+tag@EXAMPLE.com ', 'Ada.Lovelace+tag@example.com'],
  ['user@пример.рф', 'user@xn--e1afmkfd.xn--p1ai'],
  ['user@ПРИМЕР.РФ', 'user@xn--e1afmkfd.xn--p1ai'],
  ['user@xn--e1afmkfd.xn--p1ai', 'user@xn--e1afmkfd.xn--p1ai'],
  ['user@bücher.de', 'user@xn--bcher-kva.de'],
  ['user@bu\u0308cher.de', 'user@xn--bcher-kva.de'],
  ['user@例え。テスト', 'user@xn--r8jz45g.xn--zckzah'],
  ["o'neil!#$%&*/=?^_`{|}~-@example.com", "o'neil!#$%&*/=?^_`{|}~-@example.com"],
  ['a@mail.1and1.co.uk', 'a@mail.1and1.co.uk'],
  [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  [`a@${'b'.repeat(63)}.com`, `a@${'b'.repeat(63)}.com`],
])('%j is %j', (given, address) => {
  expect(parseEmailAddress(given)).toEqual({ address });
  expect(savedEmailAddress(address)).toBe(address);
});

test.each([
  ...['', '@', 'a', 'no-at-sign', 'a@b', '@example.com', 'a@', 'a@@example.com', 'a@b@example.com'],
  ...[
    'a b@example.com',
    'a@exam ple.com',
    'a@ example.com',
    'a @example.com',
    'ada@example.com\r\nBcc: eve@example.com',
  ],
  ...[
    '.a@example.com',
    'a.@example.com',
    'a..b@example.com',
    '"a b"@example.com',
    'a(b)@example.com',
    'a,b@example.com',
  ],
  ...['a@example.com.', 'a@.example.com', 'a@example..com', 'a@-example.com', 'a@example-.com', 'a@my_mail.com'],
  ...['a@127.0.0.1', 'a@[127.0.0.1]', 'a@example.123', 'a@example.com:25', 'a@example.com/x', 'a@%65xample.com'],
  ...['<a@example.com>', 'Ada <a@example.com>', 'mailto:a@example.com'.replace(':', ': '), `a@${'b'.repeat(64)}.com`],
])('%j is no e-mail address', (given) => {
  expect(parseEmailAddress(given)).toEqual({ problem: general });
  expect(savedEmailAddress(given)).toBe(given.trim());
});

test.each([
  ['müller@example.com', /^The part before the @ can contain/],
  ['пользователь@пример.рф', /^The part before the @ can contain/],
  [`${'a'.repeat(65)}@example.com`, /at most 64 characters/],
  // Short enough as it is typed, too long in punycode.
  [`${'a'.repeat(60)}@${`${'ü'.repeat(30)}.`.repeat(6)}de`, /at most 254 characters/],
])('%j says what is wrong', (given, problem) => {
  expect(parseEmailAddress(given)).toEqual({ problem: expect.stringMatching(problem) });
});

const password = 'correct horse battery';

test('one account has one spelling, however its domain is typed', () => {
  const typed = ['user@пример.рф', 'user@XN--E1AFMKFD.xn--p1ai'];
  const emails = typed.flatMap((email) => [
    signUpInput.parse({ email, password }).email,
    signInInput.parse({ email, password }).email,
  ]);
  expect(new Set(emails)).toEqual(new Set(['user@xn--e1afmkfd.xn--p1ai']));
});

test('an account from before this rule can still sign in', () => {
  const email = `${'a'.repeat(70)}@example.com`;
  expect(signInInput.parse({ email, password }).email).toBe(email);
  expect(signUpInput.safeParse({ email, password }).success).toBe(false);
});

test('a missing address is asked for', () => {
  for (const email of [undefined, 7, ' '])
    expect(signUpInput.safeParse({ email, password }).error?.issues[0]?.message).toBe('Enter your e-mail address.');
});
