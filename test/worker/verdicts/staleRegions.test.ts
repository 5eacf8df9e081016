import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, inject, test, vi } from 'vitest';
import { sweepStaleRegions } from '../../../worker/checks/regions/staleRegions.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { packTicks } from '../../../worker/ticks/format.ts';
import { outcomeOf } from '../../outcome.ts';
import { type Seeded, seedCohort, services } from '../support/seed.ts';

const target = inject('target');
const three: Region[] = ['enam', 'weur', 'apac'];

const ref = (seeded: Seeded, i = 0) => ({
  ...(seeded.monitors[i] as { id: string; number: number }),
  teamId: seeded.teamId,
});

const row = (seeded: Seeded, i = 0) =>
  env.DB.prepare('SELECT verdict, verdict_since, region_health FROM monitors WHERE id = ?')
    .bind(ref(seeded, i).id)
    .first<{ verdict: string; verdict_since: number; region_health: string }>();

/** Stored as the consumer stores it, without a call of the object: a quiet outcome. */
const storeQuiet = (seeded: Seeded, region: Region, at: number, monitors = seeded.monitors) =>
  env.DB.prepare('INSERT INTO tick_batches (cohort, slot, region, lane, ticks) VALUES (?, ?, ?, ?, ?)')
    .bind(
      ...[seeded.cohort, at, region, 'normal'],
      packTicks(monitors.map((m) => ({ monitor: m.number, outcome: outcomeOf(region, at) }))),
    )
    .run();

/** A monitor that was up from all regions a little later than `at`, and was not changed since. */
const seedUp = async (at: number, count = 1) => {
  const urls = Array.from({ length: count }, () => `${target}/`);
  const seeded = await seedCohort({ urls, regions: three, verdict: 'unknown', createdAt: at });
  for (const i of seeded.monitors.keys())
    for (const [r, region] of three.entries())
      await services.monitor(ref(seeded, i).id).observe(ref(seeded, i), outcomeOf(region, at + r), 0, 'run_test');
  await env.DB.prepare('UPDATE monitors SET updated_at = ? WHERE cohort = ?').bind(at, seeded.cohort).run();
  return seeded;
};

/** A run at that time: sweep and objects go by the same clock. */
const sweepAt = async (at: number) => {
  const clock = vi.spyOn(Date, 'now').mockReturnValue(at);
  await sweepStaleRegions(services);
  clock.mockRestore();
};

const age = (ms: number) => Date.now() - ms;

test('a monitor without data is unknown since its last outcome, without an incident', async () => {
  const at = age(20_000);
  const seeded = await seedUp(at);
  expect(await row(seeded)).toMatchObject({ verdict: 'up' });
  await sweepAt(at + 84_000);
  expect(await row(seeded)).toMatchObject({ verdict: 'up' });
  await sweepAt(at + 85_500);
  expect(await row(seeded)).toMatchObject({
    verdict: 'unknown',
    verdict_since: at + 2,
    region_health: '{"enam":"unknown","weur":"unknown","apac":"unknown"}',
  });
  const incidents = await env.DB.prepare('SELECT id FROM incidents WHERE monitor = ?').bind(ref(seeded).number).all();
  expect(incidents.results).toEqual([]);
  await services.monitor(ref(seeded).id).observe(ref(seeded), outcomeOf('weur', Date.now()), 0, 'run_test');
  await services.monitor(ref(seeded).id).observe(ref(seeded), outcomeOf('enam', Date.now()), 0, 'run_test');
  expect(await row(seeded)).toMatchObject({ verdict: 'up' });
});

test('after minutes without a run, an object is notified of the last quiet outcomes, however long ago they were', async () => {
  const seeded = await seedUp(Date.now());
  const last = age(400_000);
  await env.DB.prepare('UPDATE monitors SET updated_at = 0 WHERE cohort = ?').bind(seeded.cohort).run();
  for (const region of three) await storeQuiet(seeded, region, last);
  const notified: unknown[] = [];
  const monitor = (id: string) =>
    ({ noteLastSeen: async (heard: unknown) => void (id === ref(seeded).id && notified.push(heard)) }) as never;
  await sweepStaleRegions({ ...services, monitor });
  expect(notified).toEqual([{ enam: last, weur: last, apac: last }]);
});

