import { QueryObserver } from '@tanstack/solid-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createQueryClient } from '../../../web/src/app/cache/queryClient.ts';
import { readPauseMs, readsPausedUntil } from '../../../web/src/app/cache/readPause.ts';
import { sessionBegan, sessionFetch } from '../../../web/src/app/cache/session.ts';

/** The dashboard when the API reports too many requests. */

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1_800_000_000_000 });
});

afterEach(() => {
  vi.unstubAllGlobals();
  sessionBegan();
  vi.useRealTimers();
});

/** The API refuses so many requests, each with this header, and answers the others. */
const refusing = (count: number, retryAfter: string | null = '60') => {
  const asked: string[] = [];
  const headers: Record<string, string> = retryAfter === null ? {} : { 'retry-after': retryAfter };
  vi.stubGlobal('fetch', async (input: string) => {
    asked.push(input);
    return asked.length <= count ? new Response(null, { status: 429, headers }) : Response.json({});
  });
  return asked;
};

const watching = (...paths: string[]) => {
  const client = createQueryClient();
  const observers = paths.map((path) => {
    const queryFn = async () => (await sessionFetch(path)).json();
    return new QueryObserver(client, { queryKey: [path], queryFn, staleTime: 0 });
  });
  const closes = observers.map((observer) => observer.subscribe(() => undefined));
  return {
    client,
    states: () => observers.map((one) => one.getCurrentResult().status),
    close: () => closes.map((f) => f()),
  };
};

test('after a 429 nothing is read before Retry-After is over, however often it is asked for, and then all of it is', async () => {
  const asked = refusing(1);
  const first = watching('/api/v1/monitors');
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toHaveLength(1);
  expect(readsPausedUntil()).toBe(1_800_000_060_000);
  const second = watching('/api/v1/incidents');
  for (let second = 0; second < 59; second++) {
    void first.client.invalidateQueries();
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(asked).toHaveLength(1);
  expect([...first.states(), ...second.states()]).toEqual(['pending', 'pending']);
  await vi.advanceTimersByTimeAsync(7_000);
  // The last one because of the invalidations: the first answer of a question may be older than these.
  expect(asked.toSorted()).toEqual(['/api/v1/incidents', ...Array(3).fill('/api/v1/monitors')]);
  expect([...first.states(), ...second.states()]).toEqual(['success', 'success']);
  expect(readsPausedUntil()).toBeNull();
  first.close();
  second.close();
});

test('where the API goes on refusing, a question fails after three requests', async () => {
  const asked = refusing(Number.POSITIVE_INFINITY);
  const screen = watching('/api/v1/monitors');
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked).toHaveLength(3);
  expect(screen.states()).toEqual(['error']);
  screen.close();
});

test('a read that is held back fails in plain words, and a change goes through', async () => {
  const asked = refusing(1);
  await expect(sessionFetch('/api/v1/monitors')).rejects.toMatchObject({ status: 429 });
  await expect(sessionFetch('/api/v1/monitors')).rejects.toMatchObject({ status: 429, message: 'Too many requests' });
  expect(asked).toHaveLength(1);
  expect((await sessionFetch('/api/v1/monitors', { method: 'POST' })).status).toBe(200);
});

test('a change that is refused holds no read back', async () => {
  refusing(1);
  await expect(sessionFetch('/api/v1/monitors/check', { method: 'POST' })).rejects.toMatchObject({ status: 429 });
  expect(readsPausedUntil()).toBeNull();
  expect((await sessionFetch('/api/v1/monitors')).status).toBe(200);
});

test.each([
  ['60', 60_000],
  ['0', 1_000],
  ['86400', 300_000],
  ['Fri, 15 Jan 2027 08:00:20 GMT', 20_000],
  ['soon', 30_000],
  [null, 30_000],
])('Retry-After %j is a wait of %i ms', (header, wait) => {
  expect(readPauseMs(header, 1_800_000_000_000)).toBe(wait);
});
