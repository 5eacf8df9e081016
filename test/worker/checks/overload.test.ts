import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { proberName } from '../../../worker/checks/regions/proberName.ts';
import { receiverFor, seedMonitor, seedWebhook } from '../channels/alerting.ts';
import { eventually, messageFor, readTicks, type Seeded, seedCohort, services } from '../support/seed.ts';
import { watchDatabase } from '../verdicts/steps.ts';

const target = inject('target');

/** The result of a write; each third of the failures was carried out before its answer was lost. */
type Trouble = 'none' | 'fifth' | 'overloaded';
let trouble: Trouble = 'none';
let writes = 0;
const appends = { asked: 0 };

const messages = [
  'D1_ERROR: Network connection lost.',
  'D1_ERROR: D1 DB is overloaded. Requests queued for too long.',
  'D1_ERROR: Internal error in D1 DB storage caused object to be reset.',
];

beforeAll(() => {
  watchDatabase(async ({ query }, run) => {
    if (query.includes('INTO tick_batches')) appends.asked++;
    // Requests of people and of the test itself are not in the pipeline.
    if (trouble === 'none' || !/^\s*(INSERT|UPDATE|DELETE)/.test(query)) return run();
    await scheduler.wait(30);
    const place = writes++;
    if (trouble === 'overloaded') throw new Error(messages[1]);
    if (place % 5 !== 2) return run();
    if (place % 3 === 0) await run();
    throw new Error(messages[((place / 5) % 3) | 0]);
  });
});

const scheduled = async ({ cohort }: Seeded) =>
  (await readTicks(cohort))
    .filter(({ lane }) => lane === 'normal')
    .map((tick) => `${tick.monitor} ${tick.scheduled_at}`);

/** Batches in the storage of these Probers. */
const heldBy = async (names: readonly string[]) => {
  const counts = names.map((name) =>
    runInDurableObject(services.prober('weur', name), async (_, { storage }) => {
      return (await storage.list({ prefix: 'held:' })).size;
    }),
  );
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
};

afterEach(() => {
  vi.useRealTimers();
  trouble = 'none';
});

const requestsTo = async (key: string) =>
  ((await (await fetch(`${target}/requests?key=${key}`)).json()) as number[]).length;

test('with a fifth of all writes failing nothing is lost or doubled: ticks, incidents, alerts', async () => {
  const outages = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const seeded = await seedMonitor();
      const hook = receiverFor();
      await seedWebhook(seeded.teamId, hook.url);
      await env.DB.prepare(`UPDATE monitors SET settings = json_set(settings, '$.url', ?2) WHERE cohort = ?1`)
        .bind(seeded.cohort, `${target}/status/500`)
        .run();
      return { seeded, hook };
    }),
  );
  const quiet = await seedCohort({ urls: Array.from({ length: 40 }, () => `${target}/`) });
  trouble = 'fifth';
  const slots = Array.from({ length: 6 }, (_, i) => Date.now() - 6_000 + 1_000 * i);
  for (const slot of slots) {
    await services.queue('weur').send(messageFor(quiet, { slot }));
    await Promise.all(outages.map(({ seeded }) => services.queue('weur').send(messageFor(seeded, { slot }))));
  }
  for (const { seeded, hook } of outages) {
    const notified = await eventually(hook.received, (received) => received.length > 0);
    expect(notified.map(({ body }) => body.event)).toEqual(['down']);
    const incidents = env.DB.prepare('SELECT started_at, resolved_at FROM incidents WHERE team_id = ?');
    expect((await incidents.bind(seeded.teamId).all()).results).toHaveLength(1);
  }
  const wanted = slots.flatMap((slot) => quiet.monitors.map(({ number }) => `${number} ${slot}`)).sort();
  const stored = await eventually(
    async () => (await scheduled(quiet)).sort(),
    (found) => found.length >= wanted.length,
    60_000,
  );
  expect(stored).toEqual(wanted);
  trouble = 'none';
  // Every delivery that waited for its next attempt has had it: nobody was notified twice.
  for (const { seeded, hook } of outages) {
    for (const { id } of seeded.monitors) await runDurableObjectAlarm(services.monitor(id));
    const states = env.DB.prepare('SELECT event, state FROM deliveries WHERE team_id = ?').bind(seeded.teamId);
    await eventually(
      async () => (await states.all<{ state: string }>()).results,
      (all) => all.length === 1 && all[0]?.state === 'delivered',
    );
    expect(await hook.received()).toHaveLength(1);
  }
});

test('while D1 is overloaded it gets fewer statements than batches, no target is asked twice, and all is stored after', async () => {
  const key = crypto.randomUUID();
  const cohorts = await Promise.all(
    Array.from({ length: 30 }, () => seedCohort({ urls: [`${target}/?key=${key}`, `${target}/?key=${key}`] })),
  );
  trouble = 'overloaded';
  appends.asked = 0;
  const from = Date.now();
  // The rest after the first overload lasts until all batches have come, however busy the machine is.
  vi.useFakeTimers({ toFake: ['Date'], now: from });
  for (const seeded of cohorts) await services.queue('weur').send(messageFor(seeded, { slot: from }));
  await eventually(
    () => requestsTo(key),
    (requests) => requests >= 60,
  );
  const probers = [...new Set(cohorts.map(({ cohort }) => proberName(services, { cohort, lane: 'normal' }, 0, 0)))];
  await eventually(
    () => heldBy(probers),
    (held) => held === cohorts.length,
  );
  expect(appends.asked).toBeGreaterThan(0);
  expect(appends.asked).toBeLessThan(cohorts.length);
  vi.useRealTimers();
  trouble = 'none';
  const count = async () => (await Promise.all(cohorts.map(scheduled))).flat().length;
  await eventually(
    async () => {
      for (const name of probers) await runDurableObjectAlarm(services.prober('weur', name));
      return count();
    },
    (found) => found === 60,
  );
  expect(await requestsTo(key)).toBe(60);
});
