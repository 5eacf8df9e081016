import { env, exports } from 'cloudflare:workers';
import { Hono } from 'hono';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { ApiEnv } from '../../../worker/api/http/context.ts';
import {
  limitBody,
  openHeaders,
  provideServices,
  secure,
  shareWithAllowedOrigins,
  trace,
} from '../../../worker/api/http/middleware.ts';
import { decodeCursor, encodeCursor, pageQuery, toPage } from '../../../worker/api/http/pagination.ts';
import { answerProblem, type Problem } from '../../../worker/api/http/problem.ts';
import { readBody } from '../../../worker/http/readBody.ts';
import { httpMonitor } from '../../httpMonitor.ts';
import { problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, createClient, newEmail, origin, password, signUp } from '../support/client.ts';

const signUpPath = '/api/v1/auth/signup';

test('an address that does not exist is a problem document with the request id', async () => {
  const response = await createClient().get('/api/v1/nothing-here');
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const requestId = response.headers.get('x-request-id');
  expect(requestId).toMatch(/^req_[0-9a-z]{20}$/);
  expect(await response.json()).toEqual({
    type: 'urn:pharos:problem:not_found',
    title: 'Not found',
    status: 404,
    detail: 'Nothing exists at this address.',
    code: 'not_found',
    errors: [],
    requestId,
  });
});

test('a request id is never taken over from the request', async () => {
  const response = await createClient().get('/api/v1/regions', { headers: { 'x-request-id': 'req_forged' } });
  expect(response.headers.get('x-request-id')).not.toBe('req_forged');
});

test('values that do not fit are each named with their field', async () => {
  const response = await createClient().post(signUpPath, { email: 'nobody', password: 'short' });
  expect(response.status).toBe(400);
  const problem = await bodyOf<Problem>(response);
  expect(problem.code).toBe('invalid_request');
  expect(problem.errors).toEqual([
    { path: 'email', message: 'This is not an e-mail address.' },
    { path: 'password', message: 'A password needs at least 10 characters.' },
  ]);
});

