import { afterEach, expect, test, vi } from 'vitest';
import { sessionBegan, sessionEnded, sessionFetch } from '../../../web/src/app/cache/session.ts';
import { asProblem } from '../../../web/src/lib/problem.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  sessionBegan();
});

/** Answers with these states, one after the other, and says what was asked. */
const answering = (...states: number[]) => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (input: string) => {
    asked.push(input);
    return new Response(null, { status: states.shift() ?? 599 });
  });
  return asked;
};

const refresh = '/api/v1/auth/refresh';

test('a session that has run out is renewed, and the request repeated', async () => {
  const asked = answering(401, 204, 200);
  expect((await sessionFetch('/api/v1/me')).status).toBe(200);
  expect(asked).toEqual(['/api/v1/me', refresh, '/api/v1/me']);
  expect(sessionEnded()).toBe(false);
});

test('a session ends where the API says so', async () => {
  answering(401, 401);
  await expect(sessionFetch('/api/v1/me')).rejects.toMatchObject({ status: 401 });
  expect(sessionEnded()).toBe(true);
});

test.each([429, 500, 502, 503])('an answer of %i to the renewal ends no session', async (status) => {
  answering(401, status);
  await expect(sessionFetch('/api/v1/me')).rejects.toMatchObject({ status });
  expect(sessionEnded()).toBe(false);
});

test('a request without an answer fails, in words', async () => {
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    expect(init.signal).toBeInstanceOf(AbortSignal);
    throw new DOMException('The operation timed out.', 'TimeoutError');
  });
  const failed = sessionFetch('/api/v1/me', { method: 'POST' });
  await expect(failed).rejects.toSatisfy((error) => asProblem(error).code === 'timeout');
});

test('a change names the object whose page asks for it, also when it is sent again; a question names none', async () => {
  const named: (string | null)[] = [];
  vi.stubGlobal('location', { pathname: '/monitors/mon_a1/edit' });
  vi.stubGlobal('fetch', async (input: string, init: RequestInit = {}) => {
    if (input !== refresh) named.push(new Headers(init.headers).get('pharos-shown-for'));
    vi.stubGlobal('location', { pathname: '/monitors/mon_b2' });
    return new Response(null, { status: named.length === 1 && input !== refresh ? 401 : 200 });
  });
  await sessionFetch('/api/v1/monitors/mon_a1', { method: 'PATCH', headers: { 'content-type': 'text/plain' } });
  await sessionFetch('/api/v1/monitors/mon_a1', { method: 'GET' });
  expect(named).toEqual(['mon_a1', 'mon_a1', null]);
});
