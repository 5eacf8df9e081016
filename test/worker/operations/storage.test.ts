import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { readStorage } from '../../../worker/db/operations/storage.ts';
import { keepStorage } from '../../../worker/operations/storage.ts';
import { billedServices } from '../database/rows.ts';
import { bodyOf, createClient } from '../support/client.ts';
import { services } from '../support/seed.ts';

const day = 86_400_000;
const hour = 3_600_000;

beforeEach(async () => {
  for (const table of ['tick_batches', 'database_storage']) await env.DB.exec(`DELETE FROM ${table}`);
});

/** Batches of these cohorts, one every `every` ms from so long ago on. */
const insertBatches = (cohorts: number[], ago: number, every: number, count: number, bytes = 2) =>
  env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?4 - 1)
     INSERT INTO tick_batches SELECT c.value, ?2 + i * ?3, 'weur', 'normal', '{' || hex(zeroblob(?5 / 2)) || '}'
     FROM json_each(?1) AS c, n`,
  )
    .bind(JSON.stringify(cohorts), Date.now() - ago, every, count, bytes)
    .run();

const slots = async () => {
  const { results } = await env.DB.prepare('SELECT cohort, slot FROM tick_batches ORDER BY slot').all<{
    cohort: number;
    slot: number;
  }>();
  return results;
};

const limited = (mb: number) => ({
  ...services,
  config: { ...services.config, databaseLimitBytes: mb * 1_000_000 },
});

test('ticks go once they are older than the setting says, of every cohort, and not before', async () => {
  await insertBatches([3, 7, 2_000], 91 * day, 1, 1);
  await insertBatches([3, 9], 89 * day, 1, 1);
  await keepStorage(services);
  expect((await slots()).map(({ cohort }) => cohort)).toEqual([3, 9]);
  const found = await readStorage(env.DB);
  expect(found).toMatchObject({ droppedForRoom: 0 });
  expect(Math.abs((found?.keptSince ?? 0) - (Date.now() - 90 * day))).toBeLessThan(60_000);
});

test('a run drops a bounded number, and the next goes on', async () => {
  await insertBatches([1, 2], 100 * day, 1, 1_250);
  await keepStorage(services);
  expect(await slots()).toHaveLength(500);
  await keepStorage(services);
  expect(await slots()).toEqual([]);
});

test('in a database without room the oldest hour goes, and never the last day; then it says so', async () => {
  await insertBatches([1, 2], 3 * day, hour, 72, 40_000);
  const size = (await env.DB.prepare('DELETE FROM tick_batches WHERE false').run()).meta.size_after / 1_000_000;
  const full = limited(size * 1.1);
  await keepStorage(full);
  await keepStorage(full);
  const [oldest] = await slots();
  expect((oldest?.slot ?? 0) - (Date.now() - 3 * day)).toBeGreaterThan(0);
  expect(await readStorage(env.DB)).toMatchObject({ droppedForRoom: 1 });
  for (let minute = 0; minute < 60; minute++) await keepStorage(full);
  const { sizeBytes } = (await readStorage(env.DB)) ?? { sizeBytes: 0 };
  expect(sizeBytes).toBeLessThan(size * 1_000_000 * 0.9);
  const scarce = limited(0.001);
  for (let minute = 0; minute < 60; minute++) await keepStorage(scarce);
  const left = await slots();
  expect(left.length).toBeGreaterThanOrEqual(2 * 23);
  expect(Math.min(...left.map(({ slot }) => slot))).toBeGreaterThanOrEqual(Date.now() - day - hour);
});

test('a minute without anything to drop costs a row of writing in five, and two of reading a cohort', async () => {
  await insertBatches(
    Array.from({ length: 100 }, (_, i) => i + 1),
    hour,
    60_000,
    3,
  );
  await keepStorage(services);
  const { services: counted, billed, rowsWritten } = billedServices();
  const d1 = new Proxy(counted.d1, {
    get: (real, name) =>
      name === 'prepare'
        ? (sql: string) => (/^\s*SELECT|oldest|min\(\(/.test(sql) ? env.DB : real).prepare(sql)
        : Reflect.get(real, name),
  });
  await keepStorage({ ...counted, d1 });
  expect(rowsWritten()).toBe(0);
  expect(billed.reduce((sum, { rowsRead }) => sum + rowsRead, 0)).toBeLessThan(500);
});

test('the state of the database is in /healthz and for the dashboard', async () => {
  const note = (mb: number) =>
    env.DB.prepare(`INSERT OR REPLACE INTO database_storage VALUES (1, ?1, ?2, ?3, 1)`)
      .bind(mb * 1_000_000, Date.now(), Date.parse('2026-11-01T00:00:00Z'))
      .run();
  const client = createClient();
  const ask = async () => {
    const health = await bodyOf<{ checks: { storage: Record<string, unknown> } }>(await client.get('/healthz'));
    const regions = await bodyOf<{ storage: Record<string, unknown> | null }>(await client.get('/api/v1/regions'));
    return { health: health.checks.storage, dashboard: regions.storage };
  };
  expect(await ask()).toMatchObject({ health: { ok: true, level: 'ok', sizeBytes: null }, dashboard: null });
  await note(7_100);
  expect(await ask()).toMatchObject({
    health: {
      ...{ ok: true, level: 'warning', sizeBytes: 7_100_000_000, limitBytes: 10_000_000_000, usedPercent: 71 },
      ...{ freeBytes: 2_900_000_000, ticksSince: '2026-11-01T00:00:00.000Z', droppedForRoom: true },
    },
    dashboard: { level: 'warning', usedPercent: 71, checksSince: '2026-11-01T00:00:00.000Z', deletedForRoom: true },
  });
  await note(9_600);
  expect(await ask()).toMatchObject({ health: { ok: false, level: 'full' }, dashboard: { level: 'full' } });
});
