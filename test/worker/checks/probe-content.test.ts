import { brotliCompressSync, constants } from 'node:zlib';
import { expect, inject, test } from 'vitest';
import { matchBody } from '../../../worker/http/body.ts';
import { maxBodyBytes } from '../../../worker/http/coding.ts';
import { type Change, down, look, up } from './probing.ts';

const query = (given: Record<string, string | number>) =>
  new URLSearchParams(Object.entries(given).map(([name, value]) => [name, String(value)])).toString();

const packed = (how: string, as: string, given: Record<string, string | number> = { text: 'all is well' }) =>
  `/packed/${how}?${query({ as, ...given })}`;

const bytes = (list: readonly number[], type: string) =>
  `/bytes/${encodeURIComponent(btoa(String.fromCharCode(...list)))}?${query({ type })}`;

const page = (text: string, type: string, encode: (text: string) => number[] = latin) => bytes(encode(text), type);

const latin = (text: string) => [...text].map((sign) => sign.charCodeAt(0));
const utf8 = (text: string) => [...new TextEncoder().encode(text)];
const wide = (text: string, isLittle: boolean) =>
  latin(text).flatMap((code) => (isLittle ? [code & 255, code >> 8] : [code >> 8, code & 255]));

/** "Привет" in windows-1251, as Latin-1. */
const hello = '\u00cf\u00f0\u00e8\u00e2\u00e5\u00f2';

const holds = async (url: string, text: string, change: Change = {}) => {
  expect.soft(await look(url, { bodyContains: text, ...change }), 'contains').toMatchObject(up());
  expect.soft(await look(url, { bodyNotContains: text, ...change }), 'lacks').toMatchObject(down('body', 200));
};

const lacks = async (url: string, text: string) => {
  expect.soft(await look(url, { bodyContains: text }), 'contains').toMatchObject(down('body', 200));
  expect.soft(await look(url, { bodyNotContains: text }), 'lacks').toMatchObject(up());
};

const isNotJudged = async (url: string, text: string, reason: 'undecodable' | 'too_large', change: Change = {}) => {
  expect.soft(await look(url, { bodyContains: text, ...change }), 'contains').toMatchObject(down(reason, 200));
  expect.soft(await look(url, { bodyNotContains: text, ...change }), 'lacks').toMatchObject(down(reason, 200));
};

test.for([
  ['gzip', 'gzip'],
  ['gzip', 'GZIP'],
  ['gzip', 'x-gzip'],
  ['gzip', 'X-GZip'],
  ['deflate', 'deflate'],
  ['deflate', 'Deflate'],
  ['deflate-raw', 'deflate'],
  ['br', 'br'],
  ['br', 'BR'],
  ['zstd', 'zstd'],
  ['zstd-frames', 'zstd'],
  ['zstd-frames,gzip', 'zstd, gzip'],
  ['gzip,br', 'gzip, br'],
  ['br,gzip', 'BR,gzip'],
  ['gzip,gzip', 'gzip, GZIP'],
  ['deflate,gzip,br', 'deflate,gzip , br'],
  ['gzip', 'identity, gzip'],
  ['none', 'identity'],
  ['none', ''],
] as const)('what is packed as %s and says "%s" is read', async ([how, as]) => {
  await holds(packed(how, as), 'is well');
  await lacks(packed(how, as), 'is ill');
});

test.for(['gzip', 'deflate', 'br', 'zstd'] as const)('a large body in %s is read to its end', async (how) => {
  for (const as of [how, how.toUpperCase()])
    await holds(packed(how, as, { bytes: 3_000_000, text: 'the end' }), 'xthe end');
});

test.for([
  ['none', 'gzip'],
  ['none', 'GZIP'],
  ['none', 'deflate'],
  ['none', 'br'],
  ['none', 'BR'],
  ['none', 'zstd'],
  ['none', 'compress'],
  ['none', 'utf-8'],
  ['gzip', 'gzip, gzip'],
  ['gzip,cut', 'gzip'],
  ['gzip,cut', 'GZIP'],
  ['deflate,cut', 'deflate'],
  ['br,cut', 'br'],
  ['br,cut', 'BR'],
  ['zstd,cut', 'zstd'],
  ['gzip,gzip,gzip,gzip,gzip', 'gzip,gzip,gzip,gzip,gzip'],
] as const)('what is %s and says "%s" is not judged', async ([how, as]) => {
  await isNotJudged(packed(how, as), 'nowhere', 'undecodable');
});

