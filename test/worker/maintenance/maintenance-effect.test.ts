import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import { notifyTeamMonitors } from '../../../worker/checks/pipeline/notifyTeamMonitors.ts';
import { readVerdictMs } from '../../../worker/db/history/uptime.ts';
import {
  endRunningOccurrence,
  insertMaintenance,
  removeMaintenance,
  updateMaintenance,
} from '../../../worker/db/maintenance/maintenance.ts';
import { recordPause, recordResumption } from '../../../worker/db/monitors/monitorState.ts';
import type { MonitorRecord } from '../../../worker/objects/monitorRecord.ts';
import { outcomeOf } from '../../outcome.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { type Seeded, seedCohort, services } from '../support/seed.ts';

const target = inject('target');
const minute = 60_000;
const hour = 60 * minute;

const wall = (at: number) => new Date(at).toISOString().slice(0, 16);
const ref = (seeded: Seeded) => ({ ...(seeded.monitors[0] as { id: string; number: number }), teamId: seeded.teamId });
const seed = () => seedCohort({ urls: [`${target}/`] });

/** A window that has begun a minute ago, for all monitors of the team. */
const plan = (seeded: Seeded, given: Record<string, unknown> = {}, at = Date.now()) =>
  insertMaintenance(services, {
    teamId: seeded.teamId,
    userId: 'usr_keeper',
    given: {
      title: 'Deploy database',
      startsAt: wall(at - minute),
      endsAt: wall(at + hour),
      timeZone: 'UTC',
      rrule: null,
      skipped: [],
      monitorIds: [],
      tags: [],
      allMonitors: true,
      ...given,
    },
  });

const changedAt = async (seeded: Seeded) =>
  (await env.DB.prepare('SELECT policy_changed_at AS at FROM teams WHERE id = ?')
    .bind(seeded.teamId)
    .first<number>('at')) ?? 0;

/** As checks bring it: with the time of the latest change that they found. */
const say = async (seeded: Seeded, startedAt: number, health: 'up' | 'down') =>
  services
    .monitor(ref(seeded).id)
    .observe(ref(seeded), outcomeOf('weur', startedAt, health), await changedAt(seeded), 'run_test');

const goDown = async (seeded: Seeded) => {
  for (let i = 0; i < 2; i++) await say(seeded, Date.now() + i, 'down');
};

const record = (seeded: Seeded) =>
  runInDurableObject(services.monitor(ref(seeded).id), async (_, { storage }) => {
    const found = await storage.get<MonitorRecord>('monitor');
    return found as MonitorRecord;
  });
/** The last notification. */
const notified = async (seeded: Seeded) => (await record(seeded))?.machine.notified;

const openIncidents = (seeded: Seeded) =>
  env.DB.prepare('SELECT count(*) AS open FROM incidents WHERE monitor = ? AND resolved_at IS NULL')
    .bind(ref(seeded).number)
    .first<number>('open');

/** The object as it will be when its alarm is due: everything that it planned lies `ms` back. */
const lookBack = (seeded: Seeded, ms: number) =>
  runInDurableObject(services.monitor(ref(seeded).id), async (_, { storage }) => {
    const found = (await storage.get<MonitorRecord>('monitor')) as MonitorRecord;
    await storage.put('monitor', { ...found, wakeAt: found.wakeAt && found.wakeAt - ms });
  });

test('without a window an outage is notified', async () => {
  const seeded = await seed();
  await goDown(seeded);
  expect(await notified(seeded)).toBe('down');
});

test('an outage inside a window opens its incident and notifies nobody, until the window ends', async () => {
  const seeded = await seed();
  const window = await plan(seeded);
  await goDown(seeded);
  expect(await openIncidents(seeded)).toBe(1);
  expect(await notified(seeded)).toBe('up');
  const { wakeAt, settings } = await record(seeded);
  expect(settings.maintenance.map((span) => span.to)).toEqual([window.effectiveUntil]);
  expect(wakeAt).toBeLessThanOrEqual(window.effectiveUntil ?? 0);
  // An hour later: the row of the window says by then that it has ended.
  await env.DB.prepare('UPDATE maintenance_windows SET effective_until = ?2 WHERE id = ?1')
    .bind(window.id, Date.now())
    .run();
  await lookBack(seeded, 2 * hour);
  expect(await runDurableObjectAlarm(services.monitor(ref(seeded).id))).toBe(true);
  expect(await notified(seeded)).toBe('down');
  expect(await openIncidents(seeded)).toBe(1);
});

