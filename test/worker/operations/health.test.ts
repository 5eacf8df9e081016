import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { openDatabase } from '../../../worker/db/core/client.ts';
import { cohortOffsetMs, firstSlot, regionStaggerMs } from '../../../worker/domain/checks/schedule.ts';
import { checkHealth } from '../../../worker/operations/health.ts';
import { insertDelivery } from '../channels/alerting.ts';
import { bodyOf, createClient } from '../support/client.ts';
import { type Seeded, seedCohort, services } from '../support/seed.ts';

type Health = Awaited<ReturnType<typeof checkHealth>>;

const tables = [
  'components',
  'monitors',
  'cohorts',
  'cohort_memberships',
  'dispatches',
  'dead_letters',
  'deliveries',
  'channels',
  'dead_man_ping',
  'tick_batches',
  'database_storage',
];
beforeEach(async () => {
  await env.DB.batch(tables.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
});

const ask = async () => {
  const response = await createClient().get('/healthz');
  return { status: response.status, body: await bodyOf<Health>(response) };
};

const dispatchedAgo = (ms: number) =>
  env.DB.prepare('INSERT INTO dispatches (minute, claimed_at, finished_at) VALUES (?1, ?1, ?1)')
    .bind(Date.now() - ms)
    .run();

/** A cohort that has been checked for an hour. */
const seedOld = async (options: { regions?: ('weur' | 'oc')[]; timeoutMs?: number } = {}) => {
  const seeded = await seedCohort({ urls: ['http://127.0.0.1:9/'], regions: ['weur'], ...options });
  await env.DB.prepare('UPDATE cohort_memberships SET since = since - 3600000').run();
  return seeded;
};

const slotOf = (seeded: Seeded, index: number, before: number) => {
  const { cohort, intervalSeconds, regions } = seeded;
  const stagger = regionStaggerMs(index, regions.length, intervalSeconds);
  const offset = cohortOffsetMs(cohort, intervalSeconds) + stagger;
  return firstSlot(before - intervalSeconds * 1000 + 1, intervalSeconds * 1000, offset);
};

/** Stores the newest slot that was due so long ago; `justNow` is in the future, so that no slot comes up in between. */
const justNow = -1_000;
const storedAgo = (seeded: Seeded, ms: number, index = 0, lane = 'normal') =>
  env.DB.prepare("INSERT INTO tick_batches VALUES (?, ?, ?, ?, '{}')")
    .bind(seeded.cohort, slotOf(seeded, index, Date.now() - ms), seeded.regions[index] ?? '', lane)
    .run();

test('a fresh installation is healthy and says that nothing was dispatched yet', async () => {
  const { status, body } = await ask();
  expect(status).toBe(200);
  expect(body).toEqual({
    status: 'ok',
    checks: {
      database: { ok: true, latencyMs: expect.any(Number) },
      dispatch: {
        ...{ ok: true, state: 'not_started', startsBy: expect.stringMatching(/Z$/), lastMinute: 'never' },
        ageSeconds: null,
      },
      queues: { ok: true, lagSeconds: 0, lateRegions: [] },
      alerts: { ok: true, overdue: 0, overdueSince: null, failingChannels: 0 },
      deadLetters: { ok: true, lastHour: 0, total: 0, queues: [] },
      regions: { ok: true, distrusted: [] },
      storage: {
        ...{ ok: true, level: 'ok', sizeBytes: null, limitBytes: 10_000_000_000, usedPercent: null, freeBytes: null },
        ...{ measuredAt: null, ticksSince: null, droppedForRoom: false },
      },
      deadMan: { ok: true, configured: false },
    },
  });
});

describe('when nothing was ever dispatched', () => {
  /** An installation that deployed this version so long ago, with a monitor that has waited for 200 s. */
  const dispatchOf = async (deployedMs: number) => {
    const { cohort } = await seedCohort({ urls: ['http://127.0.0.1:9/'] });
    await env.DB.prepare('UPDATE cohort_memberships SET since = since - 200000 WHERE cohort = ?').bind(cohort).run();
    const health = await checkHealth({ ...services, deployedAt: Date.now() - deployedMs }, 'req_test');
    return [health.status, (health.checks.dispatch as { state?: string }).state];
  };

  const minutes = (count: number) => count * 60_000;

  test.each([
    ['well while a new cron may still start', minutes(16), ['ok', 'not_started']],
    ['a failure once it should have started and a monitor waits', minutes(18), ['failing', 'stopped']],
    ['a failure in an installation whose age is unknown', Date.now(), ['failing', 'stopped']],
  ])('that is %s', async (_, deployedMs, expected) => {
    expect(await dispatchOf(deployedMs)).toEqual(expected);
  });

  test('although a cron has run, that is a failure at once', async () => {
    await env.DB.prepare('INSERT INTO dispatches (minute, claimed_at) VALUES (?1, ?1)').bind(Date.now()).run();
    expect(await dispatchOf(minutes(1))).toEqual(['failing', 'stopped']);
  });

  test('a dispatch that has stopped is a failure right after a deployment as well', async () => {
    await dispatchedAgo(240_000);
    expect(await dispatchOf(minutes(1))).toEqual(['failing', 'stopped']);
  });
});

test('a dispatch of two minutes ago is fine, one of four minutes ago is not', async () => {
  await dispatchedAgo(240_000);
  const failing = await ask();
  expect(failing.status).toBe(503);
  expect(failing.body.checks.dispatch).toMatchObject({ ok: false, ageSeconds: expect.closeTo(240, -1) });
  await dispatchedAgo(120_000);
  const fine = await ask();
  expect([fine.status, fine.body.checks.dispatch.ok]).toEqual([200, true]);
});

test('a dispatch that never finished does not count', async () => {
  await dispatchedAgo(240_000);
  await env.DB.prepare('INSERT INTO dispatches (minute, claimed_at) VALUES (?1, ?1)').bind(Date.now()).run();
  expect((await ask()).status).toBe(503);
});

test('ticks that are stored in time are no lag', async () => {
  await dispatchedAgo(0);
  await storedAgo(await seedOld(), justNow);
  const { status, body } = await ask();
  expect([status, body.checks.queues]).toEqual([200, { ok: true, lagSeconds: 0, lateRegions: [] }]);
});

test('one region that stands still is seen beside one that works', async () => {
  await dispatchedAgo(0);
  const seeded = await seedOld({ regions: ['weur', 'oc'] });
  await storedAgo(seeded, justNow, 0);
  await storedAgo(seeded, 150_000, 1);
  const { status, body } = await ask();
  expect(status).toBe(503);
  const { queues } = body.checks;
  expect(queues).toMatchObject({ ok: false, lateRegions: ['oc'] });
  expect('lagSeconds' in queues && queues.lagSeconds).toBeGreaterThanOrEqual(150);
});

test('ticks asked for on demand do not hide a queue that stands still', async () => {
  await dispatchedAgo(0);
  const seeded = await seedOld();
  await storedAgo(seeded, justNow, 0, 'extra');
  expect((await ask()).body.checks.queues.ok).toBe(false);
});

test('a target that hangs until its timeout is no lag of ours', async () => {
  await dispatchedAgo(0);
  await storedAgo(await seedOld({ timeoutMs: 60_000 }), 110_000);
  expect((await ask()).body.checks.queues.ok).toBe(true);
});

test('a cohort that was just begun is not late', async () => {
  await dispatchedAgo(0);
  await seedCohort({ urls: ['http://127.0.0.1:9/'] });
  expect((await ask()).body.checks.queues).toEqual({ ok: true, lagSeconds: 0, lateRegions: [] });
});

test('a dead letter fails it for an hour', async () => {
  const keep = (id: string, ago: number) =>
    env.DB.prepare('INSERT INTO dead_letters (id, received_at, queue, body) VALUES (?, ?, ?, ?)')
      .bind(id, Date.now() - ago, 'pharos-alerts-dead', 'team_secret')
      .run();
  await keep('old', 3_700_000);
  expect(await ask()).toMatchObject({
    status: 200,
    body: { checks: { deadLetters: { ok: true, lastHour: 0, total: 1, queues: [] } } },
  });
  await keep('new', 10_000);
  const { status, body } = await ask();
  expect([status, body.checks.deadLetters]).toEqual([
    503,
    { ok: false, lastHour: 1, total: 2, queues: ['pharos-alerts-dead'] },
  ]);
  expect(JSON.stringify(body)).not.toContain('team_secret');
});

const minute = 60_000;

test.for<[name: string, deliveries: Parameters<typeof insertDelivery>[0][], overdue: number]>([
  ['one that is due just now is not late', [{ dueAgo: minute }], 0],
  ['one that has been due for long is', [{ dueAgo: 6 * minute }], 1],
  ['one that waits for its next attempt is not', [{ dueAgo: -minute }], 0],
  ['nor is what waits behind it', [{ dueAgo: -minute }, { dueAgo: 60 * minute }], 0],
  ['deliveries held by quiet hours are not overdue', [{ dueAgo: 60 * minute, heldForMs: minute }], 0],
  [
    'deliveries gathered while a digest fails are not overdue',
    [{ dueAgo: -minute, event: 'digest', triedAgo: 9 * minute, dedupKey: 'dig_x' }, { dueAgo: 9 * minute }],
    0,
  ],
  [
    'a digest that nobody tries is',
    [{ dueAgo: 9 * minute, event: 'digest', triedAgo: 19 * minute, dedupKey: 'dig_x' }],
    1,
  ],
  [
    'deliveries that wait while others are attempted are not overdue',
    [{ dueAgo: 9 * minute }, { dueAgo: -minute, triedAgo: minute, dedupKey: 'inc_y' }],
    0,
  ],
  ['settled deliveries are not overdue', [{ dueAgo: 60 * minute, state: 'failed' }], 0],
  ['only the first of a dedup key is overdue', [{ dueAgo: 9 * minute }, { dueAgo: 8 * minute }], 1],
])('overdue deliveries are counted: %s', async ([, deliveries, overdue]) => {
  for (const delivery of deliveries) await insertDelivery(delivery);
  const { status, body } = await ask();
  expect(body.checks.alerts).toMatchObject({ ok: overdue === 0, overdue });
  expect(status).toBe(overdue === 0 ? 200 : 503);
});

test('channels that keep failing are counted, not named, and fail nobody else', async () => {
  await env.DB.prepare(
    `INSERT INTO channels (id, team_id, kind, name, settings, failing_since, failure_notified_at, created_at, updated_at)
     VALUES ('chn_1', 'team_1', 'webhook', 'Secret name', '{}', 1, 2, 1, 1), ('chn_2', 'team_1', 'webhook', 'B', '{}', 1, NULL, 1, 1)`,
  ).run();
  const { status, body } = await ask();
  expect([status, body.checks.alerts]).toMatchObject([200, { ok: true, failingChannels: 1 }]);
  expect(JSON.stringify(body)).not.toContain('Secret');
});

test('answers in time and without details while the database hangs', async () => {
  const never = new Promise<never>(() => {});
  const statement = { bind: () => statement, all: () => never, raw: () => never, run: () => never };
  const d1 = { prepare: () => statement } as unknown as D1Database;
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const asked = checkHealth({ ...services, d1, db: openDatabase(d1) }, 'req_test');
  // No part waits for another.
  await vi.advanceTimersByTimeAsync(3_000);
  vi.useRealTimers();
  const answer = await asked;
  const silent = { ok: false, error: 'This part did not answer.' };
  expect(answer).toEqual({
    status: 'failing',
    checks: {
      ...{ database: silent, dispatch: silent, queues: silent, alerts: silent },
      ...{ deadLetters: silent, regions: silent, storage: silent, deadMan: { ok: true, configured: false } },
    },
  });
  expect(logged).toHaveBeenCalledTimes(7);
});