test.for(['gzip', 'GZIP', 'deflate', 'br', 'BR', 'gzip, br', 'zstd', 'compress'])(
  'an empty body that says "%s" is empty',
  async (as) => {
    const url = packed('none', as, {});
    expect(await look(url)).toMatchObject(up());
    await lacks(url, 'anything');
    expect(await look(url, { bodyContains: 'anything', keepAnswer: true })).toMatchObject({ answer: { body: '' } });
  },
);

test('a match before an unreadable rest counts', async () => {
  const url = packed('deflate,cut', 'deflate', { bytes: 100_000, text: 'the end' });
  expect(await look(url, { bodyContains: 'xxx' })).toMatchObject(up());
  expect(await look(url, { bodyNotContains: 'xxx' })).toMatchObject(down('body', 200));
  expect(await look(url, { bodyContains: 'xxx', bodyNotContains: 'y' })).toMatchObject(down('undecodable', 200));
});

test.for([
  ['gzip', 'gzip'],
  ['gzip', 'GZIP'],
  ['deflate', 'deflate'],
  ['br', 'br'],
  ['br', 'BR'],
  ['zstd', 'zstd'],
  ['gzip,gzip', 'gzip,gzip'],
  ['br,br', 'br,br'],
] as const)('a body of 40 MB that is small as %s ("%s") is let go', async ([how, as]) => {
  await isNotJudged(packed(how, as, { bytes: 40_000_000 }), 'nowhere', 'too_large', { timeoutMs: 30_000 });
});

test('text is found up to 8 MiB, and not judged beyond', async () => {
  const text = 'the end';
  await holds(packed('none', '', { bytes: maxBodyBytes - text.length, text }), 'xthe end');
  await holds(packed('gzip', 'gzip', { bytes: maxBodyBytes - text.length, text }), 'xthe end');
  await isNotJudged(packed('none', '', { bytes: maxBodyBytes - text.length + 1, text }), 'xthe end', 'too_large');
});

test('a packed answer that never ends is a timeout, and lets go of its connection', async () => {
  const url = `/drip?key=packed-drip&as=deflate`;
  expect(await look(url, { timeoutMs: 1_000, bodyContains: 'never' })).toMatchObject(down('timeout', 200));
  await expect
    .poll(async () => (await fetch(`${inject('target')}/in-flight?key=packed-drip`)).json())
    .toMatchObject({ now: 0 });
});

const meta = (attributes: string) => `<!doctype html><html><head><!-- <meta charset=koi8-r> --><meta ${attributes}>`;

test.for<[what: string, url: string, text: string]>([
  ['the header', page(hello, 'text/plain; charset=windows-1251'), 'Привет'],
  ['the header in quotes', page(hello, 'text/html; Charset="CP1251"'), 'Привет'],
  ['the header before the page', page(meta('charset=koi8-r') + hello, 'text/html; charset=windows-1251'), 'Привет'],
  ['the mark before the header', page('\u00ef\u00bb\u00bf\u00c3\u00bc', 'text/html; charset=windows-1251'), 'ü'],
  ['a page', page(meta('charset="windows-1251"') + hello, 'text/html'), 'Привет'],
  ['a page without quotes', page(meta('charset=windows-1251') + hello, 'text/html'), 'Привет'],
  ['a page in other letters', page(meta("CHARSET = 'Windows-1251' /") + hello, 'text/HTML ;x=y'), 'Привет'],
  [
    'a page by http-equiv',
    page(meta('content="text/html; charset=windows-1251" http-equiv=Content-Type') + hello, 'text/html'),
    'Привет',
  ],
  [
    'a page after a name that means nothing',
    page(`${meta('charset=nonsense')}<meta charset=windows-1251>${hello}`, 'text/html'),
    'Привет',
  ],
  [
    'a page whose header means nothing',
    page(meta('charset=windows-1251') + hello, 'text/html; charset=nonsense'),
    'Привет',
  ],
  ['a page without a type', page(meta('charset=windows-1251') + hello, ''), 'Привет'],
  ['a page that says UTF-16 and is not', page(`${meta('charset=utf-16')}ü`, 'text/html', utf8), 'ü'],
  [
    'a declaration of XML',
    page(`<?xml version="1.0" encoding="windows-1251"?><a>${hello}</a>`, 'application/rss+xml'),
    'Привет',
  ],
  ['UTF-16 by its mark', page('\ufeffПривет', 'text/plain', (text) => wide(text, true)), 'Привет'],
  ['UTF-16BE by its mark', page('\ufeffПривет', 'text/html', (text) => wide(text, false)), 'Привет'],
  ['UTF-16 by its zeros', page('<p>hi Привет', 'text/html', (text) => wide(text, true)), 'hi Привет'],
  ['Japanese', bytes([0x82, 0xa0, 0x82, 0xa2], 'text/plain; charset=Shift_JIS'), 'あい'],
  ['Chinese', bytes([0xc4, 0xe3, 0xba, 0xc3], 'text/plain; charset=gb2312'), '你好'],
  ['nothing, in UTF-8', page('Größe', 'text/html', utf8), 'Größe'],
])('text is read as %s says', async ([, url, text]) => {
  await holds(url, text);
});

