import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskedSecret } from '../../../worker/domain/monitors/monitor.ts';
import { masker } from '../../../worker/masking/mask.ts';
import { runs } from '../../properties.ts';
import { shortestMs } from '../support/shortestMs.ts';

const secret = 'S3cr3t-Key/42+x';
const mask = masker({ headers: { 'x-key': secret, authorization: `Bearer ${secret}` }, body: null });

const bytes = (text: string) => [...new TextEncoder().encode(text)];
const base64 = (text: string) => btoa(String.fromCharCode(...bytes(text)));
const hex = (text: string, between = '') =>
  bytes(text)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(between);
const each = (text: string, write: (code: number) => string) =>
  [...text].map((sign) => write(sign.charCodeAt(0))).join('');
const padded = (code: number) => code.toString(16).padStart(4, '0');

const ascii = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => String.fromCharCode(from + i)).join('');

/** As digits of so many bits, the highest first; the last one is filled with zeros. */
const inBits = (given: number[], size: number, alphabet: string) => {
  const bits = given.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const digits = bits.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
  return digits.map((digit) => alphabet[Number.parseInt(digit.padEnd(size, '0'), 2)]).join('');
};

const encodings: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'upper case': (text) => text.toUpperCase(),
  'lower case': (text) => text.toLowerCase(),
  base64,
  'base64 without padding': (text) => base64(text).replace(/=+$/, ''),
  'base64 for addresses': (text) => base64(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
  'base64 in lines': (text) => base64(text).replace(/.{8}/g, '$&\r\n'),
  'base64 in JSON': (text) => base64(text).replaceAll('/', '\\/'),
  'base64 in base64': (text) => base64(base64(text)),
  hex: (text) => hex(text),
  'upper hex': (text) => hex(text).toUpperCase(),
  'hex with colons': (text) => hex(text, ':'),
  'hex with spaces': (text) => hex(text, ' '),
  'hex as numbers': (text) =>
    bytes(text)
      .map((byte) => `0x${byte.toString(16)}`)
      .join(', '),
  'hex of base64': (text) => hex(base64(text)),
  percent: (text) =>
    bytes(text)
      .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
      .join(''),
  'percent as an address has it': encodeURIComponent,
  'percent twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'JSON escapes': (text) => each(text, (code) => `\\u${padded(code)}`),
  'upper JSON escapes': (text) => each(text, (code) => `\\u${padded(code).toUpperCase()}`),
  'JSON in JSON': (text) => JSON.stringify(JSON.stringify(`"${text}"`)),
  'braced escapes': (text) => each(text, (code) => `\\u{${code.toString(16)}}`),
  'byte escapes': (text) => each(text, (code) => `\\x${code.toString(16).padStart(2, '0')}`),
  'escapes of old': (text) => each(text, (code) => `%u${padded(code)}`),
  'decimal entities': (text) => each(text, (code) => `&#${code};`),
  'long decimal entities': (text) => each(text, (code) => `&#${String(code).padStart(7, '0')};`),
  'hex entities': (text) => each(text, (code) => `&#x${code.toString(16)};`),
  'upper hex entities': (text) => each(text, (code) => `&#X${code.toString(16).toUpperCase()};`),
  'named entities': (text) => text.replaceAll('/', '&sol;').replaceAll('+', '&plus;').replaceAll('-', '&#45;'),
  'entities of entities': (text) => each(text, (code) => `&amp;#${code};`),
  'entities with many zeros': (text) => each(text, (code) => `&#${String(code).padStart(12, '0')};&#8203;`),
  'hex entities with many zeros': (text) => each(text, (code) => `&#x${padded(code).padStart(12, '0')};`),
  'octal escapes': (text) => each(text, (code) => `\\${code.toString(8)}`),
  'octal escapes of three digits': (text) => each(text, (code) => `\\${code.toString(8).padStart(3, '0')}`),
  'octal escapes of a shell': (text) => each(text, (code) => `\\0${code.toString(8).padStart(3, '0')}`),
  'braced octal escapes': (text) => each(text, (code) => `\\o{${code.toString(8)}}`),
  'braced byte escapes': (text) => each(text, (code) => `\\x{${code.toString(16)}}`),
  'long escapes of Python': (text) => each(text, (code) => `\\U${padded(code).padStart(8, '0')}`),
  'CSS escapes': (text) => each(text, (code) => `\\${code.toString(16)} `),
  'CSS escapes of six digits': (text) => each(text, (code) => `\\${padded(code).padStart(6, '0').toUpperCase()}`),
  'escapes of LDAP': (text) => each(text, (code) => `\\${code.toString(16).padStart(2, '0')}`),
  'quoted-printable': (text) =>
    bytes(text)
      .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  'quoted-printable as mail has it': (text) => text.replaceAll('=', '=3D').replace(/.{5}/g, '$&=\r\n'),
  'a MIME word in Q': (text) => `=?utf-8?Q?${each(text, (code) => `=${code.toString(16).toUpperCase()}`)}?=`,
  'a MIME word in B': (text) => `=?utf-8?B?${base64(text)}?=`,
  base32: (text) =>
    inBits(bytes(text), 5, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567').padEnd(Math.ceil(text.length / 5) * 8, '='),
  'lower base32': (text) => inBits(bytes(text), 5, 'abcdefghijklmnopqrstuvwxyz234567'),
  'base32 with hex digits': (text) => inBits(bytes(text), 5, '0123456789ABCDEFGHIJKLMNOPQRSTUV'),
  uuencode: (text) => inBits(bytes(text), 6, ascii(33, 95).replace(/^/, '`')),
  'full-width forms': (text) => each(text, (code) => String.fromCharCode(code + 0xfee0)),
  'letters of mathematics': (text) =>
    text.replace(/[a-z]/g, (sign) => String.fromCodePoint(0x1d41a + sign.charCodeAt(0) - 97)),
  'invisible characters between': (text) => [...text].join('\u200b\u00ad'),
  'entities of invisible characters between': (text) => [...text].join('&shy;'),
  'base64 of UTF-16': (text) => base64([...text].join('\0')),
  'base64 of UTF-16 with the high byte first': (text) => base64(`\0${[...text].join('\0')}`),
  'hex of UTF-16': (text) => hex(`${[...text].join('\0')}\0`),
  'hex of UTF-32': (text) => hex(`\0\0\0${[...text].join('\0\0\0')}`),
  'a list of bytes': (text) => JSON.stringify(bytes(text), null, 1),
  'a list of bytes of Go': (text) => `[${bytes(text).join(' ')}]`,
  'binary digits': (text) =>
    bytes(text)
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join(' '),
  'from behind': (text) => [...text].reverse().join(''),
  rot13: (text) =>
    text.replace(/[a-z]/gi, (sign) => String.fromCharCode(sign.charCodeAt(0) + (sign.toLowerCase() < 'n' ? 13 : -13))),
};

test.for(Object.entries(encodings))('masks a secret that is sent back in %s', ([, encode]) => {
  for (const around of ['', 'a', 'ab', 'abc', 'a b', '"', '{"x":"']) {
    const quoted = encode(`${around}${secret}${around}`);
    const masked = mask(`you sent: ${quoted} <end>`);
    expect(masked).toContain('you sent: ');
    // A CSS escape takes the space behind it along.
    expect(masked).toContain('<end>');
    expect(masked).toContain(maskedSecret);
    // Nothing is left of it but what stood around, and the signs that share a group with it.
    expect(masked.replaceAll(maskedSecret, '').length).toBeLessThan(44 + 2 * encode(around).length);
  }
});

test.for(Object.entries(encodings))('masks a secret that is cut off in %s', ([, encode]) => {
  const whole = `it is ${encode(secret)}`;
  const half = Math.floor((whole.length - 6) * 0.8) + 6;
  const masked = mask(whole.slice(0, half), true);
  expect(masked).toContain(maskedSecret);
  expect(masked.length).toBeLessThan(6 + maskedSecret.length + 12);
});

test.for([
  ['a password of Basic', { authorization: `Basic ${base64('ada:lovelace-1')}` }, `user ${base64('lovelace-1')}`],
  ['a whole header', { authorization: `Bearer ${secret}` }, hex(`authorization: Bearer ${secret}`)],
  [
    'a secret with other letters',
    { 'x-key': 'Gr\u00f6\u00dfe-42!' },
    `${base64('Gr\u00f6\u00dfe-42!')} ${encodeURIComponent('Gr\u00f6\u00dfe-42!')} Gr&ouml;&szlig;e-42!`,
  ],
  ['a secret with escapes of its own', { 'x-key': 'p%41"x\\n&amp;' }, JSON.stringify('p%41"x\\n&amp;')],
] as const)('masks %s', ([, headers, text]) => {
  const masked = masker({ headers, body: null })(`<${text}>`);
  for (const part of ['lovelace', 'Gr', '42!', '534', '%41'])
    expect(masked.replaceAll(maskedSecret, '')).not.toContain(part);
});

test.for([1, 2, 3, 4, 5])(
  'masks quoted-printable whose lines are broken every %i characters, also within an escape',
  (length) => {
    const own = '=S3cr3t=Key=42=';
    const lines = own.replaceAll('=', '=3D').replace(new RegExp(`.{${length}}`, 'g'), '$&=\r\n');
    const masked = masker({ headers: { 'x-key': own }, body: null })(`<i>${lines}</i>`);
    expect(masked.replace('=\r\n', '')).toBe(`<i>${maskedSecret}</i>`);
  },
);

test('does not mask parts of words for short secrets, and does where they stand alone or are no words', () => {
  const short = masker({ headers: { 'x-a': 'test', 'x-b': 'de', 'x-c': '1234', 'x-d': 'a1b2' }, body: null });
  const text = 'the latest index of 51234 contests';
  expect(short(text)).toBe(text);
  expect(short('a test, DE 1234 xa1b2x')).toBe(`a ${maskedSecret}, ${maskedSecret} ${maskedSecret} x${maskedSecret}x`);
  const long = 'correcthorse';
  expect(masker({ headers: { 'x-a': long }, body: null })(`x${long}s`)).toBe(`x${maskedSecret}s`);
});

test('leaves ordinary pages alone', () => {
  const page =
    '<!doctype html><p class="message-of-the-day">Internal Server Error &amp; more: 4d5a9000, dGhpcyBpcyBmaW5l</p>';
  expect(mask(page)).toBe(page);
});

test('never throws, is well-formed, and shows the secret in none of the encodings, in any surroundings', () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom('%', '%4', '\\u00', '&#', '&amp', '=', '\ud800', 'AAAA', '0x', '\r\n'),
  );
  const encode = fc.constantFrom(...Object.values(encodings));
  fc.assert(
    fc.property(part, part, encode, fc.boolean(), (before, after, write, isCut) => {
      const masked = mask(`${before} ${write(secret)} ${after}`, isCut);
      expect(masked.toLowerCase()).not.toContain(secret.toLowerCase());
      expect(masked).toContain(maskedSecret);
    }),
    { numRuns: runs(500) },
  );
});

