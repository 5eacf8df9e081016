import { expect, inject, test } from 'vitest';
import { type Hop, nextHop } from '../../../worker/checks/kinds/http/hop.ts';
import { targetProblem } from '../../../worker/domain/checks/target.ts';
import { type Change, defaultTimeoutMs, down, look, up } from './probing.ts';

const target = inject('target');
const broken = inject('broken');

const flight = async (key: string) =>
  (await (await fetch(`${target}/in-flight?key=${key}`)).json()) as { now: number; most: number; bytes: number };

const nothingHangs = (key: string) => expect.poll(async () => (await flight(key)).now).toBe(0);

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));
const inPieces = (text: string, size: number) => {
  const bytes = new TextEncoder().encode(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    base64(bytes.slice(i * size, (i + 1) * size)),
  ).join(',');
};

test.for<[name: string, url: string, expected: object, change?: Change]>([
  ['a 200', '/', up()],
  ['a 204 without a body', '/status/204', up(204)],
  ['a 503', '/status/503', down('status', 503)],
  ['a 404 that is expected', '/status/404', up(404), { expectedStatus: '200, 404' }],
  ['a 200 that is not expected', '/', down('status', 200), { expectedStatus: '401' }],
  ['a text that is there', '/body/hello%20world', up(), { bodyContains: 'lo wo' }],
  ['a text that is missing', '/body/hello', down('body', 200), { bodyContains: 'bye' }],
  ['a text that must be missing and is', '/body/hello', up(), { bodyNotContains: 'error' }],
  ['a text that must be missing and is not', '/body/an%20error', down('body', 200), { bodyNotContains: 'error' }],
  [
    'one wanted, one unwanted text',
    '/body/ok%20error',
    down('body', 200),
    { bodyContains: 'ok', bodyNotContains: 'error' },
  ],
  ['a wanted text without the unwanted', '/body/all%20ok', up(), { bodyContains: 'ok', bodyNotContains: 'error' }],
  ['an assertion on an empty body', '/status/204', down('body', 204), { bodyContains: 'ok' }],
  ['a text behind a wrong status', '/status/500', down('status', 500), { bodyContains: 'status 500' }],
  ['three hops of five', '/redirect/3', up()],
  ['exactly as many hops as allowed', '/redirect/5', up()],
  ['one hop too many', '/redirect/6', down('redirect', 302)],
  ['a redirect that is judged as it is', '/redirect/1', up(302), { maxRedirects: 0 }],
  [
    'a redirect judged as it is and not expected',
    '/redirect/1',
    down('status', 302),
    { maxRedirects: 0, expectedStatus: '200' },
  ],
  ['a loop', '/loop', down('redirect', 302)],
  ['a redirect without a place, which is an answer like any other', '/status/302', up(302)],
  ['a redirect without a place that is not expected', '/status/301', down('status', 301), { expectedStatus: '200' }],
  ['a redirect to no address', '/redirect-to?url=http%3A%2F%2F%5B', down('redirect', 302)],
  ['a 304, which is no redirect', '/status/304', up(304)],
  ['a redirect to another scheme', '/redirect-to?url=javascript%3Aalert(1)', down('blocked', 302)],
  ['a redirect with credentials', '/redirect-to?url=http%3A%2F%2Fa%3Ab%40127.0.0.1%2F', down('blocked', 302)],
  ['a HEAD', '/', up(), { method: 'HEAD' }],
  ['a HEAD of something large', '/large/10000000', up(), { method: 'HEAD' }],
  ['an OPTIONS', '/echo', up(), { method: 'OPTIONS' }],
])('%s', async ([, url, expected, change]) => {
  expect(await look(url, change)).toEqual({ ...expected, latencyMs: expect.any(Number) });
});

