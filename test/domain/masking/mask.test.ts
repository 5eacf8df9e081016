import { expect, test } from 'vitest';
import { maskedSecret } from '../../../worker/domain/monitors/monitor.ts';
import { masker, maskHeader } from '../../../worker/masking/mask.ts';

const sent = (headers: Record<string, string>, body: string | null = null) => masker({ headers, body });

test.each<[what: string, headers: Record<string, string>, text: string, shown: string]>([
  ['a value', { 'X-Key': 's3cr3t!' }, 'you sent s3cr3t! twice: s3cr3t!', 'you sent ⬤ twice: ⬤'],
  ['a token without its scheme', { Authorization: 'Bearer abc.def' }, '{"token":"abc.def"}', '{"token":"⬤"}'],
  [
    'a password of Basic',
    { authorization: `Basic ${btoa('ada:lovelace')}` },
    'no such user ada:lovelace',
    'no such user ⬤',
  ],
  ['a password alone', { authorization: `Basic ${btoa('ada:lovelace')}` }, 'wrong: lovelace', 'wrong: ⬤'],
  ['a cookie of several', { cookie: 'a=first-one; b=second-one' }, 'b is second-one', 'b is ⬤'],
  ['a value in JSON', { 'x-key': 'a"b\\c' }, '{"x":"a\\"b\\\\c"}', '{"x":"⬤"}'],
  ['a value in an address', { 'x-key': 'a b/c&d' }, '/?k=a%20b%2Fc%26d&l=a+b%2Fc%26d', '/?k=⬤&l=⬤'],
  ['a value in HTML', { 'x-key': '<a>&"b"' }, '<p>&lt;a&gt;&amp;&quot;b&quot;</p>', '<p>⬤</p>'],
  ['a short value that stands alone', { 'x-pin': '123' }, 'pin=123, 51234, 123.', 'pin=⬤, 51234, ⬤.'],
  [
    'nothing that is no secret',
    { accept: 'text/html', 'User-Agent': 'me-and-you' },
    'text/html me-and-you',
    'text/html me-and-you',
  ],
])('masks %s', (_, headers, text, shown) => {
  expect(sent(headers)(text)).toBe(shown.replaceAll('⬤', maskedSecret));
});

test.each([
  ['{"user":"ada","password":"lovelace","pin":90210}', 'lovelace and 90210 of ada'],
  ['user=ada&password=lovelace&pin=90210', 'lovelace and 90210 of ada'],
])('masks what a body of %j says, though not its shortest words', (body, text) => {
  const mask = sent({}, body);
  expect(mask(text)).toBe(`${maskedSecret} and ${maskedSecret} of ada`);
  expect(mask(`sent: ${body}.`)).toBe(`sent: ${maskedSecret}.`);
});

test('masks the beginning of a secret where the text was cut in it', () => {
  const mask = sent({ 'x-key': 'abcdefghij' });
  for (let length = 4; length < 10; length++)
    expect(mask(`key: ${'abcdefghij'.slice(0, length)}`, true)).toBe(`key: ${maskedSecret}`);
  expect(mask('key: abcdefg', false)).toBe('key: abcdefg');
});

test('masks a secret before a shorter one that it contains', () => {
  expect(sent({ a: 'alpha', b: 'alphabet' })('alphabet alpha')).toBe(`${maskedSecret} ${maskedSecret}`);
});

test.each([
  ['set-cookie', 'id=1; HttpOnly', maskedSecret],
  ['X-Auth-Token', 'abc', maskedSecret],
  ['x-amz-security-token', 'abc', maskedSecret],
  ['www-authenticate', 'Digest nonce="abc"', maskedSecret],
  ['content-type', 'text/html', 'text/html'],
  ['x-echo', 'your secret-value', `your ${maskedSecret}`],
  ['location', 'https://example.com/in?ticket=1#top', `https://example.com/in?${maskedSecret}`],
  ['x-powered-by', 'a?b', 'a?b'],
])('shows the header %s: %s as %s', (name, value, shown) => {
  expect(maskHeader(name, value, sent({ 'x-key': 'secret-value' }))).toBe(shown);
});
