import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import type { MonitorListItem, Page } from '../../worker/api/views.ts';
import { type Client, signUp } from './client.ts';
import { base, create, list, problemOf, url } from './monitorApi.ts';

let stranger: Client;
let client: Client;
let ids: string[];
beforeAll(async () => {
  client = await signUp();
  stranger = await signUp();
  ids = [];
  for (const [name, tags] of [
    ['Alpha 100%', ['prod']],
    ['beta_shop', ['prod', 'eu']],
    ['Gamma', []],
    ['delta', ['EU']],
    ['Epsilon', ['eu']],
  ] as const)
    ids.unshift((await create(client, { name, tags, url: `${url}/${name === 'Gamma' ? 'Needle' : 'hay'}` })).id);
  await client.post(`${base}/${ids[0]}/pause`);
  const [, delta, gamma, beta, alpha] = ids;
  await decide(delta, { verdict: 'degraded', regionHealth: { enam: 'degraded', weur: 'up', apac: 'down' } });
  await decide(gamma, { verdict: 'up', regionHealth: { enam: 'down', weur: 'up', apac: 'up' } });
  await decide(beta, { verdict: 'up', regionHealth: { enam: 'up', weur: 'up', oc: 'down' }, flapping: true });
  await decide(alpha, { verdict: 'down', regionHealth: { enam: 'down', weur: 'down', apac: 'up' } });
});
const decide = (
  id = '',
  { verdict, regionHealth, flapping = false }: { verdict: string; regionHealth: object; flapping?: boolean },
) =>
  env.DB.prepare('UPDATE monitors SET verdict = ?, region_health = ?, flapping = ? WHERE id = ?')
    .bind(verdict, JSON.stringify(regionHealth), Number(flapping), id)
    .run();
const names = async (query: string) => (await list(client, query)).data.map((m) => m.name);

test('goes newest first, page by page, each monitor once', async () => {
  const seen: string[] = [];
  let cursor: string | null = '';
  const sizes: number[] = [];
  while (cursor !== null) {
    const page: Page<MonitorListItem> = await list(
      client,
      `?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    seen.push(...page.data.map((m) => m.id));
    sizes.push(page.data.length);
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(ids);
  expect(sizes).toEqual([2, 2, 1]);
});

test.each([
  ['?search=ALPHA', ['Alpha 100%']],
  ['?search=%25', ['Alpha 100%']],
  ['?search=_', ['beta_shop']],
  ['?search=needle', ['Gamma']],
  ['?search=', ['Epsilon', 'delta', 'Gamma', 'beta_shop', 'Alpha 100%']],
  [`?search=${'x'.repeat(200)}`, []],
  ['?tag=eu', ['Epsilon', 'beta_shop']],
  ['?tag=prod&search=alpha', ['Alpha 100%']],
  ['?verdict=paused', ['Epsilon']],
  ['?verdict=paused&tag=prod', []],
  ['?condition=regional', ['delta', 'Gamma']],
  ['?condition=regional&verdict=up', ['Gamma']],
  ['?condition=flapping', ['beta_shop']],
])('filters by %s', async (query, expected) => {
  expect(await names(query)).toEqual(expected);
});

test('pages through what a filter leaves', async () => {
  const first = await list(client, '?tag=eu&limit=1');
  expect(first.data.map((m) => m.name)).toEqual(['Epsilon']);
  const second = await list(client, `?tag=eu&limit=1&cursor=${first.nextCursor}`);
  expect(second.data.map((m) => m.name)).toEqual(['beta_shop']);
  expect(second.nextCursor).toBeNull();
});

test('finds no regional problem where only a distrusted region fails', async () => {
  await env.DB.prepare(
    "INSERT INTO region_distrusts (region, since, failing, monitors) VALUES ('apac', 1, 3, 4)",
  ).run();
  expect(await names('?condition=regional')).toEqual(['Gamma']);
  await env.DB.prepare('UPDATE region_distrusts SET until = 2').run();
  expect(await names('?condition=regional')).toEqual(['delta', 'Gamma']);
});

test.each(['?limit=0', '?limit=101', '?limit=x', '?verdict=fine', '?condition=fine'])('refuses %s', async (query) => {
  expect(await problemOf(await client.get(base + query))).toMatchObject({ status: 400, code: 'invalid_request' });
});

test('refuses a cursor from somebody else, and one that is none', async () => {
  const { nextCursor } = await list(client, '?limit=1');
  for (const cursor of [nextCursor, 'abc', btoa('[1,2]')])
    expect(await problemOf(await stranger.get(`${base}?cursor=${cursor}`))).toMatchObject({
      status: 400,
      code: 'invalid_cursor',
    });
});

test('shows nothing of other teams', async () => {
  expect((await list(stranger, '')).data).toEqual([]);
});
