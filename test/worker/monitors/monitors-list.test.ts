import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import type { MonitorListItem, Page } from '../../../worker/contract/views.ts';
import { fillSearchText } from '../../../worker/db/monitors/fillSearchText.ts';
import { unpackChecks } from '../../../worker/domain/checks/recentChecks.ts';
import { packTicks } from '../../../worker/ticks/format.ts';
import { bodyOf, type Client, signUp } from '../support/client.ts';
import { eventually, seedCohort, services } from '../support/seed.ts';
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
/** Sets what is known of a monitor, once its first checks are judged: they would write over it. */
const decide = async (
  id = '',
  { verdict, regionHealth, flapping = false }: { verdict: string; regionHealth: object; flapping?: boolean },
) => {
  const judged = env.DB.prepare('SELECT verdict FROM monitors WHERE id = ?').bind(id);
  await eventually(
    () => judged.first('verdict'),
    (verdict) => verdict === 'up',
  );
  await env.DB.prepare('UPDATE monitors SET verdict = ?, region_health = ?, flapping = ? WHERE id = ?')
    .bind(verdict, JSON.stringify(regionHealth), Number(flapping), id)
    .run();
};
const names = async (query: string) => (await list(client, query)).data.map((m) => m.name);

test.each([
  ['newest', ['Epsilon', 'delta', 'Gamma', 'beta_shop', 'Alpha 100%']],
  ['worst', ['Alpha 100%', 'delta', 'Gamma', 'beta_shop', 'Epsilon']],
])('goes through the %s first, page by page, each monitor once', async (order, expected) => {
  const seen: string[] = [];
  let cursor: string | null = '';
  const sizes: number[] = [];
  while (cursor !== null) {
    const page: Page<MonitorListItem> = await list(
      client,
      `?order=${order}&limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    seen.push(...page.data.map((m) => m.name));
    sizes.push(page.data.length);
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(expected);
  expect(sizes).toEqual([2, 2, 1]);
});

test.each([
  ['?search=ALPHA', ['Alpha 100%']],
  ['?search=%25', ['Alpha 100%']],
  ['?search=_', ['beta_shop']],
  ['?search=needle', ['Gamma']],
  ['?search=', ['Alpha 100%', 'delta', 'Gamma', 'beta_shop', 'Epsilon']],
  ['?search=ДЕЛЬТА', []],
  ['?search=hay+alpha', ['Alpha 100%']],
  ['?search=alpha+needle', []],
  [`?search=${'x'.repeat(200)}`, []],
  ['?tag=eu', ['beta_shop', 'Epsilon']],
  ['?tag=prod&search=alpha', ['Alpha 100%']],
  ['?verdict=paused', ['Epsilon']],
  ['?verdict=paused&tag=prod', []],
  ['?condition=regional', ['delta', 'Gamma']],
  ['?condition=regional&verdict=up', ['Gamma']],
  ['?condition=flapping', ['beta_shop']],
])('filters by %s', async (query, expected) => {
  expect(await names(query)).toEqual(expected);
});

test('a page of a hundred monitors takes at most 60 KB', async () => {
  const owner = await signUp();
  const now = Math.floor(Date.now() / 1000) * 1000;
  const urls = Array.from({ length: 100 }, (_, i) => `https://shop-${i}.example.com/health`);
  const chosen = ['enam', 'weur', 'apac'] as const;
  const seeded = await seedCohort({ urls, regions: [...chosen], createdAt: now - 600_000 });
  await env.DB.prepare(
    `UPDATE monitors SET team_id = ?2, name = 'Checkout of shop ' || number, tags = '["production"]' WHERE cohort = ?1`,
  )
    .bind(seeded.cohort, owner.team.id)
    .run();
  const ticks = Array.from({ length: 30 }, (_, i) => {
    const region = chosen[i % 3] ?? 'enam';
    const at = now - (30 - i) * 10_000;
    const outcome = {
      ...({ health: 'up', reason: 'ok', status: 200, region, dataCentre: null } as const),
      scheduledAt: at,
    };
    const packed = packTicks(
      seeded.monitors.map(({ number }) => ({
        monitor: number,
        outcome: { ...outcome, startedAt: at + 3, latencyMs: 80 + ((number * 37 + i * 91) % 900) },
      })),
    );
    return env.DB.prepare(
      "INSERT INTO tick_batches (cohort, slot, region, lane, ticks) VALUES (?, ?, ?, 'normal', ?)",
    ).bind(...([seeded.cohort, at, region, packed] as const));
  });
  await env.DB.batch(ticks);
  const answer = await (await owner.get(`${base}?limit=100`)).text();
  const { data } = JSON.parse(answer) as Page<MonitorListItem>;
  expect(data).toHaveLength(100);
  expect(unpackChecks(data[0]?.recentChecks ?? '')).toHaveLength(30);
  expect(answer.length).toBeLessThanOrEqual(60_000);
});

test('pages through what a filter leaves', async () => {
  const first = await list(client, '?tag=eu&limit=1');
  expect(first.data.map((m) => m.name)).toEqual(['beta_shop']);
  const second = await list(client, `?tag=eu&limit=1&cursor=${first.nextCursor}`);
  expect(second.data.map((m) => m.name)).toEqual(['Epsilon']);
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

test.each(['?limit=0', '?limit=101', '?limit=x', '?verdict=fine', '?condition=fine', '?order=fine'])(
  'refuses %s',
  async (query) => {
    expect(await problemOf(await client.get(base + query))).toMatchObject({ status: 400, code: 'invalid_request' });
  },
);

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

test('finds by ids what is there and of the team', async () => {
  const foreign = await create(stranger);
  expect(await names(`?ids=${ids[4]},${ids[1]},mon_none,${foreign.id}`)).toEqual(['Alpha 100%', 'delta']);
  expect(await names('?ids=')).toEqual([]);
  const many = Array.from({ length: 101 }, (_, i) => `m${i}`).join();
  expect((await client.get(`${base}?ids=${many}`)).status).toBe(400);
});

test('goes on behind a monitor that was deleted, and shows nothing twice of what has come up meanwhile', async () => {
  const own = await signUp();
  const made = [];
  for (const name of ['one', 'two', 'three', 'four']) made.push(await create(own, { name }));
  const [one, two, three, four] = made;
  for (const { id } of made) await decide(id, { verdict: 'up', regionHealth: {} });
  await decide(three?.id, { verdict: 'down', regionHealth: {} });
  await decide(four?.id, { verdict: 'down', regionHealth: {} });
  const first = await list(own, '?limit=2');
  expect(first.data.map(({ name }) => name)).toEqual(['four', 'three']);
  expect((await own.delete(`${base}/${three?.id}`)).status).toBe(204);
  await decide(one?.id, { verdict: 'degraded', regionHealth: {} });
  const second = await list(own, `?limit=2&cursor=${first.nextCursor}`);
  expect(second.data.map(({ name }) => name)).toEqual(['one', 'two']);
  expect(two?.id).toBe(second.data[1]?.id);
});

test.each(['münchen', 'MUNCHEN', 'ost shöp', 'Mu\u0308nchen ost'])(
  'finds “Shop MÜNCHEN-Ost” by “%s”',
  async (search) => {
    const own = await signUp();
    const { id } = await create(own, { name: 'Shop MÜNCHEN-Ost' });
    await create(own, { name: 'Berlin' });
    const found = async () => (await list(own, `?search=${encodeURIComponent(search)}`)).data.map(({ name }) => name);
    expect(await found()).toEqual(['Shop MÜNCHEN-Ost']);
    expect((await own.patch(`${base}/${id}`, { name: 'Köln' })).status).toBe(200);
    expect(await found()).toEqual([]);
    expect((await list(own, '?search=KOLN')).data).toHaveLength(1);
  },
);

test('finds monitors of an older version, in part at once and in full once a minute has passed', async () => {
  const own = await signUp();
  await create(own, { name: 'ÖL Store' });
  await env.DB.prepare('UPDATE monitors SET search_text = NULL WHERE team_id = ?').bind(own.team.id).run();
  expect((await list(own, '?search=store')).data).toHaveLength(1);
  expect((await list(own, '?search=ol')).data).toHaveLength(0);
  await fillSearchText(services);
  expect((await list(own, '?search=ol')).data).toHaveLength(1);
});

test('lists the tags of all monitors of the team, each once', async () => {
  const tagsOf = async (of: Client) => (await bodyOf<{ data: string[] }>(await of.get(`${base}/tags`))).data;
  expect(await tagsOf(client)).toEqual(['EU', 'eu', 'prod']);
  expect(await tagsOf(stranger)).toEqual([]);
});