test('if all of its regions are stale, one interval and the timeout are enough', async () => {
  const at = age(20_000);
  const seeded = await seedUp(at);
  await env.DB.prepare('UPDATE monitors SET updated_at = ? WHERE cohort = ?').bind(age(600_000), seeded.cohort).run();
  await sweepAt(at + 54_000);
  expect(await row(seeded)).toMatchObject({ verdict: 'up' });
  await sweepAt(at + 55_500);
  expect(await row(seeded)).toMatchObject({ verdict: 'unknown', verdict_since: at + 2 });
});

test('quiet outcomes that were stored keep a monitor up, and of two in a batch only the missing one becomes stale', async () => {
  const at = age(20_000);
  const seeded = await seedUp(at, 2);
  const [kept] = seeded.monitors;
  for (const region of three) await storeQuiet(seeded, region, at + 75_000, kept ? [kept] : []);
  await sweepAt(at + 85_500);
  expect(await row(seeded, 0)).toMatchObject({ verdict: 'up' });
  expect(await row(seeded, 1)).toMatchObject({ verdict: 'unknown' });
});

test('one stale region loses its vote, and the others decide', async () => {
  const at = age(20_000);
  const seeded = await seedUp(at);
  for (const region of ['enam', 'weur'] as const) await storeQuiet(seeded, region, at + 80_000);
  await sweepAt(at + 85_500);
  expect(await row(seeded)).toMatchObject({
    verdict: 'up',
    region_health: '{"enam":"up","weur":"up","apac":"unknown"}',
  });
});

test('a monitor that somebody changed just now gets its time to send data', async () => {
  const at = age(20_000);
  const seeded = await seedUp(at);
  await env.DB.prepare('UPDATE monitors SET updated_at = ? WHERE cohort = ?')
    .bind(at + 85_000, seeded.cohort)
    .run();
  await sweepAt(at + 85_500);
  expect(await row(seeded)).toMatchObject({ verdict: 'up' });
});

test('an object with an older form of state goes on from the row, its open incident included', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`], regions: ['weur'] });
  const object = services.monitor(ref(seeded).id);
  const at = age(5_000);
  await env.DB.prepare(
    `INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, reason, evidence)
     VALUES ('inc_first', ?, ?, ?, ?, 'refused', '[]')`,
  )
    .bind(seeded.teamId, ref(seeded).number, at, at)
    .run();
  const region = {
    ...{ health: 'down', contradictions: 0, contradictedSince: at, leaning: 'down', since: at },
    ...{ otherwiseUntil: 0, agreedUntil: 0, latest: outcomeOf('weur', at, 'down') },
  };
  await runInDurableObject(object, (_, state) =>
    state.storage.put('monitor', {
      ref: ref(seeded),
      regions: ['weur'],
      machine: { verdict: 'down', since: at, regions: { weur: region }, suspicion: null },
      revision: at,
      openIncident: 'inc_first',
      pending: { row: false, transitions: [], asks: [] },
      correlationId: 'run_first',
    }),
  );
  await env.DB.prepare("UPDATE monitors SET verdict = 'down', verdict_since = ?, decision = ? WHERE id = ?")
    .bind(at, at, ref(seeded).id)
    .run();
  for (const [i, startedAt] of [age(1_000), age(500)].entries()) {
    await object.observe(ref(seeded), outcomeOf('weur', startedAt + i), 0, 'run_test');
  }
  await runDurableObjectAlarm(object);
  expect(await row(seeded)).toMatchObject({ verdict: 'up' });
  const incident = await env.DB.prepare("SELECT ended_at, resolved_at FROM incidents WHERE id = 'inc_first'").first<{
    ended_at: number;
    resolved_at: number;
  }>();
  expect(incident?.ended_at).toBeGreaterThan(at);
  expect(incident?.resolved_at).toBeGreaterThanOrEqual(incident?.ended_at ?? 0);
});
