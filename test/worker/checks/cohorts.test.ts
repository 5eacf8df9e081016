import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { createMonitorSchema } from '../../../worker/contract/monitorInput.ts';
import { listMemberships } from '../../../worker/db/checks/cohorts.ts';
import { recordPause, recordResumption } from '../../../worker/db/monitors/monitorState.ts';
import { insertMonitor, removeMonitor } from '../../../worker/db/monitors/monitors.ts';
import { updateMonitor } from '../../../worker/db/monitors/updateMonitor.ts';
import { cohorts, teams } from '../../../worker/db/schema.ts';
import { createServices } from '../../../worker/services.ts';
import { httpMonitor } from '../../httpMonitor.ts';

const clock = { now: 1_800_000_000_000 };
const services = { ...createServices(env), now: () => clock.now };
const { db } = services;
let teamId = '';

const create = (input: object = {}) =>
  insertMonitor(services, {
    teamId,
    userId: 'usr_keeper',
    input: createMonitorSchema(true).parse(httpMonitor({ url: 'http://127.0.0.1:9/', ...input })),
  });
const own = ({ id }: { id: string }) => ({ teamId, id, userId: 'usr_keeper' });
const sizes = async () => (await db.select().from(cohorts).orderBy(cohorts.id)).map((c) => c.size);
const memberships = async ({ number }: { number: number }) =>
  (await listMemberships(db, number)).map(({ since, until, cohort }) => ({ since, until, cohort }));

beforeEach(async () => {
  for (const table of ['monitors', 'cohorts', 'cohort_memberships', 'teams']) await env.DB.exec(`DELETE FROM ${table}`);
  teamId = `team_${crypto.randomUUID()}`;
  await db.insert(teams).values({ id: teamId, name: 'Team', createdAt: clock.now });
});

test('150 monitors created at once fill two cohorts, none above 100', async () => {
  await Promise.all(Array.from({ length: 150 }, () => create()));
  expect(await sizes()).toEqual([100, 50]);
});

test('monitors of another interval or other regions are in another cohort', async () => {
  const monitors = [
    await create(),
    await create({ intervalSeconds: 60 }),
    await create({ regions: ['weur'] }),
    await create({ regions: ['apac', 'weur', 'enam'] }),
  ];
  const numbers = monitors.map((m) => m.cohort);
  expect(new Set(numbers).size).toBe(3);
  expect(numbers[3]).toBe(numbers[0]);
});

test('a monitor that changes its interval moves, and its history stays readable', async () => {
  const monitor = await create();
  const since = clock.now;
  clock.now += 60_000;
  const { monitor: moved } = await updateMonitor(services, { ...own(monitor), change: { intervalSeconds: 10 } });
  expect(moved.cohort).not.toBe(monitor.cohort);
  expect(await memberships(monitor)).toEqual([
    { since, until: clock.now, cohort: monitor.cohort },
    { since: clock.now, until: null, cohort: moved.cohort },
  ]);
  expect(await sizes()).toEqual([0, 1]);
});

test('a change of anything else keeps the cohort', async () => {
  const monitor = await create();
  clock.now += 1_000;
  const { monitor: changed } = await updateMonitor(services, {
    ...own(monitor),
    change: { name: 'Other', timeoutMs: 5_000, intervalSeconds: 30, regions: monitor.regions },
  });
  expect(changed).toMatchObject({ name: 'Other', timeoutMs: 5_000, cohort: monitor.cohort });
  expect(await memberships(monitor)).toHaveLength(1);
});

test('pausing leaves the cohort, and resuming comes back to one with room', async () => {
  const monitor = await create();
  await create();
  const since = clock.now;
  clock.now += 1_000;
  const { monitor: paused } = await recordPause(services, own(monitor));
  expect(paused).toMatchObject({ cohort: null, verdict: 'paused', verdictSince: clock.now });
  expect(await sizes()).toEqual([1]);
  clock.now += 1_000;
  const { monitor: resumed } = await recordResumption(services, own(monitor));
  expect(resumed).toMatchObject({ cohort: monitor.cohort, verdict: 'unknown', regionHealth: {}, suspect: false });
  expect(await sizes()).toEqual([2]);
  expect(await memberships(monitor)).toEqual([
    { since, until: since + 1_000, cohort: monitor.cohort },
    { since: clock.now, until: null, cohort: monitor.cohort },
  ]);
});

test('creating, pausing and resuming within one millisecond leaves one open membership', async () => {
  const monitor = await create();
  await recordPause(services, own(monitor));
  await recordResumption(services, own(monitor));
  expect(await memberships(monitor)).toEqual([{ since: clock.now, until: null, cohort: monitor.cohort }]);
  expect(await sizes()).toEqual([1]);
});

test('a change of interval while paused counts when the monitor is resumed', async () => {
  const monitor = await create();
  await recordPause(services, own(monitor));
  clock.now += 1_000;
  const { monitor: changed } = await updateMonitor(services, { ...own(monitor), change: { intervalSeconds: 10 } });
  expect(changed.cohort).toBeNull();
  const { monitor: resumed } = await recordResumption(services, own(monitor));
  const [cohort] = (await db.select().from(cohorts)).filter((c) => c.id === resumed.cohort);
  expect(cohort).toMatchObject({ intervalSeconds: 10, size: 1 });
});

test('deleting leaves the cohort and forgets the memberships', async () => {
  const monitor = await create();
  await removeMonitor(services, own(monitor));
  expect(await sizes()).toEqual([0]);
  expect(await memberships(monitor)).toEqual([]);
});

test('sizes are right after changes of every sort at once', async () => {
  const monitors = await Promise.all(Array.from({ length: 30 }, () => create()));
  await Promise.all(
    monitors.flatMap((monitor, i) => [
      ...(i % 3 === 0 ? [updateMonitor(services, { ...own(monitor), change: { intervalSeconds: 60 } })] : []),
      ...(i % 3 === 1 ? [recordPause(services, own(monitor))] : []),
      ...(i % 5 === 2 ? [create({ intervalSeconds: 60 })] : []),
    ]),
  );
  const counted = await env.DB.prepare(
    'SELECT (SELECT count(*) FROM monitors m WHERE m.cohort = c.id) AS n FROM cohorts c ORDER BY id',
  ).all<{ n: number }>();
  expect(await sizes()).toEqual(counted.results.map((row) => row.n));
  expect(await sizes()).toEqual([10, 16]);
  const open = await env.DB.prepare('SELECT count(*) AS n FROM cohort_memberships WHERE until IS NULL').first<{
    n: number;
  }>();
  expect(open?.n).toBe(26);
});

test('two changes of one monitor at once both count', async () => {
  const monitor = await create({ method: 'POST', headers: { 'X-Key': 'secret' } });
  await Promise.all([
    updateMonitor(services, { ...own(monitor), change: { name: 'Other' } }),
    updateMonitor(services, { ...own(monitor), change: { settings: { expectedStatus: '204' } } }),
    updateMonitor(services, { ...own(monitor), change: { settings: { maxRedirects: 0 } } }),
  ]);
  const { monitor: now } = await updateMonitor(services, { ...own(monitor), change: {} });
  expect(now).toMatchObject({ name: 'Other', settings: { expectedStatus: '204', maxRedirects: 0 } });
});
