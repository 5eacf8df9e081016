import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { dispatchMinute } from '../../../worker/checks/dispatch/dispatch.ts';
import { loadChecks } from '../../../worker/checks/pipeline/check.ts';
import { readWindows } from '../../../worker/db/maintenance/readMaintenance.ts';
import { messageFor, type Seeded, seedCohort } from '../support/seed.ts';
import { billedServices } from './rows.ts';

/** D1 bills every row that a statement reads: it has to grow with what is asked for, not with its square. */

let asked: Seeded;
let beside: Seeded;

beforeAll(async () => {
  const urls = Array.from({ length: 100 }, () => 'http://localhost/');
  asked = await seedCohort({ urls });
  // A plan that walks a whole table shows.
  beside = await seedCohort({ urls });
});

test('the checks of a hundred monitors are read in three rows each', async () => {
  const { services, billed } = billedServices();
  const { monitors, cohort } = messageFor(asked);
  expect(await loadChecks(services, { cohort, region: 'weur', monitors })).toHaveLength(100);
  // One of the list, one of the monitor, one of its team; and a search for the batch before.
  expect(billed.map(({ rowsRead }) => rowsRead)).toEqual([301]);
});

test('the maintenance windows of two hundred monitors are read in a few rows each', async () => {
  await env.DB.prepare(
    `INSERT INTO maintenance_windows (id, team_id, title, all_monitors, tags, starts_at, time_zone, duration_seconds,
       skipped, effective_from, created_by, created_at, updated_at)
     VALUES ('window', ?, 'Work', 1, '[]', '2026-01-01T00:00', 'UTC', 3600, '[]', 1, 'user', 1, 1)`,
  )
    .bind(asked.teamId)
    .run();
  const { services, billed } = billedServices();
  const numbers = [asked, beside].flatMap(({ monitors }) => monitors.map(({ number }) => number));
  const windows = await readWindows(services.d1, numbers, { from: 0, to: Date.now() });
  expect([...windows.values()].flat()).toHaveLength(100);
  expect(billed[0]?.rowsRead).toBeLessThan(1_500);
});

test('the members of two cohorts are dispatched in a few rows each', async () => {
  const { services, billed } = billedServices();
  const queue = () => ({ sendBatch: async () => {} }) as unknown as Queue;
  await dispatchMinute({ ...services, queue }, Date.now());
  const members = billed.filter(({ query }) => query.includes('AS failing'));
  expect(members.length).toBeGreaterThan(0);
  for (const { rowsRead } of members) expect(rowsRead).toBeLessThan(500);
});
