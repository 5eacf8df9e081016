import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxUrlLength, targetProblem } from '../../../worker/domain/checks/target.ts';

const codeOf = (url: string, allowPrivate = false) => targetProblem(url, allowPrivate)?.code ?? null;

test.each([
  'https://example.com',
  'http://example.com/',
  'HTTPS://EXAMPLE.COM/a?b=c#d',
  'https://example.com:8443/path',
  'https://sub.domain.example.co.uk/',
  'https://münchen.example/',
  'https://xn--mnchen-3ya.example/',
  'https://example.com./',
  'https://internal.example.com/',
  'https://example.com/http://localhost/',
])('allows %s', (url) => {
  expect(codeOf(url)).toBeNull();
});

describe('refuses', () => {
  test.each([
    ['example.com', 'no_scheme'],
    ['example.com/path', 'no_scheme'],
    ['example.com:8080/path', 'no_scheme'],
    ['localhost:3000', 'no_scheme'],
    ['//example.com', 'no_scheme'],
    ['', 'no_scheme'],
    ['https://', 'not_a_url'],
    ['https:example.com', 'not_a_url'],
    ['http://localhost../', 'not_a_url'],
    ['http://127.0.0.1../', 'not_a_url'],
    ['http://a..b.example/', 'not_a_url'],
    ['https:/example.com', 'not_a_url'],
    ['http://exa mple.com', 'not_a_url'],
    ['https://example.com:99999/', 'not_a_url'],
    ['javascript:alert(1)', 'scheme'],
    ['ftp://example.com/', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['data:text/html,x', 'scheme'],
    ['ws://example.com/', 'scheme'],
    ['https://user:secret@example.com/', 'credentials'],
    ['https://user@example.com/', 'credentials'],
    [`https://example.com/${'x'.repeat(maxUrlLength)}`, 'too_long'],
  ])('%.60s always, as %s', (url, code) => {
    expect(codeOf(url)).toBe(code);
    expect(codeOf(url, true)).toBe(code);
  });

  test.each([
    ['http://localhost', 'private_address'],
    ['http://LOCALHOST:8080/', 'private_address'],
    ['http://localhost./', 'private_address'],
    ['http://app.localhost/', 'private_address'],
    ['http://printer.local/', 'private_address'],
    ['http://db.internal/', 'private_address'],
    ['http://router.lan/', 'private_address'],
    ['http://nas.home.arpa/', 'private_address'],
    ['http://intranet/', 'private_address'],
    ['http://metadata.google.internal/', 'private_address'],
    ['http://metadata.goog/', 'private_address'],
    ['http://169.254.169.254/latest/meta-data/', 'private_address'],
    ['http://127.0.0.1:8787/', 'private_address'],
    ['http://10.0.0.1/', 'private_address'],
    ['http://172.16.0.1/', 'private_address'],
    ['http://192.168.1.1/', 'private_address'],
    ['http://100.64.0.1/', 'private_address'],
    ['http://0.0.0.0/', 'private_address'],
    ['http://0/', 'private_address'],
    ['http://127.1/', 'private_address'],
    ['http://2130706433/', 'private_address'],
    ['http://0x7f.0.0.1/', 'private_address'],
    ['http://017700000001/', 'private_address'],
    ['http://１２７.0.0.1/', 'private_address'],
    ['http://[::1]/', 'private_address'],
    ['http://[::]/', 'private_address'],
    ['http://[fe80::1]/', 'private_address'],
    ['http://[fd00::1]/', 'private_address'],
    ['http://[::ffff:127.0.0.1]/', 'private_address'],
    ['http://[::ffff:7f00:1]/', 'private_address'],
    ['http://[64:ff9b::7f00:1]/', 'private_address'],
    ['http://8.8.8.8/', 'bare_ip'],
    ['http://[2606:4700:4700::1111]/', 'bare_ip'],
  ])('%s, as %s, except where private targets are allowed', (url, code) => {
    expect(codeOf(url)).toBe(code);
    expect(codeOf(url, true)).toBeNull();
  });
});

test('no private IPv4 address passes, however it is written', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const privateAddress = fc.oneof(
    fc.tuple(fc.constant(10), byte, byte, byte),
    fc.tuple(fc.constant(127), byte, byte, byte),
    fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
    fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
  );
  const written = fc.constantFrom(
    (b: number[]) => b.join('.'),
    (b: number[]) => b.map((n) => `0x${n.toString(16)}`).join('.'),
    (b: number[]) => b.map((n) => `0${n.toString(8)}`).join('.'),
    (b: number[]) => String(b.reduce((sum, n) => sum * 256 + n, 0)),
    (b: number[]) => `[::ffff:${b.join('.')}]`,
  );
  fc.assert(
    fc.property(privateAddress, written, (bytes, write) => {
      expect(codeOf(`http://${write(bytes)}/`)).toBe('private_address');
    }),
  );
});

test('never throws, and never allows another scheme, for any input', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string().map((text) => `https://${text}`),
      ),
      (text) => {
        if (codeOf(text) === null) expect(['http:', 'https:']).toContain(new URL(text).protocol);
      },
    ),
  );
});

describe('Pharos itself is not watched', () => {
  const ownHosts = ['pharos.example.com', 'localhost:8788'];
  const codeOfOwn = (url: string) => targetProblem(url, { allowPrivate: true, ownHosts })?.code ?? null;

  test.each([
    'https://pharos.example.com/',
    'http://PHAROS.example.com./healthz',
    'https://pharos.example.com:443/',
    'https://preview.pharos.example.com/',
    'https://pharos.example.com:8443/',
    'http://pharos.example.com.:2052/healthz',
    'https://preview.pharos.example.com:2096/',
    'https://ｐharos.example.com/',
    'http://localhost:8788/status/x',
    'http://127.0.0.1:8788/',
    'http://127.1:8788/',
    'http://0x7f000001:8788/',
    'http://127.0.0.2:8788/',
    'http://[::1]:8788/',
    'http://[::ffff:127.0.0.1]:8788/',
    'http://0.0.0.0:8788/',
    'http://0:8788/',
    'http://[::]:8788/',
    'http://[::ffff:0.0.0.0]:8788/',
    'http://anything.localhost:8788/',
  ])('%s', (url) => expect(codeOfOwn(url)).toBe('own_address'));

  test.each(['https://example.com/', 'https://notpharos.example.com/', 'http://localhost:3000/', 'http://127.0.0.1/'])(
    'but %s is',
    (url) => expect(codeOfOwn(url)).toBeNull(),
  );
});