test.for<[name: string, url: string, expected: object]>([
  ['a refused connection', broken.refused, down('refused')],
  ['a connection closed at once', broken.closes, down('reset')],
  ['a connection closed after the request', broken.closesAfterRequest, down('reset')],
  ['a connection reset after the request', broken.resets, down('reset')],
  ['an answer that is not HTTP', broken.garbage, down('protocol')],
  ['a status line without a status', broken.badStatus, down('protocol')],
  ['a header on two lines', broken.folded, down('protocol')],
  ['a version of HTTP that there is not', broken.newerVersion, down('protocol')],
  ['an answer in TLS', broken.tlsBytes, down('protocol')],
  ['headers that break off', broken.truncatedHeaders, down('reset')],
  ['a certificate signed by itself', broken.selfSigned, down('tls')],
  ['a certificate that has expired', broken.expired, down('tls')],
  ['TLS spoken to a server that has none', target.replace('http:', 'https:'), down('tls')],
  ['a name that does not resolve', 'http://does-not-exist.invalid/', down('dns')],
])('%s, as local workerd throws it', async ([, url, expected]) => {
  expect(await look(url)).toEqual({ ...expected, latencyMs: expect.any(Number) });
});

test.for(['truncatedBody', 'truncatedChunk'] as const)(
  'a body that breaks off (%s) matters only to an assertion',
  async (name) => {
    expect(await look(broken[name], { bodyContains: 'all of it' })).toMatchObject(down('reset', 200));
    expect(await look(broken[name], { bodyContains: 'only' })).toMatchObject(up());
    expect(await look(broken[name])).toMatchObject(up());
  },
);

test.for<[status: number, body: string, expected: object]>([
  [520, '', down('reset', 520)],
  [521, '', down('refused', 521)],
  [522, '', down('timeout', 522)],
  [523, '', down('unreachable', 523)],
  [524, '', down('timeout', 524)],
  [525, '', down('tls', 525)],
  [526, '', down('tls', 526)],
  [527, '', down('unreachable', 527)],
  [529, '', down('status', 529)],
  [530, 'error code: 1016', down('dns', 530)],
  [530, 'error code: 1001', down('dns', 530)],
  [530, 'error code: 1033', down('unreachable', 530)],
  [530, 'something else', down('unreachable', 530)],
  [530, '', down('unreachable', 530)],
  [403, 'error code: 1003', { health: 'unknown', reason: 'unsupported', status: 403 }],
  [403, 'error code: 1000', { health: 'unknown', reason: 'unsupported', status: 403 }],
  [403, 'error code: 1020', down('status', 403)],
  [403, 'Forbidden', down('status', 403)],
])('the platform answers %i "%s" for the target', async ([status, body, expected]) => {
  const url = `/answer?status=${status}&body=${encodeURIComponent(body)}`;
  expect(await look(url)).toEqual({ ...expected, latencyMs: expect.any(Number) });
});

test('a dead origin is down even where any status is expected', async () => {
  expect(await look('/answer?status=522&body=', { expectedStatus: '100-599' })).toMatchObject(down('timeout', 522));
});

test('no answer within the timeout is a timeout, and the request ends with it', async () => {
  const result = await look('/hang?key=hang', { timeoutMs: 300 });
  expect(result).toMatchObject(down('timeout'));
  expect(result.latencyMs).toBeGreaterThanOrEqual(295);
  expect(result.latencyMs).toBeLessThan(defaultTimeoutMs);
  await nothingHangs('hang');
});

test.for(['silent', 'silentTls'] as const)('a server that accepts and says nothing (%s) is a timeout', async (name) => {
  expect(await look(broken[name], { timeoutMs: 200 })).toMatchObject(down('timeout'));
});

test('a body that never ends is a timeout only where an assertion waits for it', async () => {
  const result = await look('/drip?key=drip', { timeoutMs: 1_500, bodyContains: 'never' });
  expect(result).toMatchObject(down('timeout', 200));
  expect(result.latencyMs).toBeGreaterThanOrEqual(1_495);
  expect(await look('/drip?key=drip')).toMatchObject(up());
  expect(await look('/drip?key=drip', { timeoutMs: 30_000, bodyContains: '...' })).toMatchObject(up());
  await nothingHangs('drip');
});

