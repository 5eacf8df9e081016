import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { DeliveryView, IncidentDetailView, Page } from '../../../worker/contract/views.ts';
import { insertDeliveries, planDeliveries } from '../../../worker/db/deliveries/deliveryPlan.ts';
import type { Target } from '../../../worker/domain/escalation/escalationPolicy.ts';
import { withDefaults } from '../../../worker/domain/teams/limits.ts';
import { eventuallyStates, pass, receiverFor, seedMonitor, seedWebhook } from '../channels/alerting.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { refOf, say } from '../verdicts/judged.ts';
import { layerOf, type Owner, seedOwnHook, seedPerson, seedSchedule, setSteps, wallIn } from './onCall.ts';

const hour = 3_600_000;
const onCall = (id: string) => ({ type: 'onCall' as const, id });

/** Two people with a webhook each; the first one is on call until tomorrow. */
const seedTeam = async () => {
  const owner = await signUp();
  const [toAda, toBen] = [receiverFor(), receiverFor()];
  const ada = await seedPerson(owner, 'Ada', [await seedOwnHook(owner, toAda.url)]);
  const ben = await seedPerson(owner, 'Ben', [await seedOwnHook(owner, toBen.url)]);
  const layer = layerOf([ada.id, ben.id], { startsAt: wallIn(-hour), rotation: { count: 1, unit: 'days' } });
  const ops = await seedSchedule(owner, 'Ops', [layer]);
  return { owner, teamId: owner.team.id, toAda, toBen, ada, ben, ops };
};

const gapIn = (owner: Owner, personId: string) =>
  seedSchedule(owner, 'Later', [layerOf([personId], { startsAt: wallIn(24 * hour) })]);

const deliveriesTo = async (owner: Owner) =>
  (await bodyOf<Page<DeliveryView>>(await owner.get('/api/v1/deliveries'))).data.map(({ event, person }) =>
    [event, person].join(': '),
  );

const unreachedOf = async (owner: Owner, incidentId: string) => {
  const { timeline } = await bodyOf<IncidentDetailView>(await owner.get(`/api/v1/incidents/${incidentId}`));
  return timeline.flatMap((event) => (event.kind === 'unreached' ? [[event.unreached, event.inPlace]] : []));
};

test('an outage notifies the person on call, by name, and so does its end', async () => {
  const { owner, teamId, toAda, toBen, ops } = await seedTeam();
  await setSteps(owner, [{ targets: [onCall(ops.id)] }]);
  const seeded = await seedMonitor(teamId);
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  expect(await deliveriesTo(owner)).toEqual(['down: Ada, on call in Ops']);
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);
  expect((await toAda.received()).map(({ body }) => body.type)).toEqual(['alert.down', 'alert.up']);
  expect(await toBen.received()).toEqual([]);
});

