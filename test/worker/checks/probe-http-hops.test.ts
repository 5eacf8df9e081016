import { expect, inject, test } from 'vitest';
import { Cookies } from '../../../worker/checks/kinds/http/cookies.ts';
import { type Change, down, look, up } from './probing.ts';

const target = inject('target');

/** The same server under another origin. */
const elsewhere = target.replace('127.0.0.1', 'localhost');

const via = (url: string, status = 302) => `/redirect-to?status=${status}&url=${encodeURIComponent(url)}`;

test('method, headers and body arrive as they are set', async () => {
  const sent = { method: 'POST', headers: { 'X-Token': 'secret', 'Content-Type': 'text/x-a' }, body: 'a=1' };
  for (const bodyContains of ['"method":"POST"', '"x-token":"secret"', '"content-type":"text/x-a"', '"body":"a=1"'])
    expect(await look('/echo', { ...sent, bodyContains })).toMatchObject(up());
});

test('a user agent and no-cache headers are sent, and one’s own user agent wins', async () => {
  expect(await look('/echo', { bodyContains: '"user-agent":"Pharos/1.0 (+uptime monitor)"' })).toMatchObject(up());
  expect(await look('/echo', { bodyContains: '"cache-control":"no-cache"' })).toMatchObject(up());
  const own = { headers: { 'User-Agent': 'mine' }, bodyContains: '"user-agent":"mine"', bodyNotContains: 'Pharos' };
  expect(await look('/echo', own)).toMatchObject(up());
});

test('a body left over from another method does not stop a GET', async () => {
  expect(await look('/echo', { body: 'left over', bodyContains: '"body":""' })).toMatchObject(up());
});

test.for<[status: number, method: string, arrivesAs: string, body: string]>([
  [301, 'POST', 'GET', ''],
  [302, 'POST', 'GET', ''],
  [303, 'POST', 'GET', ''],
  [303, 'PUT', 'GET', ''],
  [301, 'PUT', 'PUT', 'a=1'],
  [302, 'PATCH', 'PATCH', 'a=1'],
  [307, 'POST', 'POST', 'a=1'],
  [308, 'POST', 'POST', 'a=1'],
  [307, 'DELETE', 'DELETE', 'a=1'],
])('a %i turns %s into %s with body "%s"', async ([status, method, arrivesAs, body]) => {
  const change = { method, body: 'a=1', headers: { 'content-type': 'text/x-a' } };
  const url = via('/echo', status);
  expect(await look(url, { ...change, bodyContains: `"method":"${arrivesAs}"` })).toMatchObject(up());
  expect(await look(url, { ...change, bodyContains: `"body":"${body}"` })).toMatchObject(up());
  const kept = body === '' ? { bodyNotContains: 'text/x-a' } : { bodyContains: 'text/x-a' };
  expect(await look(url, { ...change, ...kept })).toMatchObject(up());
});

test('a HEAD stays a HEAD, through any redirect', async () => {
  for (const status of [301, 302, 303, 307, 308])
    expect(await look(via('/large/10000000', status), { method: 'HEAD' })).toMatchObject(up());
});

const secrets = { Authorization: 'Bearer s3cret', Cookie: 'a=s3cret', 'X-Api-Key': 's3cret' };

test('headers go with a redirect inside the origin', async () => {
  for (const name of ['authorization', 'cookie', 'x-api-key'])
    expect(await look(via('/echo'), { headers: secrets, bodyContains: `"${name}":"` })).toMatchObject(up());
});

test('secrets do not go with a redirect to another origin, nor back again', async () => {
  const away = via(`${elsewhere}/echo`);
  const awayAndBack = via(elsewhere + via(`${target}/echo`));
  for (const url of [away, awayAndBack]) {
    expect(await look(url, { headers: secrets, bodyContains: '"method":"GET"' })).toMatchObject(up());
    expect(await look(url, { headers: secrets, bodyNotContains: 's3cret' })).toMatchObject(up());
  }
});

test('headers that are no secret go with a redirect to another origin', async () => {
  const headers = { 'Accept-Language': 'de', 'User-Agent': 'mine' };
  const url = via(`${elsewhere}/echo`);
  expect(await look(url, { headers, bodyContains: '"accept-language":"de"' })).toMatchObject(up());
  expect(await look(url, { headers, bodyContains: '"user-agent":"mine"' })).toMatchObject(up());
});

