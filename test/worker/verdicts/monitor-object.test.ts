import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import { recordPause, recordResumption } from '../../../worker/db/monitors/monitorState.ts';
import { updateMonitor } from '../../../worker/db/monitors/updateMonitor.ts';
import type { Outcome } from '../../../worker/domain/checks/outcome.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import type { Explanation } from '../../../worker/domain/verdict/explanation.ts';
import { sentenceOf } from '../../../worker/domain/verdict/sentence.ts';
import type { MonitorRecord } from '../../../worker/objects/monitorRecord.ts';
import { outcomeOf } from '../../outcome.ts';
import { eventually, messageFor, readTicks, type Seeded, seedCohort, services } from '../support/seed.ts';

const target = inject('target');
const three: Region[] = ['enam', 'weur', 'apac'];

const ref = (seeded: Seeded) => ({ ...(seeded.monitors[0] as { id: string; number: number }), teamId: seeded.teamId });

const row = (seeded: Seeded) =>
  env.DB.prepare('SELECT verdict, verdict_since, suspect, region_health FROM monitors WHERE id = ?')
    .bind(ref(seeded).id)
    .first<{ verdict: string; verdict_since: number; suspect: number; region_health: string }>();

const incidents = async (seeded: Seeded) =>
  (
    await env.DB.prepare('SELECT * FROM incidents WHERE monitor = ? ORDER BY started_at').bind(ref(seeded).number).all<{
      id: string;
      started_at: number;
      detected_at: number;
      ended_at: number | null;
      resolved_at: number | null;
      reason: string;
      evidence: string;
    }>()
  ).results;

const changes = async (seeded: Seeded) =>
  (
    await env.DB.prepare('SELECT verdict, since FROM verdict_changes WHERE monitor = ? ORDER BY at')
      .bind(ref(seeded).number)
      .all<{ verdict: string; since: number }>()
  ).results;

/** Its object receives an outcome whose check found the monitor's row as it was at `changedAt`. */
const say = (seeded: Seeded, said: Outcome, changedAt = 0) =>
  services.monitor(ref(seeded).id).observe(ref(seeded), said, changedAt, 'run_test');

const own = (seeded: Seeded) => ({ teamId: seeded.teamId, id: ref(seeded).id, userId: 'usr_keeper' });

const updatedAt = async (seeded: Seeded) =>
  (await env.DB.prepare('SELECT updated_at FROM monitors WHERE id = ?')
    .bind(ref(seeded).id)
    .first<number>('updated_at')) ?? 0;

test('a broken target is notified as down once the other regions confirm it, and as up again when it recovers', async () => {
  const url = `${target}/switch/${crypto.randomUUID()}`;
  const seeded = await seedCohort({ urls: [url], regions: three, intervalSeconds: 10, verdict: 'unknown' });
  for (const region of three) await services.queue(region).send(messageFor(seeded, { region }));
  await eventually(
    () => row(seeded),
    (r) => r?.verdict === 'up',
  );

  await fetch(`${url}?status=503`);
  await services.queue('weur').send(messageFor(seeded, { region: 'weur' }));
  await eventually(
    () => row(seeded),
    // Mended while the last region is still confirming, the target would be up there and have to be found so by the others.
    (r) => r?.verdict === 'down' && r.suspect === 0,
  );
  const [open, ...others] = await incidents(seeded);
  expect(others).toEqual([]);
  expect(open).toMatchObject({ reason: 'status', resolved_at: null, ended_at: null });
  const first = (await readTicks(seeded.cohort)).find((tick) => tick.outcome === 'down');
  expect(open?.started_at).toBe(first?.started_at);
  expect(JSON.parse(open?.evidence ?? '[]').length).toBeGreaterThanOrEqual(2);

  await fetch(`${url}?status=200`);
  await services.queue('apac').send(messageFor(seeded, { region: 'apac' }));
  await eventually(
    () => row(seeded),
    (r) => r?.verdict === 'up' && r.suspect === 0,
  );
  const [closed] = await incidents(seeded);
  expect(closed?.id).toBe(open?.id);
  expect(closed?.ended_at).toBeGreaterThan(open?.started_at ?? 0);
  expect(closed?.resolved_at).toBeGreaterThanOrEqual(closed?.ended_at ?? 0);
  expect((await changes(seeded)).map((c) => c.verdict)).toEqual(['up', 'down', 'up']);
});