test.each([
  ['half a value', '{"email":'],
  ['nothing', ''],
  ['words', 'email=a@example.com'],
])('a body of %s is not JSON', async (_, rawBody) => {
  const response = await createClient().post(signUpPath, undefined, {
    rawBody,
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status).toBe(400);
  expect((await bodyOf<Problem>(response)).code).toBe('invalid_json');
});

test.each(['[]', 'null', '"text"', '7'])('the JSON value %s is refused as a body', async (rawBody) => {
  const response = await createClient().post(signUpPath, undefined, {
    rawBody,
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status).toBe(400);
  expect((await bodyOf<Problem>(response)).code).toBe('invalid_request');
});

test.each(['text/plain', 'application/x-www-form-urlencoded', ''])(
  'JSON that calls itself "%s" is refused with a word about the header',
  async (contentType) => {
    const response = await createClient().post(
      signUpPath,
      { email: newEmail(), password },
      { headers: { 'content-type': contentType } },
    );
    expect(response.status).toBe(400);
    expect(await bodyOf<Problem>(response)).toMatchObject({
      code: 'invalid_json',
      detail: expect.stringContaining('content-type: application/json'),
    });
  },
);

const megabytes = (count: number) => {
  let left = count;
  return new ReadableStream<Uint8Array>({
    pull: (controller) => (left-- > 0 ? controller.enqueue(new Uint8Array(1024 * 1024).fill(32)) : controller.close()),
  });
};

test.each([
  ['of known length', () => ' '.repeat(10 * 1024 * 1024)],
  ['sent in chunks', () => megabytes(10)],
])('a body of 10 MB %s is refused', async (_, body) => {
  const response = await createClient().post(signUpPath, undefined, {
    rawBody: body(),
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status).toBe(413);
  expect((await bodyOf<Problem>(response)).code).toBe('body_too_large');
});

/** Counts what is read of it. */
const counted = (body: () => Uint8Array | null) => {
  const seen = { bytes: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const chunk = body();
        if (!chunk) return;
        seen.bytes += chunk.length;
        controller.enqueue(chunk);
      },
      cancel: () => {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { seen, stream };
};

const requestOf = (body: ReadableStream<Uint8Array>) => ({ headers: new Headers(), body });

const limits = { maxBytes: 1_000, drainBytes: 5_000, deadlineMs: 60_000 };

test('only a bounded part of a body that is too large is read', async () => {
  const { seen, stream } = counted(() => new Uint8Array(500));
  expect(await readBody(requestOf(stream), limits)).toBe('too large');
  expect(seen).toEqual({ bytes: 6_500, cancelled: true });
});

test('nothing is read of a body that says to be too large', async () => {
  const { seen, stream } = counted(() => new Uint8Array(500));
  const app = new Hono<ApiEnv>().use(limitBody).onError(answerProblem);
  const headers = { 'content-length': '31000000' };
  const answer = await app.request('/', { method: 'POST', headers, body: stream }, env);
  expect(answer.status).toBe(413);
  expect(seen.bytes).toBe(0);
});

test.for<[name: string, firstBytes: number, answer: string]>([
  ['that stops coming is cancelled', 10, 'too slow'],
  ['that is too large already is refused for its size', 1_001, 'too large'],
])('a body %s after its deadline', async ([, firstBytes, answer]) => {
  let left = 1;
  const { seen, stream } = counted(() => (left-- > 0 ? new Uint8Array(firstBytes) : null));
  expect(await readBody(requestOf(stream), { ...limits, deadlineMs: 20 })).toBe(answer);
  expect(seen.cancelled).toBe(true);
});

test('a body of just the limit arrives whole', async () => {
  const body = await readBody(requestOf(new Blob([new Uint8Array(1_000)]).stream()), limits);
  expect((body as ArrayBuffer).byteLength).toBe(1_000);
});

test('a body sent in small chunks arrives', async () => {
  const bytes = new TextEncoder().encode(JSON.stringify({ email: newEmail(), password }));
  const rawBody = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const response = await createClient().post(signUpPath, undefined, {
    rawBody,
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status).toBe(201);
});

test('every answer carries the security headers and is not stored', async () => {
  const client = createClient();
  for (const response of [
    await client.get('/api/v1/regions'),
    await client.get('/api/v1/nothing'),
    await client.get('/nothing'),
    await client.get('/healthz'),
  ]) {
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; frame-ancestors 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(response.headers.get('permissions-policy')).toContain('geolocation=()');
  }
  expect((await client.get('/api/v1/regions')).headers.get('cache-control')).toBe('no-store');
});

test("no other origin's scripts may read an answer", async () => {
  const headers = { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' };
  const read = await createClient().get('/api/v1/regions', { headers });
  const preflight = await exports.default.fetch(new Request(origin + signUpPath, { method: 'OPTIONS', headers }));
  for (const response of [read, preflight]) {
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  }
});

test('the origins that the configuration names may read and ask first', async () => {
  const app = new Hono<ApiEnv>().use(provideServices, shareWithAllowedOrigins).get('/', (c) => c.text('read'));
  const withFriend = { ...env, ALLOWED_ORIGINS: 'https://friend.example, https://other.example' } as unknown as Env;
  const ask = (method: string, from: string) => app.request('/', { method, headers: { origin: from } }, withFriend);
  const read = await ask('GET', 'https://friend.example');
  expect(await read.text()).toBe('read');
  expect(read.headers.get('access-control-allow-origin')).toBe('https://friend.example');
  expect(read.headers.get('access-control-allow-credentials')).toBe('true');
  expect((await ask('OPTIONS', 'https://other.example')).status).toBe(204);
  expect((await ask('GET', 'https://friend.example.evil')).headers.get('access-control-allow-origin')).toBeNull();
});

const rest = ['post', 'patch', 'put', 'delete'] as const;

test.each(rest)('%s is refused from a page that is not ours', async (method) => {
  const client = createClient();
  const ask = (headers: Record<string, string>) =>
    method === 'delete'
      ? client.delete('/api/v1/nothing', { headers })
      : client[method]('/api/v1/nothing', {}, { headers });
  for (const headers of [
    { origin: 'https://elsewhere.example' },
    { origin: 'null' },
    { origin: `${origin}.elsewhere.example` },
    { origin: '', 'sec-fetch-site': 'cross-site' },
    { origin: '', 'sec-fetch-site': 'same-site' },
  ]) {
    const response = await ask(headers as Record<string, string>);
    expect(response.status).toBe(403);
    expect((await bodyOf<Problem>(response)).code).toBe('origin_not_allowed');
  }
  expect((await ask({})).status).toBe(404);
  expect((await ask({ origin: '' })).status).toBe(404);
  expect((await ask({ origin: '', 'sec-fetch-site': 'same-origin' })).status).toBe(404);
});

test('a WebSocket from a page that is not ours is refused', async () => {
  const ask = (from: string) =>
    createClient().get('/api/v1/nothing', { headers: { upgrade: 'websocket', origin: from } });
  expect((await ask('https://elsewhere.example')).status).toBe(403);
  expect((await ask(origin)).status).toBe(404);
});

test('an answer that came from another Worker, whose headers are closed, carries ours too', async () => {
  const app = new Hono<ApiEnv>()
    .use(trace, secure, openHeaders)
    .get('/', () => exports.default.fetch(new Request(`${origin}/api/v1/regions`)));
  const response = await app.request('/', {}, env);
  expect(response.status).toBe(200);
  expect(response.headers.get('x-request-id')).toMatch(/^req_/);
  expect(await bodyOf(response)).toHaveProperty('data');
});

test('the answer that opens a WebSocket passes through with the headers added', async () => {
  const app = new Hono<ApiEnv>().use(trace, secure, openHeaders).get('/', () => {
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
    server.accept();
    server.send('hello');
    return new Response(null, { status: 101, webSocket: client });
  });
  const response = await app.request('/', {}, env);
  expect(response.status).toBe(101);
  expect(response.headers.get('x-request-id')).toMatch(/^req_/);
  const socket = response.webSocket;
  socket?.accept();
  expect(await new Promise((heard) => socket?.addEventListener('message', (event) => heard(event.data)))).toBe('hello');
});

test('the log gets our own errors, not the client', async () => {
  const app = new Hono<ApiEnv>()
    .use(trace, limitBody)
    .onError((error, c) => answerProblem(error, c))
    .get('/', () => {
      throw new Error('the secret is 42');
    });
  const lines = vi.spyOn(console, 'error');
  const response = await app.request('/', {}, env);
  const problem = await bodyOf<Problem>(response);
  expect(problem).toMatchObject({ status: 500, code: 'internal' });
  expect(JSON.stringify(problem)).not.toContain('secret');
  expect(lines.mock.calls.flat().join()).toContain(problem.requestId);
  lines.mockRestore();
});

test('one log line per request names the route and the team, and neither query nor cookie', async () => {
  const client = await signUp();
  const lines = vi.spyOn(console, 'log');
  const response = await client.get('/api/v1/me?token=hush');
  const logged = lines.mock.calls.flat().filter((line) => String(line).includes('"unit":"request"'));
  lines.mockRestore();
  expect(logged).toHaveLength(1);
  expect(JSON.parse(String(logged[0]))).toEqual({
    unit: 'request',
    correlationId: response.headers.get('x-request-id'),
    method: 'GET',
    route: '/api/v1/me',
    status: 200,
    durationMs: expect.any(Number),
    teamId: client.team.id,
  });
});

test('the regions are listed with their names', async () => {
  const list = await bodyOf<{ data: { id: string; chosenByDefault: boolean }[] }>(
    await createClient().get('/api/v1/regions'),
  );
  expect(list.data).toContainEqual({ id: 'weur', name: 'Europe, west', chosenByDefault: true, distrusted: null });
  expect(list.data.filter((region) => region.chosenByDefault)).toHaveLength(3);
});

const position = z.tuple([z.int(), z.string()]);

test('a cursor names its position to the team that it was made for', () => {
  const cursor = encodeCursor('team_a', [7, 'mön_1']);
  expect(cursor).toMatch(/^[\w-]+$/);
  expect(decodeCursor(cursor, 'team_a', position)).toEqual([7, 'mön_1']);
  expect(decodeCursor(undefined, 'team_a', position)).toBeNull();
});

test.each([
  ["another team's", encodeCursor('team_b', [7, 'x'])],
  ['one of another list', encodeCursor('team_a', 7)],
  ['garbage', 'garbage!'],
  ['nothing', ''],
  ['text that is not JSON', btoa('hello')],
])('a cursor that is %s is refused', (_, cursor) => {
  expect(() => decodeCursor(cursor, 'team_a', position)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
});

test('a page ends with a cursor only where more follows', () => {
  const rows = [1, 2, 3];
  const page = (limit: number) =>
    toPage(
      rows.slice(0, limit + 1),
      limit,
      (n) => n * 10,
      (n) => `after ${n}`,
    );
  expect(page(2)).toEqual({ data: [10, 20], nextCursor: 'after 2' });
  expect(page(3)).toEqual({ data: [10, 20, 30], nextCursor: null });
  expect(toPage([], 3, String, String)).toEqual({ data: [], nextCursor: null });
});

test('a limit is a whole number from 1 to 100, and 50 by default', () => {
  expect(pageQuery.parse({})).toEqual({ limit: 50 });
  expect(pageQuery.parse({ limit: '100' }).limit).toBe(100);
  for (const limit of ['0', '101', '1.5', 'many', '']) expect(pageQuery.safeParse({ limit }).success).toBe(false);
});

const monitor = httpMonitor({ url: 'https://example.com/', name: 'Shop' });
const window = {
  title: 'Deploy',
  startsAt: '2030-01-01T02:00',
  endsAt: '2030-01-01T04:00',
  timeZone: 'UTC',
  rrule: null,
  allMonitors: true,
};

test.each<[path: string, made: object, change: object]>([
  ['monitors', monitor, { name: 'Theirs' }],
  ['maintenance-windows', window, { title: 'Theirs' }],
  ['status-pages', { slug: 'changed-meanwhile', name: 'Shop' }, { name: 'Theirs' }],
])('the second of two people who change one of the %s from the same version is refused', async (path, made, change) => {
  const owner = await signUp();
  const shown = path === 'status-pages' && [
    (await bodyOf<{ id: string }>(await owner.post('/api/v1/monitors', monitor))).id,
  ];
  const created = await owner.post(`/api/v1/${path}`, { ...made, ...(shown && { monitorIds: shown }) });
  expect(created.status).toBe(201);
  const { id, updatedAt } = await bodyOf<{ id: string; updatedAt: string }>(created);
  const patch = (body: object) => owner.patch(`/api/v1/${path}/${id}`, body);
  const answers = await Promise.all([patch({ ...change, updatedAt }), patch({ ...change, updatedAt })]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const refused = answers.find(({ status }) => status === 409) as Response;
  expect((await bodyOf<Problem>(refused)).detail).toContain('Another user changed');
  expect(await bodyOf(await owner.get(`/api/v1/${path}/${id}`))).toMatchObject(change);
  expect((await patch({ updatedAt: 'lately' })).status).toBe(400);
});

test.each([
  ['audit', 'monitorId', 'This is not a valid id.'],
  ['deliveries', 'channelId', 'This is not a valid id.'],
  ['incidents', 'monitorId', 'This is not a valid id.'],
  ['maintenance-windows', 'monitorId', 'This is not a valid id.'],
  ['monitors', 'verdict', 'A verdict must be one of up, degraded, down, unknown, paused, maintenance.'],
  ['monitors', 'tag', 'A tag can have at most 32 characters.'],
])('a list of %s that is filtered by a %s that there cannot be says so', async (list, filter, message) => {
  const response = await (await signUp()).get(`/api/v1/${list}?${filter}=${'x'.repeat(65)}`);
  expect(await problemOf(response)).toMatchObject({ status: 400, errors: [{ path: filter, message }] });
});