test('a window that was prolonged in the meantime is honoured when the alarm comes', async () => {
  const seeded = await seed();
  const window = await plan(seeded);
  await goDown(seeded);
  await updateMaintenance(services, {
    teamId: seeded.teamId,
    userId: 'usr_keeper',
    id: window.id,
    change: { endsAt: wall(Date.now() + 3 * hour) },
  });
  await lookBack(seeded, 2 * hour);
  await runDurableObjectAlarm(services.monitor(ref(seeded).id));
  expect(await notified(seeded)).toBe('up');
  expect((await record(seeded)).settings.maintenance[0]?.to).toBeGreaterThan(Date.now() + 2 * hour);
});

test('an outage that ends inside the window is never notified', async () => {
  const seeded = await seed();
  await plan(seeded);
  await goDown(seeded);
  for (let i = 2; i < 4; i++) await say(seeded, Date.now() + i, 'up');
  expect(await openIncidents(seeded)).toBe(0);
  const { machine, wakeAt } = await record(seeded);
  expect([machine.notified, machine.verdict, wakeAt]).toEqual(['up', 'up', null]);
});

test.each([
  ['deleting', (own: { teamId: string; id: string; userId: string }) => removeMaintenance(services, own)],
  ['ending', (own: { teamId: string; id: string; userId: string }) => endRunningOccurrence(services, own)],
])('%s the window during the outage notifies of it at once', async (_, act) => {
  const seeded = await seed();
  const window = await plan(seeded);
  await goDown(seeded);
  expect(await notified(seeded)).toBe('up');
  await act({ teamId: seeded.teamId, userId: 'usr_keeper', id: window.id });
  await notifyTeamMonitors(services, seeded.teamId, 'run_test');
  expect(await notified(seeded)).toBe('down');
});

test('a window that begins during an outage holds back its end, which is notified after the window', async () => {
  const seeded = await seed();
  await goDown(seeded);
  const window = await plan(seeded);
  for (let i = 2; i < 4; i++) await say(seeded, Date.now() + i, 'up');
  expect(await notified(seeded)).toBe('down');
  await removeMaintenance(services, { teamId: seeded.teamId, userId: 'usr_keeper', id: window.id });
  await notifyTeamMonitors(services, seeded.teamId, 'run_test');
  expect(await notified(seeded)).toBe('up');
});

test('a calm monitor learns of a new window with its first loud outcome', async () => {
  const seeded = await seed();
  await say(seeded, Date.now(), 'up');
  await plan(seeded);
  await goDown(seeded);
  expect(await notified(seeded)).toBe('up');
});

test('a window that did not reach the object is honoured, because it reads again before it notifies anybody', async () => {
  const seeded = await seed();
  await say(seeded, Date.now(), 'up');
  await plan(seeded);
  const known = await changedAt(seeded);
  await runInDurableObject(services.monitor(ref(seeded).id), async (_, { storage }) => {
    const found = (await storage.get<MonitorRecord>('monitor')) as MonitorRecord;
    await storage.put('monitor', { ...found, changedAt: known });
  });
  await goDown(seeded);
  expect(await notified(seeded)).toBe('up');
});

test('only monitors of the window are held', async () => {
  const seeded = await seed();
  await env.DB.prepare(`UPDATE monitors SET tags = '["eu","db"]' WHERE id = ?`).bind(ref(seeded).id).run();
  await plan(seeded, { allMonitors: false, tags: ['us'] });
  await goDown(seeded);
  expect(await notified(seeded)).toBe('down');
  const tagged = await seed();
  await env.DB.prepare(`UPDATE monitors SET tags = '["eu","db"]' WHERE id = ?`).bind(ref(tagged).id).run();
  await plan(tagged, { allMonitors: false, tags: ['db'] });
  await goDown(tagged);
  expect(await notified(tagged)).toBe('up');
  const named = await seed();
  await plan(named, { allMonitors: false, monitorIds: [ref(named).id] });
  await goDown(named);
  expect(await notified(named)).toBe('up');
});

