import { createMessageBatch, createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, inject, test } from 'vitest';
import { sweepDistrust } from '../../../worker/checks/regions/distrust.ts';
import { sweepStaleRegions } from '../../../worker/checks/regions/staleRegions.ts';
import { readStanding, writeDecision } from '../../../worker/db/decisions/decisions.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import handlers from '../../../worker/handlers.ts';
import { checkVitals } from '../../../worker/operations/health.ts';
import { packTicks } from '../../../worker/ticks/format.ts';
import { outcomeOf } from '../../outcome.ts';
import { messageFor, type Seeded, seedCohort } from '../support/seed.ts';
import { expectRows } from './expectedRows.ts';
import { billedServices } from './rows.ts';

/**
 * What every statement of the cron's minute, of a batch and of a decision reads and writes with 300 monitors in three
 * regions, by D1's own account. A statement without a line here fails: 10,000 monitors run it 43,200 times a month.
 */
const { unexpected, unused } = expectRows([
  // The minute: dispatch. 'read' grows by two for each monitor.
  [/^INSERT INTO dispatches/, 2, 1],
  [/^SELECT id, interval_seconds, regions FROM cohorts WHERE size > 0/, 3],
  [/AS failing FROM json_each\(\?1\) AS due/, 610],
  [/^UPDATE dispatches SET finished_at/, 3, 2],
  // Loads of domains: one index entry for each monitor.
  [/^select "number", "kind", "settings" from "monitors" where "monitors"."domain" is null/, 1],
  [/^WITH redirected AS MATERIALIZED/, 310],
  [/^UPDATE domain_turns SET regular_per_hour = 0/, 2],
  // Stale regions: one row for each monitor, and one for each batch of an interval.
  [/^SELECT b.cohort, b.slot, b.region, b.ticks FROM cohorts/, 40],
  [/^SELECT m.number, m.cohort, m.interval_seconds \* m.stretch/, 300],
  // Distrust: one row for each batch of a minute.
  [/^SELECT region, since, failing, monitors, references_failing/, 2],
  [/^WITH failing AS MATERIALIZED \( SELECT DISTINCT c.id AS cohort/, 60],
  // Alerts.
  [/^SELECT channel FROM \( SELECT DISTINCT \+channel/, 7],
  [/^WITH failing AS MATERIALIZED \( SELECT c\.\*/, 5],
  [/^SELECT c.id, c.team_id AS teamId, c.name, c.kind, c.failure_notified_at/, 2],
  [/^DELETE FROM recipient_tokens/, 1],
  [/^DELETE FROM mailbox_asks/, 1],
  [/^UPDATE recipients AS r SET ask_due_at/, 3],
  // Retention.
  [/^delete from "deleted_channels"/, 2],
  [/^DELETE FROM sign_in_failures/, 1],
  [/^DELETE FROM domain_turns/, 2],
  [/^DELETE FROM team_turns/, 3],
  [/^DELETE FROM (delivery_attempts|deliveries|audit_entries|dead_letters) WHERE/, 3],
  // Room in the database: some rows for each cohort that holds ticks.
  [/FROM database_storage WHERE id = 1/, 1],
  [/^WITH RECURSIVE held\(cohort\) AS/, 30],
  [/^INSERT INTO database_storage/, 1, 1],
  // Once for each version: what is older is filled and sealed again.
  [/^select "number", "name", "address" from "monitors" where "monitors"."search_text" is null/, 1],
  [/FROM resealing/, 1],
  [/^INSERT INTO resealing/, 1, 1],
  [/AS position, sealed,/, 250],
  [/AS position, check_token AS sealed,/, 10],
  // A batch of 100 checks, and the rows of the batches since the one before it.
  [/^SELECT m.number, m.id, m.team_id, m.settings, m.sealed/, 303],
  [/^INSERT INTO tick_batches/, 1, 1],
  // A batch in which many begin to fail.
  [/^INSERT INTO region_reviews/, 2, 2],
  [/^UPDATE region_reviews SET review_at/, 2, 2],
  // The dead man's switch, and /healthz.
  [/^select "id" from "users" limit/, 1],
  [/^select "minute" from "dispatches"/, 2],
  [/^WITH chosen AS MATERIALIZED/, 2_000],
  [/^WITH due AS MATERIALIZED/, 2],
  [/FROM channels WHERE failure_notified_at/, 1],
  // One monitor of which one region is stale.
  [/^WITH doubtful AS MATERIALIZED/, 100],
  // A decision: what holds around the monitor, its row, and whether anybody watches.
  [/^SELECT m.regions, m.interval_seconds, m.stretch/, 10],
  [/^SELECT w.id, w.title, w.starts_at/, 5],
  [/^UPDATE monitors SET verdict/, 1, 2],
  [/^SELECT id FROM teams WHERE id = \?1 AND watched_until/, 1],
  // One region in which some fail alone.
  [/^SELECT number FROM monitors INDEXED BY monitors_cohort/, 210],
  [/^WITH used AS MATERIALIZED/, 3_000],
]);

const three: Region[] = ['enam', 'weur', 'apac'];
const target = inject('target');
const cohorts: Seeded[] = [];

const store = (cohort: Seeded, region: Region, at: number, health: 'up' | 'down' = 'up', monitors = cohort.monitors) =>
  env.DB.prepare(
    `INSERT INTO tick_batches (cohort, slot, region, lane, ticks) VALUES (?, ?, ?, 'normal', ?)
     ON CONFLICT DO UPDATE SET ticks = json_patch(ticks, excluded.ticks)`,
  ).bind(
    ...[cohort.cohort, at, region],
    packTicks(
      monitors.map(({ number }) => ({
        monitor: number,
        outcome: outcomeOf(region, at, health, { dataCentre: 'FRA' }),
      })),
    ),
  );

const begun = Date.now();

/** Five minutes of all monitors that are up, an hour old. */
beforeAll(async () => {
  for (let i = 0; i < 3; i++) {
    const urls = Array.from({ length: 100 }, (_, n) => `${target}/?n=${i * 100 + n}`);
    const cohort = await seedCohort({ urls, regions: three, createdAt: begun - 3_600_000 });
    cohorts.push(cohort);
    const slots = Array.from({ length: 10 }, (_, n) => begun - 1_000 - n * 30_000);
    await env.DB.batch(slots.flatMap((at) => three.map((region) => store(cohort, region, at))));
  }
  await env.DB.prepare("UPDATE monitors SET domain = 'd' || (number / 10) || '.test', search_text = 'x'").run();
});

test('a minute of 300 monitors', async () => {
  const { env: counting, billed } = billedServices();
  await handlers.scheduled(createScheduledController({ scheduledTime: new Date(begun) }), counting);
  expect(unexpected(billed)).toEqual([]);
  const read = billed.filter(({ query }) => !query.includes('resealing') && !query.includes('AS position'));
  // Two minutes are dispatched in the first run.
  expect(read.reduce((sum, { rowsRead }) => sum + rowsRead, 0)).toBeLessThan(300 * 8);
});

const consume = async (counting: Env, cohort: Seeded) => {
  const body = messageFor(cohort, { region: 'weur' });
  const batch = createMessageBatch('pharos-checks-weur', [{ id: 'm', timestamp: new Date(), attempts: 1, body }]);
  await handlers.queue(batch as never, counting);
};

test('a batch of 100 checks, and one in which five begin to fail', async () => {
  const { env: counting, billed } = billedServices();
  const [cohort] = cohorts;
  if (!cohort) throw new Error('No cohort.');
  await consume(counting, cohort);
  expect(billed).toHaveLength(2);
  await env.DB.prepare(
    `UPDATE monitors SET settings = json_set(settings, '$.url', 'http://127.0.0.1:9/')
     WHERE cohort = ? AND number % 20 = 0`,
  )
    .bind(cohort.cohort)
    .run();
  await consume(counting, cohort);
  expect(billed.length).toBeGreaterThan(4);
  expect(unexpected(billed)).toEqual([]);
});

test('requests about the installation', async () => {
  const { services, billed } = billedServices();
  await checkVitals(services, 'run_test');
  expect(unexpected(billed)).toEqual([]);
});

test('the ticks of one doubtful monitor are read, not those of its cohort', async () => {
  const { services, billed } = billedServices();
  const [, , cohort] = cohorts;
  const monitor = cohort?.monitors[0];
  await env.DB.prepare(
    `UPDATE tick_batches SET ticks = json_remove(ticks, '$."${monitor?.number}"') WHERE cohort = ? AND region = 'apac'`,
  )
    .bind(cohort?.cohort)
    .run();
  const notified: string[] = [];
  const monitorStub = (id: string) => ({ noteLastSeen: async () => void notified.push(id) }) as never;
  await sweepStaleRegions({ ...services, monitor: monitorStub });
  expect(notified).toEqual([monitor?.id]);
  expect(unexpected(billed)).toEqual([]);
});

test('all ticks of a minute are compared only where a region may be broken and teams decide', async () => {
  const { services, billed } = billedServices();
  const [, cohort] = cohorts;
  if (!cohort) throw new Error('No cohort.');
  const now = Date.now();
  await env.DB.prepare("UPDATE monitors SET domain = 'd' || (number % 5) || '.test' WHERE cohort = ?")
    .bind(cohort.cohort)
    .run();
  await store(cohort, 'weur', now - 500, 'down', cohort.monitors.slice(0, 60)).run();
  await env.DB.batch((['enam', 'apac'] as const).map((region) => store(cohort, region, now - 400)));
  for (const [kind, comparisons] of [
    ['open', 1],
    ['closed', 2],
  ] as const) {
    billed.length = 0;
    const config = { ...services.config, referenceTargets: [], signUp: { kind } };
    await sweepDistrust({ ...services, config });
    expect(unexpected(billed.filter(({ query }) => !isComparison(query)))).toEqual([]);
    const compared = billed.filter(({ query }) => isComparison(query)).map(({ rowsRead }) => rowsRead < 100 * 300);
    expect(compared).toEqual(Array.from({ length: comparisons }, () => true));
  }
});

const isComparison = (query: string) =>
  /^WITH (failing|ticks) AS MATERIALIZED \(\s+SELECT (DISTINCT c.id|CAST)/.test(query);

test('a decision that changes nothing but the row', async () => {
  const { services, billed } = billedServices();
  const [cohort] = cohorts;
  const number = cohort?.monitors[1]?.number ?? 0;
  await readStanding(services.d1, number, begun);
  const shownNow = { verdict: 'down', verdictSince: begun, regionHealth: {}, suspect: false, flapping: false } as const;
  const decision = {
    monitor: number,
    teamId: cohort?.teamId ?? '',
    revision: begun + 9e6,
    ...shownNow,
    timelineEvents: [],
    deliveries: [],
  };
  await writeDecision(services.d1, decision, begun);
  expect(unexpected(billed)).toEqual([]);
});

test('no line is about a statement that nothing runs', () => {
  expect(unused()).toEqual([]);
});
