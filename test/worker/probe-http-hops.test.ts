import { expect, inject, test } from 'vitest';
import { down, look, up } from './probing.ts';

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

test('a HEAD stays a HEAD, whatever the redirect', async () => {
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

test('what is no secret does go with a redirect to another origin', async () => {
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
