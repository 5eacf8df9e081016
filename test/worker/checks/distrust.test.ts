import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { reviewRegions, sweepDistrust } from '../../../worker/checks/regions/distrust.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { packTicks } from '../../../worker/ticks/format.ts';
import { outcomeOf } from '../../outcome.ts';
import { bodyOf, createClient } from '../support/client.ts';
import { eventually, messageFor, type Seeded, seedCohort, services } from '../support/seed.ts';
import { refOf, say, verdictOf } from '../verdicts/judged.ts';

const three: Region[] = ['enam', 'weur', 'apac'];

beforeEach(async () => {
  const tables = ['region_distrusts', 'region_reviews', 'tick_batches', 'monitors', 'cohorts'];
  await env.DB.batch(tables.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
});

/** Nobody can probe them, so that only what a test says counts. */
const hosts = (count: number) => Array.from({ length: count }, (_, i) => `ftp://${i}.example/`);

const age = (ms: number) => Date.now() - ms;

/** The region's outcomes of each monitor at that time; `-` for none. */
const store = (seeded: Seeded, region: Region, at: number, seen: string) => {
  const ticks = seeded.monitors.flatMap(({ number }, i) =>
    seen[i] === '-' ? [] : [{ monitor: number, outcome: outcomeOf(region, at, seen[i] === '✗' ? 'down' : 'up') }],
  );
  return env.DB.prepare('INSERT INTO tick_batches (cohort, slot, region, lane, ticks) VALUES (?, ?, ?, ?, ?)')
    .bind(seeded.cohort, at, region, 'normal', packTicks(ticks))
    .run();
};

const distrusts = async () =>
  (await env.DB.prepare('SELECT region, until, failing, monitors FROM region_distrusts ORDER BY since').all()).results;

const review = (region: Region | null = null) => reviewRegions(services, region, 'run_test');

test.each([
  ['three of four on hosts of their own', hosts(4), '✗✗✗✓', '✓✓✓✓', '✓✓✓✓', true],
  ['all of them', hosts(4), '✗✗✗✗', '✓✓✓✓', '✓✓✓✓', true],
  ['half of them', hosts(4), '✗✗✓✓', '✓✓✓✓', '✓✓✓✓', false],
  ['monitors that fail in all regions', hosts(4), '✗✗✗✗', '✗✗✗✗', '✗✗✗✗', false],
  ['monitors that fail in half of the others as well', hosts(4), '✗✗✗✗', '✗✗✗✗', '✓✓✓✓', false],
  ['three alone, beside others that fail everywhere', hosts(6), '✗✗✗✗✗✗', '✓✓✓✗✗✗', '✓✓✓✗✗✗', true],
  ['paths of one host', [1, 2, 3, 4].map((i) => `https://a.example:44${i}/${i}?x`), '✗✗✗✗', '✓✓✓✓', '✓✓✓✓', false],
  ['two monitors', hosts(2), '✗✗', '✓✓', '✓✓', false],
  ['monitors that no other region has checked', hosts(4), '✗✗✗✗', '----', '----', false],
] as const)('whether a region is distrusted for failing at %s', async (_, urls, here, enam, weur, expected) => {
  const seeded = await seedCohort({ urls: [...urls], regions: three });
  await store(seeded, 'apac', age(20_000), here);
  await store(seeded, 'enam', age(15_000), enam);
  await store(seeded, 'weur', age(10_000), weur);
  await review('apac');
  expect((await distrusts()).length).toBe(expected ? 1 : 0);
  await review();
  expect((await distrusts()).map(({ region }) => region)).toEqual(expected ? ['apac'] : []);
});

test('outcomes of others from before the failures are no evidence', async () => {
  const seeded = await seedCohort({ urls: hosts(4), regions: three });
  await store(seeded, 'enam', age(15_000), '✓✓✓✓');
  await store(seeded, 'weur', age(10_000), '✓✓✓✓');
  await store(seeded, 'apac', age(5_000), '✗✗✗✗');
  await review('apac');
  expect(await distrusts()).toEqual([]);
  await store(seeded, 'enam', age(4_000), '✓✓✓✓');
  await review('apac');
  expect(await distrusts()).toMatchObject([{ region: 'apac', failing: 4, monitors: 4, until: null }]);
});

test('of many reviews at once one starts the distrust, and one ends it', async () => {
  const seeded = await seedCohort({ urls: hosts(4), regions: three });
  await store(seeded, 'apac', age(20_000), '✗✗✗✓');
  for (const region of ['enam', 'weur'] as const) await store(seeded, region, age(10_000), '✓✓✓✓');
  await Promise.all(Array.from({ length: 5 }, () => review('apac')));
  expect(await distrusts()).toMatchObject([{ region: 'apac', failing: 3, monitors: 4, until: null }]);
  await store(seeded, 'apac', age(5_000), '✗✗✓✓');
  await review();
  expect(await distrusts()).toMatchObject([{ until: null }]);
  await store(seeded, 'apac', age(1_000), '✗✓✓✓');
  await Promise.all(Array.from({ length: 5 }, () => review()));
  expect(await distrusts()).toMatchObject([{ until: expect.any(Number) }]);
});

test('a distrusted region is no witness against others', async () => {
  // Two of five regions may be distrusted at once.
  const seeded = await seedCohort({ urls: hosts(4), regions: ['wnam', 'enam', 'weur', 'eeur', 'apac'] });
  await store(seeded, 'apac', age(20_000), '✗✗✗✗');
  await store(seeded, 'enam', age(10_000), '✓✓✓✓');
  await review();
  await store(seeded, 'enam', age(5_000), '✗✗✗✗');
  await store(seeded, 'apac', age(1_000), '✓✓✓✓');
  await review('enam');
  expect((await distrusts()).map(({ region }) => region)).toEqual(['apac']);
});

test('a region that fails alone for most monitors makes no outage, and votes again once it passes', async () => {
  const seeded = await seedCohort({ urls: hosts(4), regions: three });
  await env.DB.prepare(`UPDATE monitors SET quorum = '"any"' WHERE cohort = ?`).bind(seeded.cohort).run();
  const all = seeded.monitors.map((_, index) => index);
  for (const region of three) for (const index of all) await say(seeded, index, 'up', region);
  for (let i = 0; i < 2; i++) for (const index of [0, 1, 2]) await say(seeded, index, 'down', 'apac');
  expect(await verdictOf(seeded, 0)).toBe('down');

  await store(seeded, 'apac', age(20_000), '✗✗✗✓');
  for (const region of ['enam', 'weur'] as const) await store(seeded, region, age(10_000), '✓✓✓✓');
  await review('apac');
  expect(await Promise.all(all.map((index) => verdictOf(seeded, index)))).toEqual(['up', 'up', 'up', 'up']);
  await say(seeded, 3, 'down', 'apac');
  await say(seeded, 3, 'down', 'apac');
  expect(await verdictOf(seeded, 3)).toBe('up');

  await store(seeded, 'apac', age(1_000), '✓✓✓✓');
  await sweepDistrust(services);
  expect(await distrusts()).toMatchObject([{ until: expect.any(Number) }]);
  await services.monitor(refOf(seeded, 0).id).follow(refOf(seeded, 0), 'run_test');
  for (let i = 0; i < 2; i++) await say(seeded, 0, 'down', 'apac');
  expect(await verdictOf(seeded, 0)).toBe('down');
});

test('regions and health name what is distrusted', async () => {
  const seeded = await seedCohort({ urls: hosts(4), regions: three });
  await store(seeded, 'apac', age(20_000), '✗✗✗✓');
  await store(seeded, 'enam', age(10_000), '✓✓✓✓');
  await review();
  const client = createClient();
  const regions = await bodyOf<{ data: { id: Region; distrusted: unknown }[] }>(await client.get('/api/v1/regions'));
  expect(regions.data.filter(({ distrusted }) => distrusted)).toMatchObject([
    { id: 'apac', distrusted: { since: expect.stringMatching(/Z$/), failing: 3, monitors: 4, references: null } },
  ]);
  const health = await client.get('/healthz');
  expect(health.status).toBe(503);
  expect(await bodyOf(health)).toMatchObject({ checks: { regions: { ok: false, distrusted: ['apac'] } } });
});

test('a batch in which many begin to fail has its region reviewed within seconds', async () => {
  // Nobody answers at port 9, and each of the names of the loopback network is a host of its own.
  const urls = [1, 2, 3, 4].map((i) => `http://127.0.0.${i}:9/`);
  const seeded = await seedCohort({ urls, regions: ['enam', 'weur', 'apac'] });
  // From elsewhere they pass, as far as is stored: what is probed from there now is older than what is stored.
  for (let i = 0; i < 40; i++)
    for (const region of ['enam', 'weur'] as const) await store(seeded, region, Date.now() + i * 500 + 100, '✓✓✓✓');
  await services.queue('apac').send(messageFor(seeded, { region: 'apac' }));
  await eventually(distrusts, (found) => found.length > 0);
});
