import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { beforeAll, expect, test } from 'vitest';
import { recordPause, recordResumption } from '../../../worker/db/monitors/monitorState.ts';
import { removeMonitor } from '../../../worker/db/monitors/monitors.ts';
import { choosableEvents } from '../../../worker/domain/escalation/escalationPolicy.ts';
import { type MonitorRecord, recordSchemaVersion } from '../../../worker/objects/monitorRecord.ts';
import { outcomeOf } from '../../outcome.ts';
import {
  eventuallyStates,
  pass,
  passAdvisory,
  receiverFor,
  seedMonitor,
  seedWebhook,
  statesOf,
} from '../channels/alerting.ts';
import { signUp } from '../support/client.ts';
import { services } from '../support/seed.ts';
import { refOf, say } from '../verdicts/judged.ts';
import { watchDatabase } from '../verdicts/steps.ts';

const database = { isRefusing: false };

beforeAll(() => {
  watchDatabase(({ query }, run) => {
    if (database.isRefusing && query.startsWith('UPDATE monitors SET verdict')) throw new Error('D1 is not there.');
    return run();
  });
});

/** Decisions of a Monitor object in `work` stay pending. */
const unwritten = async (work: () => Promise<unknown>) => {
  database.isRefusing = true;
  await work().finally(() => {
    database.isRefusing = false;
  });
};

const prepare = async (policy: object = {}) => {
  const owner = await signUp();
  const seeded = await seedMonitor(owner.team.id);
  const receiver = receiverFor();
  await seedWebhook(owner.team.id, receiver.url);
  const given = { events: choosableEvents, ...policy };
  expect((await owner.patch('/api/v1/escalation-policies/default', given)).status).toBe(200);
  await say(seeded, 0, 'up');
  const own = { teamId: owner.team.id, userId: 'usr_seed', id: refOf(seeded).id };
  return { owner, own, seeded, receiver, teamId: owner.team.id, monitorId: refOf(seeded).id };
};

const changeRecord = (monitorId: string, change: (record: MonitorRecord) => object) =>
  runInDurableObject(services.monitor(monitorId), async (_, { storage }) => {
    const record = await storage.get<MonitorRecord>('monitor');
    if (!record) throw new Error('Nothing is known of the monitor.');
    await storage.put('monitor', change(record));
  });

/** Names of fields and values as version 10 of the record stored them. */
const olderFields: Record<string, string> = {
  ...{ notified: 'told', notifyDependents: 'tellDependents', notifyOnAcknowledgement: 'tellAcknowledgement' },
  ...{ advisory: 'lesser', lastSeenAt: 'heardAt', isStale: 'isSilent', staleSince: 'silentSince' },
  ...{ dedupKey: 'story', suppressed: 'withheld', timelineEvents: 'facts', refreshUpstream: 'lookUpstream' },
  schemaVersion: 'form',
};
const olderValues: Record<string, Record<string, string>> = {
  targets: { notified: 'told', stateful: 'keepers' },
  type: { suppressed: 'withheld' },
  state: { transient: 'passing', suppressed: 'left-out' },
  ignored: { stale: 'silent', 'never-seen': 'never-heard' },
};

const inOlderNames = (value: unknown, field = ''): unknown => {
  if (typeof value === 'string') return olderValues[field]?.[value] ?? value;
  if (Array.isArray(value)) return value.map((one) => inOlderNames(one, field));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [olderFields[key] ?? key, inOlderNames(held, key)]),
  );
};

/** Stores the record as an earlier version did, under that version's names. */
const upgrade = (monitorId: string) =>
  changeRecord(monitorId, (record) => inOlderNames({ ...record, schemaVersion: 10 }) as object);

const notifyAdvisory = async ({ seeded, monitorId, teamId }: Awaited<ReturnType<typeof prepare>>) => {
  await say(seeded, 0, 'degraded');
  await passAdvisory(monitorId, 300);
  await eventuallyStates(teamId, ['degraded delivered']);
};

test('after an upgrade, recipients are notified of the end of an outage that had grown out of an advisory', async () => {
  const prepared = await prepare();
  const { seeded, teamId, monitorId } = prepared;
  await notifyAdvisory(prepared);
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['degraded delivered', 'down delivered']);
  await upgrade(monitorId);
  await say(seeded, 0, 'down');
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['degraded delivered', 'down delivered', 'recovered delivered']);
});

test('after an upgrade an advisory is not notified again, and its end is notified', async () => {
  const prepared = await prepare();
  const { seeded, teamId, monitorId } = prepared;
  await notifyAdvisory(prepared);
  await upgrade(monitorId);
  await say(seeded, 0, 'degraded');
  await passAdvisory(monitorId, 300);
  await say(seeded, 0, 'up');
  await passAdvisory(monitorId, 300);
  await eventuallyStates(teamId, ['degraded delivered', 'recovered delivered']);
});