test.for<[what: string, url: string, text: string]>([
  ['it says nothing, and is no UTF-8', page(hello, 'text/html'), 'Привет'],
  ['a comment says what it is written in', page(`<!-- <meta charset=windows-1251> -->${hello}`, 'text/html'), 'Привет'],
  [
    'it says so after 1,024 bytes',
    page(`${' '.repeat(1024)}<meta charset=windows-1251>${hello}`, 'text/html'),
    'Привет',
  ],
  ['plain text has tags', page(`<meta charset=windows-1251>${hello}`, 'text/plain'), 'Привет'],
  ['its header names what no browser decodes', page('hello', 'text/plain; charset=iso-2022-kr'), 'hello'],
  ['it is UTF-32', bytes([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0], 'text/plain'), 'a'],
  ['it is UTF-32 without a mark', bytes([0, 0, 0, 0x61, 0, 0, 0, 0x62], 'text/plain'), 'a'],
])('text is not judged where %s', async ([, url, text]) => {
  await isNotJudged(url, text, 'undecodable');
});

test('Latin letters are judged also where other signs are not understood', async () => {
  await holds(page(`${hello} fatal error`, 'text/html'), 'fatal error');
  await lacks(page(hello, 'text/html'), 'fatal error');
});

test('evidence shows what was packed, in the encoding of the page', async () => {
  const kept = async (url: string) => (await look(url, { expectedStatus: '204', keepAnswer: true })).answer;
  expect(await kept(packed('deflate', 'deflate'))).toMatchObject({ body: 'all is well', cut: false });
  expect(await kept(packed('gzip,br', 'gzip, br'))).toMatchObject({ body: 'all is well', cut: false });
  expect(await kept(page(meta('charset=windows-1251') + hello, 'text/html'))).toMatchObject({
    body: expect.stringContaining('Привет'),
  });
});

test('a body whose coding is costly to undo fails as too large before it takes seconds', async () => {
  const raw = new Uint8Array(256 * 1024);
  for (let at = 0; at < raw.length; at += 65_536) crypto.getRandomValues(raw.subarray(at, at + 65_536));
  const packed = brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
  const headers = { 'content-encoding': 'BR', 'content-type': 'text/plain; charset=latin1' };
  const { signal } = new AbortController();
  expect(await matchBody(new Response(packed, { headers }), null, 'absent', signal)).toBe('too_large');
});

test.for([
  ['header says utf-8 and windows-1251 comes', page(`<p>${hello}</p>`, 'text/html; charset=utf-8')],
  ['page says utf-8 and windows-1251 comes', page(`${meta('charset=utf-8')}${hello}`, 'text/html')],
  ['header says UTF-7', page('+BB8EQAQ4BDIENQRC-', 'text/plain; charset=UTF-7')],
  [
    'header says UTF-32',
    page('Привет', 'text/plain; charset=utf-32', (text) =>
      wide(text, true).flatMap((b, i) => (i % 2 ? [b, 0, 0] : [b])),
    ),
  ],
  ['header says EBCDIC', bytes([0xc8, 0x85, 0x93, 0x93, 0x96], 'text/plain; charset=IBM037')],
  ['page is UTF-16 and says nothing', page('Привет', 'text/html', (text) => wide(text, true))],
  ['page is ISO-2022-JP and says nothing', bytes([0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x42], 'text/html')],
] as const)('the %s: nothing is said of its letters', async ([, url]) => {
  await isNotJudged(url, 'Привет', 'undecodable');
});

test.for([
  [
    'a sign that is cut in two',
    page(`Grüße aus Köln und Tübingen, ${'\u00c3'}`, 'text/html; charset=utf-8', (text) => [
      ...utf8(text.slice(0, -1)),
      0xc3,
    ]),
  ],
  ['signs that were lost before', page('It\ufffds a caf\ufffd', 'text/html; charset=utf-8', utf8)],
  ['signs that were lost before, of no declared encoding', page('It\ufffds a caf\ufffd', 'text/html', utf8)],
] as const)('%s in a page make it no other encoding', async ([, url]) => {
  await lacks(url, 'Störung');
});
