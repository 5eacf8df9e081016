import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import type { MonitorCountsView } from '../../../worker/contract/views.ts';
import { bodyOf, type Client, createClient, signUp } from '../support/client.ts';
import { seedCohort } from '../support/seed.ts';
import { base, list } from './monitorApi.ts';

const minute = 60_000;
let owner: Awaited<ReturnType<typeof signUp>>;

const counts = async (client: Client, query = '') =>
  bodyOf<MonitorCountsView>(await client.get(`${base}/counts${query}`));
const none = { up: 0, degraded: 0, down: 0, unknown: 0, paused: 0, maintenance: 0 };

/** Checks were dispatched for the minute `ago` (ms). */
const dispatch = (ago: number) =>
  env.DB.prepare('INSERT INTO dispatches (minute, claimed_at, finished_at) VALUES (?1, ?1, ?1)')
    .bind(Math.floor((Date.now() - ago) / minute) * minute)
    .run();

/** More monitors than a page of the list holds; the oldest is down. */
beforeAll(async () => {
  owner = await signUp();
  await dispatch(0);
  const seeded = await seedCohort({
    urls: Array.from({ length: 103 }, (_, i) => `https://${i}.example/`),
    createdAt: Date.now() - 60 * minute,
  });
  await env.DB.prepare('UPDATE monitors SET team_id = ?2 WHERE cohort = ?1').bind(seeded.cohort, owner.team.id).run();
  const set = (index: number, columns: string) =>
    env.DB.prepare(`UPDATE monitors SET ${columns} WHERE id = ?`).bind(seeded.monitors[index]?.id);
  await env.DB.batch([
    set(0, `verdict = 'down', region_health = '{"weur":"down"}'`),
    set(1, `regions = '["weur","apac"]', region_health = '{"weur":"up","apac":"down"}'`),
    set(2, `verdict = 'degraded', flapping = 1`),
    set(3, `verdict = 'paused', cohort = NULL`),
    set(4, `verdict = 'unknown', tags = '["held"]'`),
    set(5, `tags = '["held"]'`),
    set(6, `verdict = 'paused', cohort = NULL, tags = '["held"]'`),
  ]);
});

test('counts the whole team, however many monitors a page of the list holds', async () => {
  expect(await counts(owner)).toEqual({
    total: 103,
    verdicts: { ...none, up: 98, degraded: 1, down: 1, unknown: 1, paused: 2 },
    conditions: { regional: 1, flapping: 1 },
  });
});

test('counts what the list finds by each filter', async () => {
  const window = await owner.post('/api/v1/maintenance-windows', {
    ...{ title: 'Deploy', timeZone: 'UTC', tags: ['held'] },
    startsAt: new Date(Date.now() - minute).toISOString().slice(0, 16),
    endsAt: new Date(Date.now() + 60 * minute).toISOString().slice(0, 16),
  });
  expect(window.status).toBe(201);
  const { verdicts, conditions } = await counts(owner);
  expect(verdicts.maintenance).toBe(2);
  for (const [name, filters] of Object.entries({ verdict: verdicts, condition: conditions }))
    for (const [value, count] of Object.entries(filters)) {
      const found = (await list(owner, `?${name}=${value}&limit=100`)).data.length;
      expect([value, found]).toEqual([value, count]);
    }
});

test('counts within a search and a tag what the list finds by them', async () => {
  for (const query of ['search=7.example', 'tag=held', 'tag=held&search=4.example', 'search=nowhere']) {
    const { total, verdicts, conditions } = await counts(owner, `?${query}`);
    expect([query, total]).toEqual([query, (await list(owner, `?${query}&limit=100`)).data.length]);
    for (const [name, filters] of Object.entries({ verdict: verdicts, condition: conditions }))
      for (const [value, count] of Object.entries(filters)) {
        const found = (await list(owner, `?${query}&${name}=${value}&limit=100`)).data.length;
        expect([query, value, count]).toEqual([query, value, found]);
      }
  }
  expect((await counts(owner, '?tag=held')).total).toBe(3);
  expect((await owner.get(`${base}/counts?search=${'x'.repeat(201)}`)).status).toBe(400);
});

test('counts as unknown what is not checked, and nothing of it as a regional problem', async () => {
  await env.DB.exec('DELETE FROM dispatches');
  await dispatch(30 * minute);
  expect(await counts(owner)).toEqual({
    total: 103,
    verdicts: { ...none, unknown: 101, paused: 2, maintenance: 2 },
    conditions: { regional: 0, flapping: 1 },
  });
});

test('counts nothing of other teams, and requires a session', async () => {
  expect(await counts(await signUp())).toEqual({ total: 0, verdicts: none, conditions: { regional: 0, flapping: 0 } });
  expect((await createClient().get(`${base}/counts`)).status).toBe(401);
});