test('the reason is that of the last hop', async () => {
  expect(await look(via(inject('broken').refused))).toMatchObject(down('refused'));
  expect(await look(via(inject('broken').selfSigned))).toMatchObject(down('tls'));
  expect(await look(via('/status/503'))).toMatchObject(down('status', 503));
});

test.for([
  [307, 'POST'],
  [308, 'POST'],
  [307, 'PUT'],
  [301, 'PUT'],
  [302, 'PATCH'],
  [308, 'DELETE'],
] as const)('a %i to another origin does not take the body of a %s along: it is blocked', async ([status, method]) => {
  const key = `body-${status}-${method}`;
  const away = via(`${elsewhere}/echo?key=${key}`, status);
  expect(await look(away, { method, body: 'password=s3cret' })).toMatchObject(down('blocked', status));
  expect(await (await fetch(`${target}/requests?key=${key}`)).json()).toEqual([]);
  expect(await look(via(`${elsewhere}/echo`, status), { method, bodyContains: `"method":"${method}"` })).toMatchObject(
    up(),
  );
});

test.for([301, 302, 303])('a %i to another origin turns a POST into a GET without its body', async (status) => {
  const change = { method: 'POST', body: 'password=s3cret' };
  expect(await look(via(`${elsewhere}/echo`, status), { ...change, bodyContains: '"method":"GET"' })).toMatchObject(
    up(),
  );
  expect(await look(via(`${elsewhere}/echo`, status), { ...change, bodyNotContains: 's3cret' })).toMatchObject(up());
});

test.for<[body: string, type: string | null]>([
  ['{"a":1}', 'application/json'],
  [' [1, 2]', 'application/json'],
  ['"text"', 'application/json'],
  ['null', 'application/json'],
  ['a=1', null],
  ['{"a":', null],
])('a body of %j without a type is sent as %s', async ([body, type]) => {
  const wanted = `"content-type":"${type ?? 'text/plain;charset=UTF-8'}"`;
  expect(await look('/echo', { method: 'POST', body, bodyContains: wanted })).toMatchObject(up());
  const own = { headers: { 'Content-Type': 'text/x-own' }, bodyContains: '"content-type":"text/x-own"' };
  expect(await look('/echo', { method: 'POST', body, ...own })).toMatchObject(up());
});

const setting = (url: string, ...cookies: string[]) =>
  `/redirect-to?${new URLSearchParams([['url', url], ...cookies.map((cookie) => ['cookie', cookie] as [string, string])])}`;

const sendsBack = async (url: string, cookie: string | null, change: Change = {}) => {
  const assertion = cookie === null ? { bodyNotContains: '"cookie"' } : { bodyContains: `"cookie":"${cookie}"` };
  expect(await look(url, { ...change, ...assertion })).toMatchObject(up());
};

test('a cookie that a redirect sets is sent to where it leads', async () => {
  await sendsBack(setting('/echo', 'session=abc; Path=/; HttpOnly', 'b=2; Path=/'), 'session=abc; b=2');
  await sendsBack(setting(setting('/echo', 'a=2; Path=/'), 'a=1; Path=/', 'b=1; Path=/'), 'a=2; b=1');
  await sendsBack('/echo', null);
});

test('a site that sets a cookie and redirects to itself is up', async () => {
  expect(await look('/cookie-wall')).toMatchObject(up());
});

test('cookies go to their host and path alone, and not after they are over', async () => {
  await sendsBack(setting(`${elsewhere}/echo`, 'a=1; Path=/'), null);
  await sendsBack(setting(elsewhere + setting(`${target}/echo`, 'b=1; Path=/'), 'a=1; Path=/'), 'a=1');
  await sendsBack(setting('/echo', 'a=1; Path=/elsewhere'), null);
  await sendsBack(setting('/echo', 'a=1; Path=/echo', 'b=1; Path=/; Max-Age=0'), 'a=1');
  await sendsBack(setting('/echo', 'a=1; Path=/; Domain=com', 'b=1; Path=/; Domain=example.com', 'c=1; Path=/'), 'c=1');
  await sendsBack(setting('/echo', 'no cookie at all', '=', 'b=1; Path=/'), 'b=1');
});