test('after an upgrade an acknowledged outage stays quiet, and its end is notified', async () => {
  const { owner, seeded, teamId, monitorId, receiver } = await prepare({ remindEveryMinutes: 30 });
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  const [notified] = await receiver.received();
  expect((await owner.post(`/api/v1/incidents/${notified?.body.incident.id}/acknowledge`)).status).toBe(200);
  await eventuallyStates(teamId, ['down delivered', 'acknowledged delivered']);
  await upgrade(monitorId);
  await say(seeded, 0, 'down');
  await pass(monitorId, 1_800);
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'acknowledged delivered', 'recovered delivered']);
});

test('after an upgrade the reminders go on', async () => {
  const { seeded, teamId, monitorId } = await prepare({ remindEveryMinutes: 30 });
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  await pass(monitorId, 1_800);
  await eventuallyStates(teamId, ['down delivered', 'reminder delivered']);
  await upgrade(monitorId);
  await runDurableObjectAlarm(services.monitor(monitorId));
  await pass(monitorId, 1_800);
  await eventuallyStates(teamId, ['down delivered', 'reminder delivered', 'reminder delivered']);
});

test('an outage rests in the pause of a monitor that is paused right after an upgrade', async () => {
  const { owner, own, seeded, teamId, monitorId } = await prepare();
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  await upgrade(monitorId);
  expect((await owner.post(`/api/v1/monitors/${monitorId}/pause`)).status).toBe(200);
  await recordResumption(services, own);
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);
});

test('a deletion that did not reach the object is found by its alarm, and the recipients are notified of it', async () => {
  const { own, seeded, teamId, monitorId } = await prepare();
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  await removeMonitor(services, own);
  const alarmAt = await runInDurableObject(services.monitor(monitorId), (_, { storage }) => storage.getAlarm());
  expect(alarmAt).toBeLessThanOrEqual(Date.now() + 600_000);
  await changeRecord(monitorId, (record) => ({ ...record, wakeAt: Date.now() }));
  await runDurableObjectAlarm(services.monitor(monitorId));
  await eventuallyStates(teamId, ['down delivered', 'resolved delivered']);
});

test('a notified advisory ends with a pause that ended before the object learned of it', async () => {
  const prepared = await prepare();
  const { own, seeded, teamId, monitorId } = prepared;
  await notifyAdvisory(prepared);
  await recordPause(services, own);
  await recordResumption(services, own);
  const again = outcomeOf('weur', Date.now(), 'down');
  await services.monitor(monitorId).observe(refOf(seeded), again, Date.now(), 'run_test');
  await eventuallyStates(teamId, ['degraded delivered', 'resolved delivered', 'down delivered']);
  expect(await statesOf(teamId)).toHaveLength(3);
});

test('an outage that was decided and not yet written before the upgrade is notified, with its incident', async () => {
  const { seeded, teamId, monitorId, receiver } = await prepare();
  await unwritten(() => say(seeded, 0, 'down'));
  await upgrade(monitorId);
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  const [notified] = await receiver.received();
  expect(notified?.body.incident.id).toMatch(/^inc_/);
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);
});

test('an end that was decided and not yet written before the upgrade is notified', async () => {
  const prepared = await prepare();
  const { seeded, teamId, monitorId } = prepared;
  await notifyAdvisory(prepared);
  await say(seeded, 0, 'up');
  await unwritten(() => passAdvisory(monitorId, 300));
  await upgrade(monitorId);
  await runDurableObjectAlarm(services.monitor(monitorId));
  await eventuallyStates(teamId, ['degraded delivered', 'recovered delivered']);
});

test('only unreadable parts of the pending work in an older record are lost', async () => {
  const { seeded, teamId, monitorId } = await prepare();
  await unwritten(() => say(seeded, 0, 'down'));
  await changeRecord(monitorId, ({ pending, ...record }) => {
    const timelineEvents = [{ type: 'omen', at: 1 }, ...pending.timelineEvents];
    const deliveries = [{ effect: { event: 'omen' } }, ...pending.deliveries];
    return {
      ...record,
      schemaVersion: recordSchemaVersion - 1,
      pending: { ...pending, timelineEvents, deliveries, asks: undefined },
    };
  });
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
});

test('the end of an outage is notified if the monitor is paused before that was written', async () => {
  const { owner, seeded, teamId, monitorId } = await prepare();
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  await unwritten(() => say(seeded, 0, 'up'));
  expect((await owner.post(`/api/v1/monitors/${monitorId}/pause`)).status).toBe(200);
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);
});

test('the end of an outage is notified if a pause came and went before that was written', async () => {
  const { own, seeded, teamId, monitorId } = await prepare();
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  await unwritten(() => say(seeded, 0, 'up'));
  await recordPause(services, own);
  await recordResumption(services, own);
  await services.monitor(monitorId).follow(refOf(seeded), 'run_test');
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);
});
