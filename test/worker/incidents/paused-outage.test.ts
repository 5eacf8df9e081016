import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { readIncidentDetail } from '../../../worker/commands/incidents/incidentView.ts';
import { recordPause, recordResumption } from '../../../worker/db/monitors/monitorState.ts';
import type { RestingRecord } from '../../../worker/objects/monitorRecord.ts';
import { eventuallyStates, pass, receiverFor, seedMonitor, seedWebhook, statesOf } from '../channels/alerting.ts';
import { signUp } from '../support/client.ts';
import { services } from '../support/seed.ts';
import { refOf, say, timelineOf } from '../verdicts/judged.ts';

/** A monitor is down and its first step notified; the second comes after five minutes. */
const seedOutage = async () => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const seeded = await seedMonitor(teamId);
  const [first, second] = [await seedWebhook(teamId, receiverFor().url), await seedWebhook(teamId, receiverFor().url)];
  const step = (afterSeconds: number, id: string) => ({ afterSeconds, targets: [{ type: 'channel', id }] });
  const policy = { steps: [step(0, first.id), step(300, second.id)] };
  expect((await owner.patch('/api/v1/escalation-policies/default', policy)).status).toBe(200);
  await say(seeded, 0, 'up');
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  const ref = refOf(seeded);
  const own = { teamId, userId: 'usr_seed', id: ref.id };
  const follow = () => services.monitor(ref.id).follow(ref, 'run_test');
  const pause = async () => {
    await recordPause(services, own);
    await follow();
  };
  /** The target is not asked: what it says is said by the test. */
  const resume = async () => {
    await recordResumption(services, own);
    await follow();
  };
  const incidents = async () => {
    const { results } = await env.DB.prepare('SELECT id, ended_at IS NULL AS open FROM incidents WHERE monitor = ?')
      .bind(ref.number)
      .all<{ id: string; open: number }>();
    return results;
  };
  return { owner, seeded, teamId, monitorId: ref.id, own, pause, resume, incidents };
};

/** So much time passes in the pause. */
const restFor = (monitorId: string, seconds: number) =>
  runInDurableObject(services.monitor(monitorId), async (_, { storage }) => {
    const resting = await storage.get<RestingRecord>('resting');
    if (!resting?.record.escalation) throw new Error('Nothing rests.');
    const { since, record } = resting;
    const { escalation } = resting.record;
    const roundAt = escalation.state.roundAt - seconds * 1000;
    const earlier = { ...record, escalation: { ...escalation, state: { ...escalation.state, roundAt } } };
    await storage.put('resting', { since: since - seconds * 1000, record: earlier });
  });

const stored = (monitorId: string) =>
  runInDurableObject(services.monitor(monitorId), async (_, { storage }) => [...(await storage.list()).keys()]);

test('an outage that lasts through a pause is one incident and one alert', async () => {
  const { seeded, teamId, pause, resume, incidents } = await seedOutage();
  await pause();
  expect(await incidents()).toMatchObject([{ open: 1 }]);
  await resume();
  await say(seeded, 0, 'down');
  expect(await statesOf(teamId)).toEqual(['down delivered']);
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);
  expect(await incidents()).toMatchObject([{ open: 0 }]);
  const [{ id = '' } = {}] = await incidents();
  const { timeline } = await readIncidentDetail(services, { teamId, id });
  expect(timeline.filter(({ kind }) => kind === 'alert')).toMatchObject([
    { alert: 'down', channels: 1 },
    { alert: 'up', channels: 1 },
  ]);
  const kinds = (await timelineOf(seeded)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => ['paused', 'resumed', 'recovered'].includes(kind))).toEqual([
    'paused',
    'resumed',
    'recovered',
  ]);
});

test('an outage that is over when the monitor is resumed ends then, and its recipients are notified', async () => {
  const { seeded, teamId, pause, resume, incidents } = await seedOutage();
  await pause();
  await resume();
  expect(await statesOf(teamId)).toEqual(['down delivered']);
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);
  expect(await incidents()).toMatchObject([{ open: 0 }]);
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered', 'down delivered']);
  expect(await incidents()).toHaveLength(2);
});

test('the steps of the escalation rest in the pause, and go on where they stood', async () => {
  const { seeded, teamId, monitorId, pause, resume } = await seedOutage();
  await pass(monitorId, 200);
  await pause();
  await restFor(monitorId, 3_600);
  await resume();
  await say(seeded, 0, 'down');
  expect(await statesOf(teamId)).toEqual(['down delivered']);
  await pass(monitorId, 101);
  await eventuallyStates(teamId, ['down delivered', 'down delivered']);
});

test('outcomes that come late are not judged in the pause', async () => {
  const { seeded, teamId, monitorId, pause, incidents } = await seedOutage();
  await pause();
  await say(seeded, 0, 'up');
  expect(await incidents()).toMatchObject([{ open: 1 }]);
  expect(await statesOf(teamId)).toEqual(['down delivered']);
  expect(await stored(monitorId)).toEqual(['resting']);
});

test('somebody can resolve it in the pause: the recipients are notified, and nothing is kept', async () => {
  const { owner, seeded, teamId, monitorId, pause, resume, incidents } = await seedOutage();
  await pause();
  const [incident] = await incidents();
  expect((await owner.post(`/api/v1/incidents/${incident?.id}/resolve`)).status).toBe(200);
  await eventuallyStates(teamId, ['down delivered', 'resolved delivered']);
  expect(await stored(monitorId)).toEqual([]);
  await resume();
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered', 'resolved delivered', 'down delivered']);
});

test('when a monitor is deleted in the pause, the recipients of the outage are notified', async () => {
  const { owner, teamId, monitorId, pause } = await seedOutage();
  await pause();
  expect((await owner.delete(`/api/v1/monitors/${monitorId}`)).status).toBe(204);
  await eventuallyStates(teamId, ['down delivered', 'resolved delivered']);
  expect(await stored(monitorId)).toEqual([]);
});

test.each(['down', 'up'] as const)(
  'an object that has lost what rested goes on from the incident: %s',
  async (health) => {
    const { seeded, teamId, monitorId, pause, resume, incidents } = await seedOutage();
    await pause();
    await runInDurableObject(services.monitor(monitorId), (_, { storage }) => storage.deleteAll());
    await resume();
    await say(seeded, 0, health);
    if (health === 'down') await say(seeded, 0, 'up');
    await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);
    expect(await incidents()).toMatchObject([{ open: 0 }]);
  },
);