test('time in a window counts as maintenance, with any verdict, and paused time as paused', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`], createdAt: Date.now() - 5 * hour });
  const start = Math.floor(Date.now() / minute) * minute - 4 * hour;
  const at = (hours: number) => start + hours * hour;
  const { number } = ref(seeded);
  const window = await plan(seeded, { startsAt: wall(at(1)), endsAt: wall(at(3)), rrule: 'FREQ=DAILY' }, at(1));
  await env.DB.batch([
    env.DB.prepare('UPDATE maintenance_windows SET effective_from = ?2 WHERE id = ?1').bind(window.id, at(0)),
    env.DB.prepare(
      'INSERT INTO dispatches (minute, claimed_at, finished_at) SELECT value, value, value FROM json_each(?)',
    ).bind(JSON.stringify(Array.from({ length: 8 * 60 }, (_, i) => start - 3 * hour + i * minute))),
    ...(
      [
        [at(0), 'up'],
        [at(1.5), 'down'],
        [at(2), 'up'],
        [at(2.5), 'paused'],
        [at(3.5), 'up'],
      ] as const
    ).map(([since, verdict]) =>
      env.DB.prepare('INSERT INTO verdict_changes (monitor, since, at, verdict) VALUES (?1, ?2, ?2, ?3)').bind(
        number,
        since,
        verdict,
      ),
    ),
  ]);
  const read = async () =>
    (await readVerdictMs(services, [{ number, createdAt: start - hour }], { from: at(0), to: at(4) })).get(number);
  const expected = { up: 1.5 * hour, down: 0, degraded: 0, unknown: 0, paused: hour, maintenance: 1.5 * hour };
  expect(await read()).toEqual(expected);
  await removeMaintenance(services, { teamId: seeded.teamId, userId: 'usr_keeper', id: window.id });
  expect(await read()).toEqual(expected);
});

test('an outage in a window goes on after a pause, and nobody is notified of it or of its end', async () => {
  const seeded = await seed();
  await plan(seeded);
  await goDown(seeded);
  await recordPause(services, { teamId: seeded.teamId, id: ref(seeded).id, userId: 'usr_keeper' });
  await services.monitor(ref(seeded).id).follow(ref(seeded), 'run_test');
  expect(await record(seeded)).toBeUndefined();
  await recordResumption(services, { teamId: seeded.teamId, id: ref(seeded).id, userId: 'usr_keeper' });
  await goDown(seeded);
  expect([await openIncidents(seeded), await notified(seeded)]).toEqual([1, 'up']);
  for (let i = 10; i < 12; i++) await say(seeded, Date.now() + i, 'up');
  expect([await openIncidents(seeded), await notified(seeded)]).toEqual([0, 'up']);
});

test('a refused change of a monitor leaves the windows of its new tags as they are', async () => {
  const team = await signUp();
  const http = { kind: 'http', settings: { url: 'https://example.com/' } };
  const { id } = await bodyOf<{ id: string }>(await team.post('/api/v1/monitors', { ...http, tags: ['a'] }));
  const wall = (at: number) => new Date(at).toISOString().slice(0, 16);
  const times = { startsAt: wall(Date.now() - 120_000), endsAt: wall(Date.now() + 3_600_000), timeZone: 'UTC' };
  const windows = '/api/v1/maintenance-windows';
  const made = await bodyOf<{ id: string }>(await team.post(windows, { title: 'Upgrade', tags: ['b'], ...times }));
  const refused = await team.patch(`/api/v1/monitors/${id}`, { tags: ['b'], settings: { url: 'nonsense' } });
  expect(refused.status).toBe(400);
  expect((await bodyOf<{ data: object[] }>(await team.get(windows))).data).toEqual([made]);
});
