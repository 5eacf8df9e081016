import { expect, test } from 'vitest';
import { hashOfNobody, hashPassword, verifyPassword } from '../../../worker/auth/passwords.ts';

/** From the test suites of crypt_blowfish (wrapper.c) and jBCrypt (TestBCrypt.java). */
const vectors = [
  ['U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['U*U*U', '$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a'],
  ['', '$2a$08$HqWuK6/Ng6sg9gQzbLrgb.Tl.ZHfXLhvt/SgVyWhQqgqcZ7ZuUtye'],
  ['abc', '$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i'],
  ['~!@#$%^&*()      ~!@#$%^&*()PNBFRD', '$2a$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO'],
] as const;

test.each(vectors)('the published vector for %j fits, and a changed password does not', (password, hash) => {
  expect(verifyPassword(password, hash)).toBe(true);
  expect(verifyPassword(`${password}x`, hash)).toBe(false);
});

test('a password hashed at cost 10 verifies, and two hashes of it differ', () => {
  const hash = hashPassword('correct horse battery', 10);
  expect(hash).toMatch(/^\$2y\$10\$[./A-Za-z0-9]{53}$/);
  expect(verifyPassword('correct horse battery', hash)).toBe(true);
  expect(verifyPassword('correct horse batterz', hash)).toBe(false);
  expect(hashPassword('correct horse battery', 10)).not.toBe(hash);
});

test('72 bytes count in full, and a 73rd is neither hashed nor ignored', () => {
  const longest = 'ä'.repeat(36);
  const hash = hashPassword(longest, 4);
  expect(verifyPassword(longest, hash)).toBe(true);
  expect(verifyPassword(`${'ä'.repeat(35)}ö`, hash)).toBe(false);
  expect(verifyPassword(`${longest}x`, hash)).toBe(false);
  expect(() => hashPassword(`${longest}x`, 4)).toThrow(RangeError);
});

test('the hash of nobody is computed like any other and fits nothing', () => {
  expect(verifyPassword('', hashOfNobody(4))).toBe(false);
  expect(verifyPassword('correct horse battery', hashOfNobody(10))).toBe(false);
});