test('hides any secret in any encoding, in any surroundings', () => {
  const signs = [...'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789-_.~+/!$&*()[]{}^|:;,?@#=<>\'"%'];
  const secrets = fc.string({ unit: fc.constantFrom(...signs), minLength: 12, maxLength: 60 });
  const around = fc.constantFrom('', ' ', '"', '\n', 'a', 'ab', 'abc', 'key=', '{"x":"', '\ud83d\ude00');
  const encode = fc.constantFrom(...Object.entries(encodings));
  fc.assert(
    fc.property(secrets, around, encode, (own, beside, [, write]) => {
      const hide = masker({ headers: { 'x-key': own }, body: null });
      const masked = hide(`<i>${write(`${beside}${own}`)}</i>`);
      expect(masked).toContain(maskedSecret);
      expect(masked.replaceAll(maskedSecret, '').length).toBeLessThan(44 + write(beside).length);
    }),
    { numRuns: runs(2_000) },
  );
});

test('a text that could be read in endless ways is masked as a whole or in bounded time', () => {
  for (const unit of ['A', 'ab', '%25', '\\\\', '&amp;']) {
    const read = (length: number) => () => mask(unit.repeat(length / unit.length), true);
    // Four times the length: 4 where time grows with it, 16 where it grows with its square.
    expect(shortestMs(read(40_000)), unit).toBeLessThan(10 * Math.max(shortestMs(read(10_000)), 4));
  }
});

test('all texts of one answer together are searched in bounded time, in any decoding', () => {
  const hostile = btoa(btoa('QUFBQUFB'.repeat(100)));
  const bounded = masker({ headers: { 'x-key': secret }, body: null }, 5_000);
  expect(bounded('plain words')).toBe('plain words');
  expect([1, 2, 3, 4].map(() => bounded(hostile))).toEqual(Array(4).fill(maskedSecret));
});