test('each change of verdict is kept with its explanation', async () => {
  const seeded = await seedCohort({ urls: [target], regions: three, verdict: 'unknown' });
  const now = Date.now();
  for (const [i, region] of three.entries()) await say(seeded, outcomeOf(region, now - 900 + i));
  for (const at of [now - 600, now - 300])
    for (const region of ['weur', 'apac'] as const) await say(seeded, outcomeOf(region, at, 'down'));
  const { results } = await env.DB.prepare(
    'SELECT verdict, explanation FROM verdict_changes WHERE monitor = ? ORDER BY at',
  )
    .bind(ref(seeded).number)
    .all<{ verdict: string; explanation: string | null }>();
  const down = results.find(({ verdict }) => verdict === 'down');
  const explanation = JSON.parse(down?.explanation ?? 'null') as Explanation;
  expect(explanation).toMatchObject({ verdict: 'down', down: 2, needed: 2, size: 3 });
  expect(sentenceOf(explanation)).toBe(
    'Down, because 2 of 3 regions failed twice in a row (Europe west: connection refused, Asia-Pacific: connection refused) and 2 were needed; North America east passes.',
  );
});

test('a failure that one region alone sees opens no incident', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`], regions: three });
  const start = Date.now();
  for (const region of three) await say(seeded, outcomeOf(region, start));
  for (let i = 1; i <= 10; i++) await say(seeded, outcomeOf('apac', start + i * 10, 'down'));
  expect(await row(seeded)).toMatchObject({ verdict: 'up', region_health: '{"enam":"up","weur":"up","apac":"down"}' });
  expect(await incidents(seeded)).toEqual([]);
});

test('an object that is evicted between any two outcomes loses and repeats nothing', async () => {
  const start = Date.now() - 60_000;
  const urls = [`${target}/status/500`];
  const seeded = await seedCohort({ urls, regions: ['weur'], verdict: 'unknown', createdAt: start });
  const healths = ['up', 'down', 'down', 'down', 'up', 'up', 'down', 'down'] as const;
  for (const [i, health] of healths.entries()) {
    const seen = outcomeOf('weur', start + i * 1_000, health);
    await say(seeded, seen);
    await say(seeded, seen);
    await evictDurableObject(services.monitor(ref(seeded).id));
  }
  expect(await changes(seeded)).toEqual([
    { verdict: 'up', since: start },
    { verdict: 'down', since: start + 1_000 },
    { verdict: 'up', since: start + 4_000 },
    { verdict: 'down', since: start + 6_000 },
  ]);
  const found = await incidents(seeded);
  expect(found.map((i) => [i.started_at, i.ended_at])).toEqual([
    [start + 1_000, start + 4_000],
    [start + 6_000, null],
  ]);
});

test('a failed write is repeated by the alarm', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`], regions: ['weur'], verdict: 'unknown' });
  const object = services.monitor(ref(seeded).id);
  await env.DB.prepare('ALTER TABLE verdict_changes RENAME TO verdict_changes_away').run();
  await say(seeded, outcomeOf('weur', Date.now()));
  await env.DB.prepare('ALTER TABLE verdict_changes_away RENAME TO verdict_changes').run();
  expect(await row(seeded)).toMatchObject({ verdict: 'unknown' });
  expect(await runDurableObjectAlarm(object)).toBe(true);
  expect(await row(seeded)).toMatchObject({ verdict: 'up' });
  expect(await changes(seeded)).toHaveLength(1);
});

test('outcomes of a paused or deleted monitor change nothing', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`], regions: ['weur'] });
  await say(seeded, outcomeOf('weur', Date.now(), 'down'));
  await recordPause(services, own(seeded));
  await services.monitor(ref(seeded).id).follow(ref(seeded), 'run_test');
  for (let i = 1; i < 4; i++) await say(seeded, outcomeOf('weur', Date.now() + i, 'down'));
  expect(await row(seeded)).toMatchObject({ verdict: 'paused' });
  expect(await incidents(seeded)).toEqual([]);
  const kept = await runInDurableObject(services.monitor(ref(seeded).id), async (_, { storage }) => [
    await storage.getAlarm(),
    (await storage.list()).size,
  ]);
  expect(kept).toEqual([null, 0]);
});

test('a monitor that was paused and resumed restarts, even if its object could be notified of neither', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`], regions: ['weur'], verdict: 'unknown' });
  const start = Date.now();
  await say(seeded, outcomeOf('weur', start));
  await recordPause(services, own(seeded));
  await recordResumption(services, own(seeded));
  expect(await row(seeded)).toMatchObject({ verdict: 'unknown', region_health: '{}' });
  await say(seeded, outcomeOf('weur', start + 1_000), await updatedAt(seeded));
  expect(await row(seeded)).toMatchObject({ verdict: 'up', region_health: '{"weur":"up"}' });
});

test('removed regions no longer vote, even if the object could not be notified', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`], regions: three });
  const start = Date.now();
  for (const region of three) await say(seeded, outcomeOf(region, start));
  await updateMonitor(services, { ...own(seeded), change: { regions: ['weur'] } });
  for (let i = 1; i <= 2; i++) await say(seeded, outcomeOf('weur', start + i, 'down'), await updatedAt(seeded));
  expect(await row(seeded)).toMatchObject({ verdict: 'down', region_health: '{"weur":"down"}' });
});

test('a decision counts though the clock that resumed the monitor is ahead', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`], regions: ['weur'] });
  const ahead = { ...services, now: () => Date.now() + 5_000 };
  await recordPause(ahead, own(seeded));
  await recordResumption(ahead, own(seeded));
  await services.monitor(ref(seeded).id).follow(ref(seeded), 'run_test');
  await say(seeded, outcomeOf('weur', Date.now()));
  expect(await row(seeded)).toMatchObject({ verdict: 'up' });
});

