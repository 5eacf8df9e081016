import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import type { CheckResult } from '../../../worker/checks/pipeline/batch.ts';
import { loadChecks } from '../../../worker/checks/pipeline/check.ts';
import { deliverOutcomes } from '../../../worker/checks/pipeline/deliverOutcomes.ts';
import { noteSpeed } from '../../../worker/checks/pipeline/noteSpeed.ts';
import { gathererName } from '../../../worker/checks/regions/proberName.ts';
import type { Outcome } from '../../../worker/domain/checks/outcome.ts';
import { failingD1 } from '../database/failingD1.ts';
import { billedServices } from '../database/rows.ts';
import { eventually, messageFor, readTicks, type Seeded, seedCohort, services } from '../support/seed.ts';

const target = inject('target');

const prepare = async (seeded: Seeded, outcome: Partial<Outcome> = {}) => {
  const { version: _, monitors, ...batch } = messageFor(seeded);
  const checks = await loadChecks(services, { cohort: seeded.cohort, region: 'weur', monitors });
  const at = { scheduledAt: batch.slot, startedAt: batch.slot };
  const up = { health: 'up', reason: 'ok', status: 200, latencyMs: 5, region: 'weur', dataCentre: null } as const;
  return { batch, results: checks.map((check): CheckResult => ({ check, outcome: { ...up, ...at, ...outcome } })) };
};

test('a batch of a hundred is one row, and one more where stragglers join it', async () => {
  const seeded = await seedCohort({ urls: Array.from({ length: 100 }, () => `${target}/`) });
  const { batch, results } = await prepare(seeded);
  const { services: counted, rowsWritten } = billedServices();
  await deliverOutcomes(counted, batch, results.slice(0, 90));
  expect(rowsWritten()).toBe(1);
  await deliverOutcomes(counted, batch, results.slice(90));
  expect(rowsWritten()).toBe(2);
  expect(await readTicks(seeded.cohort)).toHaveLength(100);
});

/** A batch after the first, of which these took so long (ms), while all others were quick; the rows that learning wrote. */
const learn = async (seeded: Seeded, slot: number, slow: number[], latencyMs: number) => {
  const { batch, results } = await prepare(seeded);
  const measured = results.map((result) =>
    slow.includes(result.check.monitor) ? { ...result, outcome: { ...result.outcome, latencyMs } } : result,
  );
  const { services: counted, rowsWritten } = billedServices();
  const at = { ...batch, slot };
  await noteSpeed(counted, at, { checks: measured.map(({ check }) => check), results: measured, underWay: [] });
  await deliverOutcomes(services, at, measured);
  return rowsWritten();
};

test('a monitor that was slow twice in a row changes lanes for one row, and back when it was quick twice', async () => {
  const seeded = await seedCohort({ urls: Array.from({ length: 8 }, () => `${target}/`) });
  const slow = seeded.monitors.slice(0, 2).map(({ number }) => number);
  const latencies = [4_000, 1_000, 4_000, 4_000, 4_000, 1_400, 1_000, 1_000, 1_000];
  const rows: number[] = [];
  for (const [i, latencyMs] of latencies.entries())
    rows.push(await learn(seeded, 1_700_000_000_000 + i * 30_000, slow, latencyMs));
  expect(rows).toEqual([0, 0, 0, 2, 0, 0, 0, 2, 0]);
});

test('where most of a batch is slow, no monitor changes lanes: there are none to keep apart', async () => {
  const seeded = await seedCohort({ urls: Array.from({ length: 8 }, () => `${target}/`) });
  const slow = seeded.monitors.slice(0, 3).map(({ number }) => number);
  const rows: number[] = [];
  for (const i of [0, 1, 2]) rows.push(await learn(seeded, 1_700_000_000_000 + i * 30_000, slow, 4_000));
  expect(rows).toEqual([0, 0, 0]);
});

test.for([
  'D1_ERROR: database or disk is full: SQLITE_FULL',
  'D1_ERROR: Exceeded maximum DB size',
  'D1_ERROR: D1 DB exceeded its CPU time limit and was reset.',
  'D1_ERROR: Network connection lost.',
  'D1_ERROR: D1 DB is overloaded. Requests queued for too long.',
  'D1_ERROR: Your account has exceeded its daily row write limit of the free tier.',
])('an outcome is judged although D1 does not take its tick, which is held and stored later: %s', async (failure) => {
  const seeded = await seedCohort({ urls: [`${target}/`], verdict: 'unknown' });
  const { batch, results } = await prepare(seeded);
  const d1 = failingD1(
    env.DB,
    (sql) => sql.includes('INTO tick_batches'),
    () => new Error(failure),
  );
  await deliverOutcomes({ ...services, d1 }, batch, results);
  const verdict = await env.DB.prepare('SELECT verdict FROM monitors WHERE cohort = ?').bind(seeded.cohort).first();
  expect(verdict).toEqual({ verdict: 'up' });
  expect(await readTicks(seeded.cohort)).toEqual([]);
  // After an overload it waits a moment longer.
  const stored = await eventually(
    async () => {
      await runDurableObjectAlarm(services.prober('weur', gathererName(services, batch)));
      return readTicks(seeded.cohort);
    },
    (found) => found.length > 0,
  );
  expect(stored).toMatchObject([{ monitor: seeded.monitors[0]?.number, outcome: 'up' }]);
});

test('a feed that cannot be reached brings no message back', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`] });
  await env.DB.prepare('UPDATE teams SET watched_until = ? WHERE id = ?')
    .bind(Date.now() + 60_000, seeded.teamId)
    .run();
  const { batch, results } = await prepare(seeded);
  const unreachable = () => {
    throw new Error('Durable Object is overloaded.');
  };
  await deliverOutcomes({ ...services, feed: unreachable }, batch, results);
  expect(await readTicks(seeded.cohort)).toHaveLength(1);
});

test('a Monitor object that restarts receives the outcome anyway', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`], verdict: 'unknown' });
  const { batch, results } = await prepare(seeded);
  let restarts = 1;
  const monitor = (id: string) => {
    if (restarts-- > 0) throw new Error('Durable Object reset because its code was updated.');
    return services.monitor(id);
  };
  await deliverOutcomes({ ...services, monitor }, batch, results);
  const verdict = await env.DB.prepare('SELECT verdict FROM monitors WHERE cohort = ?').bind(seeded.cohort).first();
  expect(verdict).toEqual({ verdict: 'up' });
});

test('a monitor whose secrets do not open costs the others of its cohort nothing', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`, `${target}/`] });
  const [damaged, sound] = seeded.monitors.map((monitor) => monitor.number);
  await env.DB.prepare("UPDATE monitors SET sealed = 'v1.AAAA.AAAA' WHERE number = ?").bind(damaged).run();
  await services.queue('weur').send(messageFor(seeded));
  const ticks = await eventually(
    () => readTicks(seeded.cohort),
    (found) => found.length > 0,
  );
  expect(ticks.map((tick) => tick.monitor)).toEqual([sound]);
});
