import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import type { DeliveryView, Page, VerdictView } from '../../../worker/contract/views.ts';
import { planDeliveries } from '../../../worker/db/deliveries/deliveryPlan.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { choosableEvents } from '../../../worker/domain/escalation/escalationPolicy.ts';
import type { Advisory } from '../../../worker/domain/verdict/advisory.ts';
import type { MonitorRecord } from '../../../worker/objects/monitorRecord.ts';
import {
  eventuallyStates,
  passAdvisory,
  receiverFor,
  seedMonitor,
  seedWebhook,
  statesOf,
} from '../channels/alerting.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { type Seeded, services } from '../support/seed.ts';
import { refOf, say } from './judged.ts';

const three: Region[] = ['enam', 'weur', 'apac'];

/** A monitor that is up, and a webhook that gets all events. */
const seedWatched = async (regions?: Region[]) => {
  const owner = await signUp();
  const seeded = await seedMonitor(owner.team.id, regions);
  const receiver = receiverFor();
  await seedWebhook(owner.team.id, receiver.url);
  expect((await owner.patch('/api/v1/escalation-policies/default', { events: choosableEvents })).status).toBe(200);
  for (const region of seeded.regions) await say(seeded, 0, 'up', region);
  return { owner, seeded, receiver, teamId: owner.team.id, monitorId: refOf(seeded).id };
};

/** The monitor has had no data for ten minutes. */
const goStale = async (seeded: Seeded) => {
  const stub = services.monitor(refOf(seeded).id);
  await runInDurableObject(stub, async (_, { storage }) => {
    const record = await storage.get<MonitorRecord>('monitor');
    const weur = record?.machine.regions.weur;
    if (!record || !weur) throw new Error('Nothing is known of the monitor.');
    const at = Date.now() - 600_000;
    const regions = { weur: { ...weur, lastSeenAt: at, latest: { ...weur.latest, startedAt: at } } };
    await storage.put('monitor', { ...record, machine: { ...record.machine, regions, since: at - 1_000 } });
  });
  await stub.noteLastSeen({}, 30_000, 'run_test');
};

describe('an advisory', () => {
  test.for<[Advisory, title: RegExp, ending: RegExp, begin: (seeded: Seeded) => Promise<void>, regions?: Region[]]>([
    ['degraded', /^Slow: /, /^No longer slow: .*, after 5 minutes/, (seeded) => say(seeded, 0, 'degraded')],
    [
      'regional',
      /^Fails in some regions: /,
      /^Regional problem resolved: .*, after 5 minutes/,
      (seeded) => say(seeded, 0, 'down', 'apac'),
      three,
    ],
    ['unknown', /^No data from /, /^Data again from .*, after 10 minutes/, goStale],
  ])('is notified once it lasts, and its end: %s', async ([problem, title, ending, beginIt, regions]) => {
    const { owner, seeded, receiver, teamId, monitorId } = await seedWatched(regions);
    await beginIt(seeded);
    // The time without data counts from the last data, which is long ago by now.
    if (problem !== 'unknown') {
      expect(await statesOf(teamId)).toEqual([]);
      await passAdvisory(monitorId, 300);
    } else await passAdvisory(monitorId, 0);
    await eventuallyStates(teamId, [`${problem} delivered`]);
    await say(seeded, 0, 'up', regions?.at(-1));
    expect(await statesOf(teamId)).toEqual([`${problem} delivered`]);
    await passAdvisory(monitorId, 300);
    await eventuallyStates(teamId, [`${problem} delivered`, 'recovered delivered']);
    const [began, ended] = (await receiver.received()).map(({ body }) => body);
    expect([began.event, began.about, began.title]).toEqual([problem, problem, expect.stringMatching(title)]);
    expect([ended.event, ended.about, ended.title]).toEqual(['up', problem, expect.stringMatching(ending)]);
    const page = expect.stringContaining(`/monitors/${monitorId}`);
    for (const body of [began, ended]) {
      expect([body.incident.id, body.acknowledgeUrl, body.monitor.page]).toEqual([null, null, page]);
      expect(body.text).toContain(`Open the monitor: ${body.monitor.page}`);
    }
    const path = `/api/v1/deliveries?monitorId=${monitorId}`;
    const { data } = await bodyOf<Page<DeliveryView>>(await owner.get(path));
    expect((await bodyOf<Page<DeliveryView>>(await (await signUp()).get(path))).data).toEqual([]);
    expect(data.map(({ event, incidentId }) => [event, incidentId])).toEqual([
      ['recovered', null],
      [problem, null],
    ]);
  });

  test('gives way to an outage, whose end is notified once', async () => {
    const { seeded, receiver, teamId, monitorId } = await seedWatched();
    await say(seeded, 0, 'degraded');
    await passAdvisory(monitorId, 300);
    await eventuallyStates(teamId, ['degraded delivered']);
    await say(seeded, 0, 'down');
    await eventuallyStates(teamId, ['degraded delivered', 'down delivered']);
    await say(seeded, 0, 'up');
    await eventuallyStates(teamId, ['degraded delivered', 'down delivered', 'recovered delivered']);
    await passAdvisory(monitorId, 600);
    const bodies = (await receiver.received()).map(({ body }) => body);
    expect(bodies.map(({ event, about }) => [event, about])).toEqual([
      ['degraded', 'degraded'],
      ['down', 'down'],
      ['up', 'down'],
    ]);
    const [, down, up] = bodies;
    expect(down.incident.id).toMatch(/^inc_/);
    expect(up.incident).toEqual(down.incident);
    expect(Date.parse(down.since)).toBeGreaterThan(Date.now() - 60_000);
  });

  test('is not notified in maintenance, and the monitor says why', async () => {
    const { owner, seeded, teamId, monitorId } = await seedWatched();
    await say(seeded, 0, 'degraded');
    const iso = (at: number) => new Date(at).toISOString().slice(0, 16);
    const window = {
      title: 'Upgrade',
      timeZone: 'UTC',
      startsAt: iso(Date.now() - 60_000),
      endsAt: iso(Date.now() + 3_600_000),
      allMonitors: true,
    };
    const planned = await owner.post('/api/v1/maintenance-windows', window);
    expect(planned.status).toBe(201);
    await passAdvisory(monitorId, 300);
    const read = async () => bodyOf<VerdictView>(await owner.get(`/api/v1/monitors/${monitorId}/verdict`));
    expect((await read()).explanation?.suppressed).toMatchObject({
      event: 'degraded',
      because: { type: 'maintenance' },
    });
    expect((await read()).sentence).toContain('alerts are suppressed, because it is in maintenance');
    expect(await statesOf(teamId)).toEqual([]);
  });

  test('ends for its recipients when the monitor is paused', async () => {
    const { owner, seeded, teamId, monitorId } = await seedWatched();
    await say(seeded, 0, 'degraded');
    await passAdvisory(monitorId, 300);
    await eventuallyStates(teamId, ['degraded delivered']);
    expect((await owner.post(`/api/v1/monitors/${monitorId}/pause`)).status).toBe(200);
    await eventuallyStates(teamId, ['degraded delivered', 'resolved delivered']);
  });
});

