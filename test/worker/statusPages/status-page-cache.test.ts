import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createPageCache, lastKnownMs } from '../../../worker/pages/pageCache.ts';
import { render } from '../../../worker/pages/statusPages.tsx';
import { connectionLost } from '../database/failingD1.ts';
import { create } from '../monitors/monitorApi.ts';
import { createClient, signUp } from '../support/client.ts';
import { services as real } from '../support/seed.ts';
import { watchDatabase } from '../verdicts/steps.ts';

/** Status pages as a deployment serves them. The platform's own cache before them does not exist here (worker/PLATFORM.md). */

let queries = 0;
let fails = false;
let hangs: Promise<unknown> | null = null;

beforeAll(() => {
  watchDatabase(
    async (_, run) => {
      queries++;
      if (hangs) await hangs;
      if (fails) throw connectionLost();
      return run();
    },
    { drizzleReads: true },
  );
});

const wallTime = (inMs: number) => new Date(Date.now() + inMs).toISOString().slice(0, 16);

let now = Date.now();
let owner: Awaited<ReturnType<typeof signUp>>;
let slug = '';
let pageId = '';
let read: ReturnType<typeof createPageCache>;

const services = { ...real, now: () => now, config: { ...real.config, statusPageSeconds: 10 } };
const view = () => read(services, slug, () => {});

beforeEach(async () => {
  fails = false;
  hangs = null;
  now = Date.now();
  owner = await signUp();
  slug = `cached-${crypto.randomUUID().slice(0, 8)}`;
  const { id } = await create(owner, { name: 'Shop', regions: ['weur'] });
  const made = await owner.post('/api/v1/status-pages', { slug, name: 'Cached', monitorIds: [id] });
  pageId = ((await made.json()) as { id: string }).id;
  read = createPageCache(render);
});

afterEach(() => {
  vi.useRealTimers();
});

test('a second view costs no query, until the page is ten seconds old', async () => {
  const first = await view();
  queries = 0;
  now += 9_999;
  expect(await view()).toBe(first);
  expect(queries).toBe(0);
  now += 1;
  await view();
  expect(queries).toBe(2);
});

test('a hundred visitors at once cause one reading, of a page that is new and of one that is old', async () => {
  for (const laterMs of [0, 10_000]) {
    now += laterMs;
    queries = 0;
    const pages = await Promise.all(Array.from({ length: 100 }, view));
    expect(new Set(pages).size).toBe(1);
    expect(queries).toBe(2);
  }
});

test.for<[what: string, change: () => Promise<unknown>, shows: RegExp | null]>([
  ['its new name', () => owner.patch(`/api/v1/status-pages/${pageId}`, { name: 'Renamed' }), /Renamed/],
  ['that it is deleted', () => owner.delete(`/api/v1/status-pages/${pageId}`), null],
  [
    'that its monitor is down',
    () => env.DB.prepare("UPDATE monitors SET verdict = 'down' WHERE team_id = ?").bind(owner.team.id).run(),
    /The service is down/,
  ],
  [
    'maintenance',
    () =>
      owner.post('/api/v1/maintenance-windows', {
        ...{ title: 'New disks', allMonitors: true, timeZone: 'UTC' },
        ...{ startsAt: wallTime(3_600_000), endsAt: wallTime(7_200_000) },
      }),
    /New disks/,
  ],
])('ten seconds after a change a visitor sees %s', async ([, change, shows]) => {
  const before = await view();
  const answer = await change();
  expect(answer instanceof Response ? answer.status : 200).toBeLessThan(300);
  expect(await view()).toBe(before);
  now += 10_000;
  const after = await view();
  if (shows) expect(after?.html).toMatch(shows);
  else expect(after).toBeNull();
});

