import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import type { IncidentView, MonitorView, Page } from '../../../worker/contract/views.ts';
import type { Evidence } from '../../../worker/db/schema.ts';
import { create, numberOf, problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, type Client, signUp } from '../support/client.ts';

const base = '/api/v1/incidents';
const start = 1_790_000_000_000;
const quiet = { intervalSeconds: 3600, regions: ['weur'] };
let owner: Awaited<ReturnType<typeof signUp>>;
let stranger: Client;
let shop: MonitorView;
let blog: MonitorView;

const evidence: Evidence = {
  region: 'weur',
  health: 'down',
  reason: 'status',
  status: 503,
  latencyMs: 40,
  dataCentre: 'AMS',
  at: start,
};

const open = async (id: string, monitor: MonitorView, startedAt: number, endedAt: number | null) =>
  env.DB.prepare(
    `INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, ended_at, resolved_at, reason, evidence)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
    .bind(
      id,
      owner.team.id,
      await numberOf(monitor.id),
      startedAt,
      startedAt + 3_000,
      endedAt,
      endedAt && endedAt + 3_000,
      'status',
      JSON.stringify([evidence]),
    )
    .run();

const list = async (query = '', client: Client = owner) =>
  bodyOf<Page<IncidentView>>(await client.get(`${base}${query}`));
const idsOf = async (query: string) => (await list(query)).data.map((incident) => incident.id);

beforeAll(async () => {
  owner = await signUp();
  stranger = await signUp();
  shop = await create(owner, { name: 'Shop', ...quiet });
  blog = await create(owner, { name: 'Blog', ...quiet });
  await open('inc_a', shop, start, start + 60_000);
  await open('inc_b', blog, start + 1_000, null);
  await open('inc_d', shop, start + 2_000, start + 9_000);
  await open('inc_c', shop, start + 2_000, start + 9_000);
  await open('inc_e', shop, start + 3_000, null);
});

test('shows an incident with its monitor and what was seen', async () => {
  expect(await bodyOf(await owner.get(`${base}/inc_a`))).toEqual({
    id: 'inc_a',
    monitorId: shop.id,
    monitorName: 'Shop',
    state: 'resolved',
    startedAt: new Date(start).toISOString(),
    detectedAt: new Date(start + 3_000).toISOString(),
    endedAt: new Date(start + 60_000).toISOString(),
    resolvedAt: new Date(start + 63_000).toISOString(),
    reason: 'status',
    evidence: [
      {
        region: 'weur',
        outcome: 'down',
        reason: 'status',
        status: 503,
        latencyMs: 40,
        dataCentre: 'AMS',
        at: new Date(start).toISOString(),
      },
    ],
    paused: false,
    pausedAt: null,
    // Its checks left no history: none of its minute was observed.
    countedSeconds: { up: 0, degraded: 0, down: 0, unknown: 60, maintenance: 0, paused: 0 },
    acknowledgedAt: null,
    cause: null,
    reclassifiedAs: null,
    postMortem: null,
    runbookUrl: null,
    describedAt: null,
    reopenableUntil: new Date(start + 60_000 + 86_400_000).toISOString(),
    timeline: [],
  });
  expect(await bodyOf(await owner.get(`${base}/inc_b`))).toMatchObject({
    state: 'open',
    endedAt: null,
    resolvedAt: null,
  });
});

test('lists newest first, by monitor and by state', async () => {
  expect(await idsOf('')).toEqual(['inc_e', 'inc_d', 'inc_c', 'inc_b', 'inc_a']);
  expect(await idsOf('?state=open')).toEqual(['inc_e', 'inc_b']);
  expect(await idsOf(`?monitorId=${shop.id}`)).toEqual(['inc_e', 'inc_d', 'inc_c', 'inc_a']);
  expect(await idsOf(`?monitorId=${shop.id}&state=resolved`)).toEqual(['inc_d', 'inc_c', 'inc_a']);
});

test('goes page by page where incidents began at the same moment', async () => {
  const first = await list('?limit=2');
  const second = await list(`?limit=2&cursor=${first.nextCursor}`);
  const third = await list(`?limit=2&cursor=${second.nextCursor}`);
  expect([first, second, third].map((page) => page.data.map((i) => i.id))).toEqual([
    ['inc_e', 'inc_d'],
    ['inc_c', 'inc_b'],
    ['inc_a'],
  ]);
  expect(third.nextCursor).toBeNull();
});

test('shows nobody the incidents of another team', async () => {
  expect((await list('', stranger)).data).toEqual([]);
  const answers = [`${base}/inc_a`, `${base}?monitorId=${shop.id}`, `${base}/inc_none`].map((path) =>
    stranger.get(path),
  );
  expect((await Promise.all(answers)).map((answer) => answer.status)).toEqual([404, 404, 404]);
});

test('refuses a state that there is not, and a cursor of somebody else', async () => {
  const { status, errors } = await problemOf(await owner.get(`${base}?state=closed`));
  expect([status, errors.map((e) => e.path)]).toEqual([400, ['state']]);
  const { nextCursor } = await list('?limit=1');
  expect((await problemOf(await stranger.get(`${base}?cursor=${nextCursor}`))).code).toBe('invalid_cursor');
});