test('an end that no policy chooses goes to stateful channels alone', async () => {
  const { teamId, monitorId } = await seedWatched();
  const number = await env.DB.prepare('SELECT number FROM monitors WHERE id = ?').bind(monitorId).first('number');
  const dedupKey = crypto.randomUUID();
  for (const kind of ['webhook', 'pagerduty', 'incident-io']) {
    await env.DB.prepare(
      `INSERT INTO channels (id, team_id, kind, name, settings, created_at, updated_at) VALUES (?1 || ?2, ?3, ?2, ?2, '{}', 0, 0)`,
    )
      .bind(dedupKey, kind, teamId)
      .run();
    await env.DB.prepare(
      `INSERT INTO deliveries (id, team_id, monitor, dedup_key, channel, event, round, step, state, message, created_at,
         next_attempt_at, settled_at)
       VALUES (?1 || ?2, ?3, ?4, ?1, ?1 || ?2, 'down', 0, 0, 'delivered', '{}', 1, 1, 1)`,
    )
      .bind(dedupKey, kind, teamId, number)
      .run();
  }
  const ended = { type: 'deliver', event: 'recovered', about: 'down', round: 0, step: 1, at: 2 } as const;
  const notified = async (targets: 'notified' | 'stateful') =>
    (await planDeliveries(env.DB, teamId, [{ effect: { ...ended, targets }, dedupKey, message: {} }])).rows.map(
      ({ channel }) => channel,
    );
  expect(await notified('stateful')).toEqual([`${dedupKey}pagerduty`, `${dedupKey}incident-io`]);
  expect(await notified('notified')).toHaveLength(3);
});

test.for<[Advisory, begin: (seeded: Seeded) => Promise<void>, regions?: Region[]]>([
  ['degraded', (seeded) => say(seeded, 0, 'degraded')],
  ['regional', (seeded) => say(seeded, 0, 'down', 'apac'), three],
  ['unknown', goStale],
])(
  'a lasting one is notified at once to channels that choose it only then: %s',
  async ([problem, beginIt, regions]) => {
    const { owner, seeded, teamId, monitorId } = await seedWatched(regions);
    const choose = async (events: readonly string[]) =>
      expect((await owner.patch('/api/v1/escalation-policies/default', { events })).status).toBe(200);
    await choose(['down', 'recovered']);
    await beginIt(seeded);
    await passAdvisory(monitorId, 300);
    expect(await statesOf(teamId)).toEqual([]);
    await choose(['down', 'recovered', problem]);
    await eventuallyStates(teamId, [`${problem} delivered`]);
  },
);

test('one that lasts gives way at once where a policy asks for another, and both have one end', async () => {
  const { owner, seeded, teamId, monitorId } = await seedWatched(three);
  await say(seeded, 0, 'down', 'apac');
  for (const region of ['enam', 'weur'] as const) await say(seeded, 0, 'degraded', region);
  await passAdvisory(monitorId, 300);
  await eventuallyStates(teamId, ['regional delivered']);
  expect((await owner.patch('/api/v1/escalation-policies/default', { events: ['degraded', 'recovered'] })).status).toBe(
    200,
  );
  await eventuallyStates(teamId, ['regional delivered', 'degraded delivered']);
  for (const region of three) await say(seeded, 0, 'up', region);
  await passAdvisory(monitorId, 300);
  await eventuallyStates(teamId, ['regional delivered', 'degraded delivered', 'recovered delivered']);
});