test('an object that has lost its state goes on from the row, and closes the incident that is open', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`], regions: ['weur'] });
  const start = Date.now();
  for (let i = 1; i <= 2; i++) await say(seeded, outcomeOf('weur', start + i, 'down'));
  const [open] = await incidents(seeded);
  await runInDurableObject(services.monitor(ref(seeded).id), (_, state) => state.storage.deleteAll());
  for (let i = 3; i <= 4; i++) await say(seeded, outcomeOf('weur', start + i));
  const [closed, ...others] = await incidents(seeded);
  expect(others).toEqual([]);
  expect(closed).toMatchObject({ id: open?.id, ended_at: start + 3 });
  expect((await changes(seeded)).map((c) => c.verdict)).toEqual(['down', 'up']);
});

test('a question that could not be asked in time is not asked late', async () => {
  const key = crypto.randomUUID();
  const seeded = await seedCohort({ urls: [`${target}/?key=${key}`], regions: ['weur'] });
  await say(seeded, outcomeOf('weur', Date.now(), 'down'));
  const object = services.monitor(ref(seeded).id);
  const asks = await runInDurableObject(object, async (_, { storage }) => {
    const record = (await storage.get<MonitorRecord>('monitor')) as MonitorRecord;
    const [ask] = record.pending.asks;
    const late = [{ regions: ask?.regions ?? [], at: Date.now() - 60_000 }];
    await storage.put('monitor', { ...record, pending: { ...record.pending, asks: late } });
    return record.pending.asks;
  });
  expect(asks.map((ask) => ask.regions)).toEqual([['weur']]);
  await runDurableObjectAlarm(object);
  // Another monitor is asked after that, so this one would have been as well.
  const otherKey = crypto.randomUUID();
  const other = await seedCohort({ urls: [`${target}/?key=${otherKey}`], regions: ['weur'] });
  await say(other, outcomeOf('weur', Date.now(), 'down'));
  await eventually(
    async () => (await (await fetch(`${target}/requests?key=${otherKey}`)).json<number[]>()).length,
    (count) => count > 0,
  );
  expect(await (await fetch(`${target}/requests?key=${key}`)).json()).toEqual([]);
  const left = await runInDurableObject(object, (_, { storage }) => storage.get<MonitorRecord>('monitor'));
  expect(left?.pending.asks).toEqual([]);
});

test('a confirmation that the domain of the target has no turn for is not lost: it is asked again', async () => {
  const key = crypto.randomUUID();
  const url = `${target}/?key=${key}`;
  const seeded = await seedCohort({ urls: [url], regions: ['weur', 'enam'], intervalSeconds: 3600 });
  const domain = new URL(url).hostname;
  await env.DB.prepare('INSERT OR REPLACE INTO domain_turns (domain, next_at) VALUES (?1, ?2)')
    .bind(domain, Date.now() + 600_000)
    .run();
  await say(seeded, outcomeOf('weur', Date.now(), 'down'));
  const object = services.monitor(ref(seeded).id);
  const pending = await runInDurableObject(object, async (_, { storage }) => {
    const record = (await storage.get<MonitorRecord>('monitor')) as MonitorRecord;
    const { asks } = record.pending;
    const due = asks.map((ask) => ({ ...ask, at: Date.now() }));
    await storage.put('monitor', { ...record, pending: { ...record.pending, asks: due } });
    return { asks, alarm: await storage.getAlarm() };
  });
  const refused = pending.asks.find(({ regions }) => `${regions}` === 'enam');
  expect(refused?.at).toBeGreaterThan(Date.now() + 5_000);
  expect(refused?.until).toBeGreaterThan(Date.now() + 3_500_000);
  expect(pending.alarm).toBeLessThanOrEqual(refused?.at ?? 0);
  await env.DB.prepare('DELETE FROM domain_turns WHERE domain = ?').bind(domain).run();
  await runDurableObjectAlarm(object);
  await eventually(
    async () => (await (await fetch(`${target}/requests?key=${key}`)).json<number[]>()).length,
    (count) => count === 2,
  );
});

test('a quiet check costs no call of the Monitor object', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`], regions: ['weur'] });
  await services.queue('weur').send(messageFor(seeded));
  await eventually(
    () => readTicks(seeded.cohort),
    (ticks) => ticks.length === 1,
  );
  const stored = await runInDurableObject(services.monitor(ref(seeded).id), (_, state) => state.storage.list());
  expect(stored.size).toBe(0);
});
