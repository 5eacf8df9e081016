import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import { publishMonitorChange } from '../../../worker/checks/dispatch/monitorLifecycle.ts';
import { recordPause } from '../../../worker/db/monitors/monitorState.ts';
import type { MonitorRecord } from '../../../worker/objects/monitorRecord.ts';
import { eventually, type Seeded, seedCohort, services } from '../support/seed.ts';
import { depend, notificationsOf, refOf, say, timelineOf, verdictOf } from '../verdicts/judged.ts';

const target = inject('target');

/** 0 is the database, 1 the shop that depends on it; `between`, where wanted, is 2. All are up. */
const seedShop = async ({ between = false, urls = [`${target}/`, `${target}/`, `${target}/`] } = {}) => {
  const seeded = await seedCohort({ urls, regions: ['weur'] });
  if (!between) await depend(seeded, 1, 0);
  else {
    await depend(seeded, 1, 2);
    await depend(seeded, 2, 0);
  }
  for (const index of [0, 1, 2]) await say(seeded, index, 'up');
  return seeded;
};

const turn = async (seeded: Seeded, index: number, health: 'up' | 'down') => {
  for (let i = 0; i < 2; i++) await say(seeded, index, health);
  expect(await verdictOf(seeded, index)).toBe(health);
};

/** The time has come for which the object had set its alarm. */
const wake = async (seeded: Seeded, index: number) => {
  const object = services.monitor(refOf(seeded, index).id);
  await runInDurableObject(object, async (_, { storage }) => {
    const record = (await storage.get<MonitorRecord>('monitor')) as MonitorRecord;
    await storage.put('monitor', { ...record, wakeAt: Date.now() });
  });
  expect(await runDurableObjectAlarm(object)).toBe(true);
};

test('nobody is alerted of what fails with what it depends on, and the timeline says why', async () => {
  const seeded = await seedShop();
  await turn(seeded, 0, 'down');
  await turn(seeded, 1, 'down');
  expect(await notificationsOf(seeded, 0)).toEqual(['alert down']);
  expect(await notificationsOf(seeded, 1)).toEqual(['suppressed down']);
  const suppressed = (await timelineOf(seeded, 1)).find(({ kind }) => kind === 'suppressed');
  expect(suppressed?.detail).toMatchObject({
    alert: 'down',
    because: {
      type: 'dependency',
      monitors: [{ monitorId: refOf(seeded, 0).id, name: `${target}/`, standing: 'down' }],
    },
  });
  await turn(seeded, 1, 'up');
  await turn(seeded, 0, 'up');
  expect(await notificationsOf(seeded, 1)).toEqual(['suppressed down']);
  expect(await notificationsOf(seeded, 0)).toEqual(['alert down', 'alert up']);
});

test('a monitor that is still down when the dependency comes up again is notified at once', async () => {
  const seeded = await seedShop();
  await turn(seeded, 0, 'down');
  await turn(seeded, 1, 'down');
  await turn(seeded, 0, 'up');
  expect(await notificationsOf(seeded, 1)).toEqual(['suppressed down', 'alert down']);
  await turn(seeded, 1, 'up');
  expect(await notificationsOf(seeded, 1)).toEqual(['suppressed down', 'alert down', 'alert up']);
});

test('a dependency counts through others as well', async () => {
  const seeded = await seedShop({ between: true });
  await turn(seeded, 0, 'down');
  await turn(seeded, 1, 'down');
  expect(await notificationsOf(seeded, 1)).toEqual(['suppressed down']);
  await turn(seeded, 0, 'up');
  expect(await notificationsOf(seeded, 1)).toEqual(['suppressed down', 'alert down']);
});

test('a call that is lost delays the alert to the next sweep, and does not lose it', async () => {
  const seeded = await seedShop();
  await turn(seeded, 0, 'down');
  await turn(seeded, 1, 'down');
  await env.DB.prepare("UPDATE monitors SET verdict = 'up', suspect = 0 WHERE number = ?")
    .bind(refOf(seeded, 0).number)
    .run();
  const alarm = await runInDurableObject(services.monitor(refOf(seeded, 1).id), (_, { storage }) => storage.getAlarm());
  expect((alarm ?? 0) - Date.now()).toBeLessThanOrEqual(60_000);
  await wake(seeded, 1);
  expect(await notificationsOf(seeded, 1)).toEqual(['suppressed down', 'alert down']);
});

test('a dependency that is paused counts as up, and its dependents are notified', async () => {
  const seeded = await seedShop();
  await turn(seeded, 0, 'down');
  await turn(seeded, 1, 'down');
  const { id, teamId } = refOf(seeded, 0);
  await recordPause(services, { teamId, id, userId: 'usr_keeper' });
  await publishMonitorChange(services, { ...refOf(seeded, 0), change: 'paused' });
  expect(await notificationsOf(seeded, 1)).toEqual(['suppressed down', 'alert down']);
});

test('while the dependency is being confirmed the alert waits, and says so once that is over', async () => {
  const seeded = await seedShop();
  await say(seeded, 0, 'down');
  await turn(seeded, 1, 'down');
  expect(await notificationsOf(seeded, 1)).not.toContain('alert down');
  await say(seeded, 0, 'down');
  expect(await verdictOf(seeded, 0)).toBe('down');
  expect(await notificationsOf(seeded, 1)).toContain('suppressed down');
  expect(await notificationsOf(seeded, 1)).not.toContain('alert down');
});

test('a failing monitor has its dependencies checked, before anybody is alerted', async () => {
  const key = crypto.randomUUID();
  const seeded = await seedShop({ urls: [`${target}/status/500?key=${key}`, `${target}/status/500`, `${target}/`] });
  await say(seeded, 1, 'down');
  const requests = await eventually(
    async () => (await (await fetch(`${target}/requests?key=${key}`)).json()) as number[],
    (times) => times.length > 0,
  );
  expect(requests.length).toBeGreaterThan(0);
  await eventually(
    () => notificationsOf(seeded, 0),
    (notified) => notified.includes('alert down'),
  );
  await eventually(
    () => verdictOf(seeded, 1),
    (verdict) => verdict === 'down',
  );
  expect(await notificationsOf(seeded, 1)).not.toContain('alert down');
});

test('a suppressed outage is still recorded as an incident', async () => {
  const seeded = await seedShop();
  await turn(seeded, 0, 'down');
  await turn(seeded, 1, 'down');
  expect((await timelineOf(seeded, 1)).map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['failed', 'evidence', 'confirmed', 'suppressed']),
  );
});
