import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import type { DigestView, MonitorCountsView, MonitorListItem, Page } from '../../../worker/contract/views.ts';
import { countMonitors } from '../../../worker/db/monitors/monitorCounts.ts';
import { listMonitors } from '../../../worker/db/monitors/monitors.ts';
import { seedWebhook } from '../channels/alerting.ts';
import { billedServices } from '../database/rows.ts';
import { problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, type Client, signUp } from '../support/client.ts';
import { seedCohort } from '../support/seed.ts';

/** The list of the monitors that a digest contains, to which its link leads. */

let owner: Client & { team: { id: string } };
let stranger: Client;
const all = 12;
const contained = 7;
const digest = 'dig_list:1';
let digestNumber: number;
let names: string[];

/** A digest of these monitors, as the outbox leaves it. */
const insertDigest = async (teamId: string, channel: string, id: string, numbers: readonly number[]) => {
  const at = Date.now() - 60_000;
  const insert = `INSERT INTO deliveries (id, team_id, monitor, dedup_key, channel, event, round, step, state, message, created_at,
    next_attempt_at, settled_at, digest)`;
  const row = await env.DB.prepare(
    `${insert} VALUES (?1, ?2, 0, ?1, ?3, 'digest', 0, 0, 'delivered', json_object('alerts', ?4), ?5, ?5, ?5, NULL)
     RETURNING number`,
  )
    .bind(id, teamId, channel, numbers.length, at)
    .first<{ number: number }>();
  await env.DB.prepare(
    `${insert} SELECT ?1 || '-' || key, ?2, value, ?1 || '-' || key, ?3, 'down', 0, 0, 'delivered', '{}', ?5, ?5, ?5, ?6 FROM json_each(?4)`,
  )
    .bind(id, teamId, channel, JSON.stringify(numbers), at, row?.number)
    .run();
  return row?.number ?? 0;
};

beforeAll(async () => {
  owner = await signUp();
  stranger = await signUp();
  const urls = Array.from({ length: all }, (_, i) => `http://localhost/${i}`);
  const { cohort, monitors } = await seedCohort({ urls });
  await env.DB.prepare(
    `UPDATE monitors SET team_id = ?1, verdict = iif(number % 2, 'down', 'up'), tags = iif(number % 3, '[]', '["eu"]') WHERE cohort = ?2`,
  )
    .bind(owner.team.id, cohort)
    .run();
  const members = monitors.slice(0, contained).map(({ number }) => number);
  const { id } = await seedWebhook(owner.team.id, 'https://example.com/hook');
  digestNumber = await insertDigest(owner.team.id, id, digest, [...members, members[0] ?? 0]);
  const { results } = await env.DB.prepare('SELECT name FROM monitors WHERE number IN (SELECT value FROM json_each(?))')
    .bind(JSON.stringify(members))
    .all<{ name: string }>();
  names = results.map(({ name }) => name);
});

const list = async (query: string) =>
  bodyOf<Page<MonitorListItem>>(await owner.get(`/api/v1/monitors?digest=${digest}${query}`));