test('a channel that a step reaches in several ways gets one message', async () => {
  const { owner, teamId, toAda, ada, ops } = await seedTeam();
  const channel = { type: 'channel', id: ada.channelIds[0] };
  await setSteps(owner, [{ targets: [channel, { type: 'person', id: ada.id }] }, { targets: [onCall(ops.id)] }]);
  await say(await seedMonitor(teamId), 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  expect(await toAda.received()).toHaveLength(1);
  expect(await deliveriesTo(owner)).toEqual(['down: Ada']);
});

test('a later step notifies the person on call by then', async () => {
  const { owner, teamId, toAda, toBen, ben, ops } = await seedTeam();
  await setSteps(owner, [{ targets: [onCall(ops.id)] }, { afterSeconds: 300, targets: [onCall(ops.id)] }]);
  const seeded = await seedMonitor(teamId);
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  const span = { from: new Date(Date.now() - hour).toISOString(), to: new Date(Date.now() + hour).toISOString() };
  expect((await owner.post(`/api/v1/on-call/${ops.id}/overrides`, { personId: ben.id, ...span })).status).toBe(201);
  await pass(refOf(seeded).id, 300);
  await eventuallyStates(teamId, ['down delivered', 'down delivered']);
  expect(await toAda.received()).toHaveLength(1);
  expect(await toBen.received()).toHaveLength(1);
});

test('a gap is in the timeline, and the next step that leads to somebody takes its place at once', async () => {
  const { owner, teamId, toBen, ada, ben } = await seedTeam();
  const later = await gapIn(owner, ada.id);
  const step = { afterSeconds: 3_600, targets: [{ type: 'person', id: ben.id }] };
  await setSteps(owner, [{ targets: [onCall(later.id)] }, step]);
  await say(await seedMonitor(teamId), 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  const [message] = await toBen.received();
  expect(await unreachedOf(owner, message?.body.incident.id)).toEqual([
    [[{ schedule: 'Later', person: null }], 'later-step'],
  ]);
});

test('where no step leads to anybody, all channels are notified of an outage', async () => {
  const { owner, teamId, toAda, ada } = await seedTeam();
  const cy = await seedPerson(owner, 'Cy');
  const nights = await seedSchedule(owner, 'Nights', [layerOf([cy.id])]);
  const later = await gapIn(owner, ada.id);
  await setSteps(owner, [{ targets: [onCall(later.id), onCall(nights.id)] }]);
  await say(await seedMonitor(teamId), 0, 'down');
  await eventuallyStates(teamId, ['down delivered', 'down delivered']);
  const [message] = await toAda.received();
  const unreached = [
    { schedule: 'Later', person: null },
    { schedule: 'Nights', person: 'Cy' },
  ];
  expect(await unreachedOf(owner, message?.body.incident.id)).toEqual([[unreached, 'all-channels']]);
});

test('a gap beside a notified channel is in the timeline, and changes nothing else', async () => {
  const { owner, teamId, ada } = await seedTeam();
  const ops = receiverFor();
  const channel = await seedWebhook(teamId, ops.url);
  const later = await gapIn(owner, ada.id);
  await setSteps(owner, [{ targets: [{ type: 'channel', id: channel.id }, onCall(later.id)] }]);
  await say(await seedMonitor(teamId), 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  const [message] = await ops.received();
  expect(await unreachedOf(owner, message?.body.incident.id)).toEqual([[[{ schedule: 'Later', person: null }], null]]);
});

const notified = (targets: Target[], at: number, step = 0) => ({
  effect: { type: 'deliver' as const, event: 'down' as const, about: 'down' as const, round: 0, step, targets, at },
  message: { monitor: { name: 'Shop' } },
  later: [],
});

/** Writes a decision as the Monitor object does; returns the people it notifies. */
const writeAs = async (owner: Owner) => {
  const seeded = await seedMonitor(owner.team.id);
  const writing = {
    monitor: refOf(seeded).number,
    teamId: owner.team.id,
    revision: Date.now(),
    now: Date.now(),
    limits: withDefaults({}),
  };
  const dedupKey = crypto.randomUUID();
  return async (...effects: ReturnType<typeof notified>[]) => {
    const pending = effects.map((one) => ({ ...one, dedupKey }));
    const plan = await planDeliveries(env.DB, owner.team.id, pending);
    await env.DB.batch(insertDeliveries(env.DB, writing, plan));
    return plan.rows.map(({ person }) => person);
  };
};

test('the shift at the time of the notification counts, on the local clocks, also in the night of their change', async () => {
  const { owner, ada, ben } = await seedTeam();
  const daily = layerOf([ada.id, ben.id], { startsAt: '2027-03-26T09:00', rotation: { count: 1, unit: 'days' } });
  const { id } = await seedSchedule(owner, 'Berlin', [daily], 'Europe/Berlin');
  const write = await writeAs(owner);
  const who = async (text: string, step: number) => (await write(notified([onCall(id)], Date.parse(text), step)))[0];
  expect(await who('2027-03-27T07:59:59Z', 0)).toBe('Ada, on call in Berlin');
  expect(await who('2027-03-27T08:00:00Z', 1)).toBe('Ben, on call in Berlin');
  expect(await who('2027-03-28T06:59:59Z', 2)).toBe('Ben, on call in Berlin');
  expect(await who('2027-03-28T07:00:00Z', 3)).toBe('Ada, on call in Berlin');
});

test('a decision that is written again after a change of shifts notifies no second person', async () => {
  const { owner, ada, ben, ops } = await seedTeam();
  const at = Date.now();
  const write = await writeAs(owner);
  expect(await write(notified([onCall(ops.id)], at))).toEqual(['Ada, on call in Ops']);
  const span = { from: new Date(at - hour).toISOString(), to: new Date(at + hour).toISOString() };
  await owner.post(`/api/v1/on-call/${ops.id}/overrides`, { personId: ben.id, ...span });
  expect(await write(notified([onCall(ops.id)], at), notified([{ type: 'person', id: ada.id }], at, 1))).toEqual([]);
  const { data } = await bodyOf<Page<DeliveryView>>(await owner.get('/api/v1/deliveries'));
  expect(data.map(({ person }) => person)).toEqual(['Ada, on call in Ops']);
});