test('while the database fails the last known page stands for an hour, and the database is asked once in 5 s', async () => {
  const known = await view();
  fails = true;
  now += 60_000;
  queries = 0;
  for (let i = 0; i < 20; i++) expect(await view()).toBe(known);
  expect(queries).toBe(1);
  now = (known?.readAt ?? 0) + lastKnownMs - 1;
  expect(await view()).toBe(known);
  now += 1;
  await expect(view()).rejects.toThrow('cannot be read');
  fails = false;
  now += 5_000;
  expect((await view())?.readAt).toBe(now);
});

test('a deleted page is not found any more, even while the database fails', async () => {
  await view();
  await owner.delete(`/api/v1/status-pages/${pageId}`);
  now += 10_000;
  expect(await view()).toBeNull();
  fails = true;
  await expect(view()).rejects.toThrow('cannot be read');
});

test('readings of one page are limited, and those of another are not', async () => {
  const none = { limit: async ({ key }: { key: string }) => ({ success: key !== `page:${slug}` }) } as RateLimit;
  const limited = { ...services, apiLimit: none };
  await expect(read(limited, slug, () => {})).rejects.toThrow('cannot be read');
  expect(await read(limited, 'another', () => {})).toBeNull();
});

test('a visitor’s input makes no other page: every form of the address answers with the same bytes', async () => {
  const visitor = createClient();
  const ask = async (suffix: string, headers: Record<string, string> = {}) => {
    const answer = await visitor.get(`/status/${suffix}`, { headers });
    return { status: answer.status, html: (await answer.text()).replace(/As of .*/s, '') };
  };
  const plain = await ask(slug);
  expect(plain.status).toBe(200);
  for (const other of [`${slug}?a=1`, `${slug}?b=2&a=1`, `%63${slug.slice(1)}`])
    expect(await ask(other)).toEqual(plain);
  const headers = { cookie: 'a=1', 'accept-encoding': 'br', 'accept-language': 'de', authorization: 'Basic eA==' };
  for (const [name, value] of Object.entries(headers)) expect(await ask(slug, { [name]: value })).toEqual(plain);
});

test('an entity tag answers 304 while the page is the same', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const visitor = createClient();
  const first = await visitor.get(`/status/${slug}`);
  const tag = first.headers.get('etag') ?? '';
  expect([first.headers.get('cache-control'), tag]).toEqual(['public, no-cache', expect.stringMatching(/^W\/"/)]);
  const again = (etag: string) => visitor.get(`/status/${slug}`, { headers: { 'if-none-match': etag } });
  const same = await again(tag);
  expect([same.status, await same.text(), same.headers.get('etag')]).toEqual([304, '', tag]);
  expect((await again('W/"other"')).status).toBe(200);
  await owner.patch(`/api/v1/status-pages/${pageId}`, { name: 'Renamed' });
  const changed = await again(tag);
  expect([changed.status, changed.headers.get('etag') === tag]).toEqual([200, false]);
});

test('a page that is old says as of when, and that nothing newer can be read', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-29T14:05:00Z') });
  const visitor = createClient();
  const fresh = await visitor.get(`/status/${slug}`);
  expect(await fresh.text()).not.toContain('at present');
  fails = true;
  vi.setSystemTime(Date.parse('2026-11-29T14:06:00Z'));
  const old = await visitor.get(`/status/${slug}`);
  expect([old.status, old.headers.get('etag')]).toEqual([200, fresh.headers.get('etag')?.replace(/"$/, '-old"')]);
  expect((await old.text()).replace(/<[^>]+>/g, '')).toMatch(
    /Status as of 14:05 UTC\. Newer data is temporarily unavailable\./,
  );
  vi.setSystemTime(Date.parse('2026-11-29T15:05:00Z'));
  expect((await visitor.get(`/status/${slug}`)).status).toBe(503);
});

test('an address that no page can have costs no query', async () => {
  queries = 0;
  for (const path of ['ab', 'A-Page', '-page', `${'x'.repeat(49)}`, 'a%2Fb'])
    expect((await createClient().get(`/status/${path}`)).status).toBe(404);
  expect(queries).toBe(0);
});