test('the list holds the monitors of the digest, each once, page by page', async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<MonitorListItem> = await list(`&limit=3${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    seen.push(...page.data.map(({ name }) => name));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen).toHaveLength(contained);
  expect(seen.toSorted()).toEqual(names.toSorted());
});

test('monitors that are down come first, and every other filter chooses within the digest', async () => {
  const { data } = await list('');
  expect(data.map(({ verdict }) => verdict)).toEqual([...data.map(({ verdict }) => verdict)].sort());
  const down = await list('&verdict=down');
  const tagged = await list('&tag=eu');
  const searched = await list(`&search=${encodeURIComponent(names[2] ?? '')}`);
  expect(down.data.length).toBeLessThan(contained);
  expect(down.data.every(({ verdict, name }) => verdict === 'down' && names.includes(name))).toBe(true);
  expect(tagged.data.every(({ tags, name }) => tags.includes('eu') && names.includes(name))).toBe(true);
  expect(searched.data.map(({ name }) => name)).toContain(names[2]);
  const counts = await bodyOf<MonitorCountsView>(await owner.get(`/api/v1/monitors/counts?digest=${digest}`));
  expect(counts).toMatchObject({
    total: contained,
    verdicts: { down: down.data.length, up: contained - down.data.length },
  });
});

test('the digest says when it was sent, through what, and how many alerts it contains', async () => {
  const view = await bodyOf<DigestView>(await owner.get(`/api/v1/digests/${digest}`));
  expect(view).toEqual({
    id: digest,
    createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    alerts: contained + 1,
    channel: { id: expect.stringMatching(/^chn_/), name: 'Hook', kind: 'webhook' },
  });
});

test.each(['/monitors?digest=', '/monitors/counts?digest=', '/digests/'])(
  '%s shows nothing of another team',
  async (path) => {
    expect((await owner.get(`/api/v1${path}${digest}`)).status).toBe(200);
    for (const [client, id] of [
      [stranger, digest],
      [owner, 'dig_gone:1'],
    ] as const) {
      const response = await client.get(`/api/v1${path}${id}`);
      expect(response.status).toBe(404);
      expect(await problemOf(response)).toMatchObject({ code: 'not_found' });
    }
  },
);

test('an invalid id of a digest is refused', async () => {
  for (const id of ['x', 'dig_', `dig_${'a'.repeat(99)}:1`, 'dig_a:1%27', "dig_a:1' OR 1=1"])
    expect((await owner.get(`/api/v1/monitors?digest=${encodeURIComponent(id)}`)).status).toBe(400);
});

test('a digest whose monitors are deleted is empty, and one that retention dropped is not found', async () => {
  const other = await insertDigest(owner.team.id, 'chn_gone', 'dig_empty:1', [2_000_000_000]);
  const empty = await bodyOf<Page<MonitorListItem>>(await owner.get('/api/v1/monitors?digest=dig_empty:1'));
  expect(empty).toEqual({ data: [], nextCursor: null });
  expect(await bodyOf(await owner.get('/api/v1/digests/dig_empty:1'))).toMatchObject({ channel: null });
  await env.DB.prepare('DELETE FROM deliveries WHERE number = ?1 OR digest = ?1').bind(other).run();
  expect((await owner.get('/api/v1/monitors?digest=dig_empty:1')).status).toBe(404);
});

test('a page of a digest reads a few rows for each of its monitors, however many others the team watches', async () => {
  const { team } = await signUp();
  const size = 500;
  const urls = Array.from({ length: 100 }, () => 'http://localhost/');
  const numbers: number[] = [];
  for (let n = 0; n < size; n += urls.length) {
    const { cohort, monitors } = await seedCohort({ urls });
    await env.DB.prepare('UPDATE monitors SET team_id = ? WHERE cohort = ?').bind(team.id, cohort).run();
    numbers.push(...monitors.map(({ number }) => number));
  }
  const few = await insertDigest(team.id, 'chn_x', 'dig_few:1', numbers.slice(0, 20));
  const many = await insertDigest(team.id, 'chn_x', 'dig_many:1', numbers);
  const rowsOf = async (ask: (db: ReturnType<typeof billedServices>['services']['db']) => Promise<unknown>) => {
    const { services, billed } = billedServices();
    await ask(services.db);
    return billed.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
  };
  const read = {
    few: await rowsOf((db) => listMonitors(db, { teamId: team.id, limit: 101, digest: few })),
    many: await rowsOf((db) => listMonitors(db, { teamId: team.id, limit: 101, digest: many })),
    counts: await rowsOf((db) => countMonitors(db, { teamId: team.id, stale: [], heldBy: [], digest: few })),
    stranger: await rowsOf((db) => listMonitors(db, { teamId: 'team_other', limit: 101, digest: digestNumber })),
  };
  expect(read.few).toBeLessThanOrEqual(20 * 5 + 10);
  expect(read.counts).toBeLessThanOrEqual(20 * 6 + 10);
  expect(read.stranger).toBeLessThanOrEqual(40);
  expect(read.many).toBeLessThanOrEqual(size * 5 + 10);
});