test('no cookie spans a public suffix, whichever host sets it', async () => {
  const cookies = new Cookies();
  const set = (url: string, line: string) => cookies.take(url, new Response(null, { headers: { 'set-cookie': line } }));
  const sent = (url: string) => cookies.addTo({ url, method: 'GET', headers: {}, body: null }).headers.cookie ?? null;
  await set('https://a.example.co.uk/', 'suffix=1; Domain=co.uk');
  await set('https://a.example.co.uk/', 'site=1; Domain=example.co.uk');
  await set('https://a.github.io/', 'hosted=1; Domain=github.io');
  await set('https://a.example.co.uk/', 'secure=1; Domain=example.co.uk; Secure');
  expect(sent('https://b.example.co.uk/')).toBe('site=1; secure=1');
  expect(sent('http://b.example.co.uk/')).toBe('site=1');
  expect([sent('https://other.co.uk/'), sent('https://b.github.io/')]).toEqual([null, null]);
});

test('a cookie set on the way counts rather than the monitor’s own of that name, and is masked like it', async () => {
  const change = { headers: { Cookie: 'session=mine; theme=dark' } };
  await sendsBack(setting('/echo', 'session=theirs; Path=/'), 'theme=dark; session=theirs', change);
  const url = setting('/echo', 'session=s3cret-of-the-way; Path=/');
  const { answer } = await look(url, { expectedStatus: '204', keepAnswer: true });
  expect(answer?.body).toContain('session=');
  expect(answer?.body).not.toContain('s3cret-of-the-way');
});

test('no more than 50 cookies are kept, and none that is long', async () => {
  const cookies = new Cookies();
  const headers = new Headers([['set-cookie', `long=${'x'.repeat(5000)}`]]);
  for (let i = 0; i < 60; i++) headers.append('set-cookie', `c${i}=1`);
  await cookies.take('https://example.com/', new Response(null, { headers }));
  const { headers: sent } = cookies.addTo({ url: 'https://example.com/', method: 'GET', headers: {}, body: null });
  expect(sent.cookie).toBe(Array.from({ length: 50 }, (_, i) => `c${i}=1`).join('; '));
});

test.for([
  'http://localhost/',
  'http://127.0.0.1/',
  'http://[::1]/',
  'http://a.local/',
  'http://co.uk/',
  'http://intranet/',
])('a cookie of %s never stops a check', async (url) => {
  const cookies = new Cookies();
  await cookies.take(url, new Response(null, { headers: { 'set-cookie': 'a=1' } }));
  expect(cookies.addTo({ url, method: 'GET', headers: {}, body: null })).toMatchObject({ url });
  expect(cookies.addTo({ url: 'http://localhost/', method: 'GET', headers: {}, body: null })).toBeDefined();
});

test.for(['GET', 'HEAD'])(
  'a %s is asked again where a kept connection is reset before any byte came',
  async (method) => {
    const results = [];
    for (let i = 0; i < 4; i++) results.push(await look(inject('broken').resetsKept, { method }));
    expect(results).toEqual(Array(4).fill({ ...up(), latencyMs: expect.any(Number) }));
  },
);

test('the evidence says that the answer was the second attempt', async () => {
  const origin = inject('broken').resetsKept;
  const change = { expectedStatus: '204', keepAnswer: true };
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push((await look(origin, change)).answer?.retried ?? false);
  expect(answers).toContain(true);
  expect(answers).toContain(false);
});

test('a POST is never sent twice', async () => {
  const change = { method: 'POST', body: 'a=1' };
  const results = [];
  for (let i = 0; i < 4; i++) results.push((await look(inject('broken').resetsKept, change)).reason);
  expect(results).toContain('reset');
});

test('a Location that a proxy added a second time leads to one place', async () => {
  const headers = JSON.stringify({ location: ['/status/204', '/status/204'] });
  expect(await look(`/answer?${new URLSearchParams({ status: '302', headers })}`)).toMatchObject(up(204));
});