test('one timeout covers all hops together', async () => {
  // Each of them is quicker than the timeout.
  const hop = (url: string) => `/redirect-to?delayMs=400&key=hops&url=${encodeURIComponent(url)}`;
  expect(await look(hop(hop('/delay/400?key=hops')), { timeoutMs: 1_000 })).toMatchObject(down('timeout'));
  await nothingHangs('hops');
});

test('slow is degraded, quick is up, and a slow failure is down', async () => {
  expect(await look('/delay/150', { degradedAboveMs: 100 })).toMatchObject({
    health: 'degraded',
    reason: 'slow',
    status: 200,
  });
  expect(await look('/delay/150', { degradedAboveMs: 20_000, timeoutMs: 30_000 })).toMatchObject(up());
  expect(await look('/delay/150', { degradedAboveMs: 100, expectedStatus: '201' })).toMatchObject(down('status', 200));
});

test('latency counts every hop and ends with the headers', async () => {
  const { latencyMs } = await look(`/redirect-to?url=${encodeURIComponent('/delay/200')}`);
  expect(latencyMs).toBeGreaterThanOrEqual(195);
  expect((await look('/drip')).latencyMs).toBeLessThan(defaultTimeoutMs);
});

test('a large body is not read where no assertion needs it', async () => {
  expect(await look('/large/100000000?key=unread')).toMatchObject(up());
  await nothingHangs('unread');
  expect((await flight('unread')).bytes).toBeLessThan(10_000_000);
});

test('a body is read up to 8 MiB and no further', async () => {
  const change = { timeoutMs: 30_000 };
  for (const assertion of [{ bodyContains: 'y' }, { bodyNotContains: 'y' }])
    expect(await look('/large/100000000?key=capped', { ...change, ...assertion })).toMatchObject(
      down('too_large', 200),
    );
  await nothingHangs('capped');
  // The target also counts what the buffers of the connection hold, some 12 MB where both are on one machine.
  expect((await flight('capped')).bytes).toBeLessThan(40_000_000);
});

test('reading stops as soon as the answer is known', async () => {
  expect(await look('/large/100000000?key=found', { bodyContains: 'xxx' })).toMatchObject(up());
  expect(await look('/large/100000000?key=found', { bodyNotContains: 'xxx' })).toMatchObject(down('body', 200));
  await nothingHangs('found');
  expect((await flight('found')).bytes).toBeLessThan(10_000_000);
});

test.for([1, 2, 3, 7])('text is found across chunks of %i bytes, split characters included', async (size) => {
  const url = `/chunks/${encodeURIComponent(inPieces('Größe: 5 € 🎉', size))}`;
  expect(await look(url, { bodyContains: 'öße: 5 € 🎉' })).toMatchObject(up());
  expect(await look(url, { bodyNotContains: '5 €' })).toMatchObject(down('body', 200));
});

test('the place that a redirect leads to is one that the target rules refuse where it is not public', () => {
  const hop = { url: 'https://example.com/', method: 'GET', headers: {}, body: null };
  const next = nextHop(hop, new Response(null, { status: 302, headers: { location: 'http://169.254.169.254/' } }));
  expect(targetProblem((next as Hop).url, false)).not.toBeNull();
});

test('a target that Pharos does not probe is unsupported, not down, and gets no request', async () => {
  const result = await look('/?key=private', { allowPrivateTargets: false });
  expect(result).toMatchObject({ health: 'unknown', reason: 'unsupported' });
  expect((await flight('private')).most).toBe(0);
});

test('a request that cannot be built is unsupported, not down', async () => {
  expect(await look('/', { headers: { 'x-a': 'a\nb' } })).toMatchObject({ health: 'unknown', reason: 'unsupported' });
  expect(await look('/', { method: 'NO SUCH' })).toMatchObject({ health: 'unknown', reason: 'unsupported' });
});
