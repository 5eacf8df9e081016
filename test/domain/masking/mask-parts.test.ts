import { expect, test } from 'vitest';
import { maskedSecret } from '../../../worker/domain/monitors/monitor.ts';
import { masker, type Sent } from '../../../worker/masking/mask.ts';
import { shortestMs } from '../support/shortestMs.ts';

const secret = 's3cr3t-Key-9911';
const inHeader = (value: string, name = 'authorization'): Sent => ({ headers: { [name]: value }, body: null });
const inBody = (body: string): Sent => ({ headers: {}, body });
const json = (value: unknown) => inBody(JSON.stringify(value));

/** The target answers with the secret alone, without the text around it in the request. */
test.each<[what: string, sent: Sent]>([
  ['a header with blanks around it', inHeader(`  ${secret}\t`)],
  ['a token in quotation marks behind a scheme', inHeader(`Token token="${secret}"`)],
  ['one parameter of Digest', inHeader(`Digest username="bob", nonce="x1", response="${secret}", qop=auth`)],
  ['a header in quotation marks', inHeader(`"${secret}"`, 'x-api-key')],
  ['a password behind a user', inHeader(`bob:${secret}`, 'x-auth')],
  ['a key that is the user of Basic', inHeader(`Basic ${btoa(`${secret}:`)}`)],
  ['a cookie in quotation marks', inHeader(`sid="${secret}"; b=1`, 'cookie')],
  ['JSON in a header', inHeader(JSON.stringify({ key: secret }), 'x-context')],
  ['base64 in a header', inHeader(btoa(`user:${secret}`), 'x-proxy')],
  ['XML', inBody(`<?xml version="1.0"?><login><user>bob</user><password>${secret}</password></login>`)],
  ['an attribute of XML', inBody(`<login user="bob1" pass='${secret}'/>`)],
  ['CDATA', inBody(`<p>\n  <![CDATA[${secret}]]>\n</p>`)],
  ['multipart', inBody(`--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n${secret}\r\n--x--`)],
  ['a text of a query', json({ query: `mutation { login(user: "bob", password: "${secret}") { id } }` })],
  ['lines of JSON', inBody(`{"user":"bob"}\n{"password":"${secret}"}`)],
  ['lines of names and values', inBody(`user: bob\npassword: ${secret}\n`)],
  ['YAML', inBody(`user: bob\npassword: '${secret}'`)],
  ['JSON in JSON', json({ data: JSON.stringify({ password: secret }) })],
  ['base64 in JSON', json({ data: btoa(`user:${secret}`) })],
  ['a form in JSON', json({ form: `user=bob&password=${encodeURIComponent(secret)}` })],
])('masks the secret alone where it was sent as %s', (_, sent) => {
  expect(masker(sent)(`wrong password ${secret}.`)).toBe(`wrong password ${maskedSecret}.`);
});

test.each([
  ['tags of a highlighter', '<b>s3cr3t</b><span class="o">-</span>Key<wbr>-9911'],
  ['a line break', 's3cr3t-\r\n    Key-9911'],
])('masks a secret with %s in it', (_, text) => {
  expect(masker(inHeader(secret, 'x-key'))(`got ${text}!`)).toMatch(new RegExp(`^got (<b>)?${maskedSecret}!$`));
});

test('names of fields stay readable', () => {
  const bodies = [
    '{"password":"x"}\n{"login":"y"}',
    '<a xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" version="version">1</a>',
    '--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n1\r\n--x--',
  ];
  for (const body of bodies) {
    const text = 'The field password or login is not there: http://schemas.xmlsoap.org/soap/envelope/ version';
    expect(masker(inBody(body))(text)).toBe(text);
  }
});

test('a body with too many parts to search hides the evidence, and costs no more than others', () => {
  const body = JSON.stringify(Array.from({ length: 1_800 }, (_, i) => `k${i.toString(36).padStart(5, 'z')}`));
  expect(masker(inBody(body))('ordinary words')).toBe(maskedSecret);
});

test.each(['"', "'\\", '<', 'a:', 'xmlns=', '{"a":', '>x', 'a=b;', '"\\"', '<![CDATA[', 'name="'])(
  'a body of nothing but %j is searched in time that grows with its length',
  (unit) => {
    const look = (length: number) => () => masker(inBody(unit.repeat(length / unit.length)))('ordinary words');
    // Eight times the length: 8 where time grows with it, 64 where it grows with its square.
    expect(shortestMs(look(16_000))).toBeLessThan(24 * Math.max(shortestMs(look(2_000)), 2));
  },
);
