import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type {
  EscalationPolicyView,
  MonitorDetailView,
  MonitorView,
  PolicyMonitorsView,
} from '../../../worker/contract/views.ts';
import { httpMonitor } from '../../httpMonitor.ts';
import { eventuallyStates, pass, receiverFor, seedMonitor, seedWebhook, statesOf } from '../channels/alerting.ts';
import { create, problemOf, url } from '../monitors/monitorApi.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { eventually } from '../support/seed.ts';
import { refOf, say } from '../verdicts/judged.ts';

const base = '/api/v1/escalation-policies';
const patiently = 30_000;

type Owner = Awaited<ReturnType<typeof signUp>>;

/** A channel of the team, and where its messages come in. */
const seedChannel = async (owner: Owner) => {
  const receiver = receiverFor();
  const { id } = await seedWebhook(owner.team.id, receiver.url);
  return { id, receiver, target: { type: 'channel', id } };
};
type Channel = Awaited<ReturnType<typeof seedChannel>>;

const stepsOf = (...channels: Channel[]) =>
  channels.map(({ target }, i) => ({ afterSeconds: i * 300, targets: [target] }));

const createPolicy = async (owner: Owner, name: string, channels: Channel[], more: Record<string, unknown> = {}) => {
  const response = await owner.post(base, { name, steps: stepsOf(...channels), ...more });
  expect(response.status).toBe(201);
  return bodyOf<EscalationPolicyView>(response);
};

const readMonitor = async (owner: Owner, id: string) =>
  bodyOf<MonitorDetailView>(await owner.get(`/api/v1/monitors/${id}`));

const changeMonitor = async (owner: Owner, id: string, change: Record<string, unknown>) =>
  expect((await owner.patch(`/api/v1/monitors/${id}`, change)).status).toBe(200);

const eventuallyNotified = (channel: Channel, types: string[]) =>
  eventually(
    async () => (await channel.receiver.received()).map(({ body }) => body.type),
    (all) => JSON.stringify(all) === JSON.stringify(types),
    patiently,
  );

/** Three policies: the default, an older and a newer one with a tag in common. */
const seedPolicies = async () => {
  const owner = await signUp();
  const [byDefault, older, newer] = [await seedChannel(owner), await seedChannel(owner), await seedChannel(owner)];
  await owner.patch(`${base}/default`, { steps: stepsOf(byDefault) });
  const first = await createPolicy(owner, 'Older', [older], { tags: ['web', 'api'] });
  await env.DB.prepare('UPDATE escalation_policies SET created_at = created_at - 1000 WHERE id = ?')
    .bind(first.id)
    .run();
  const second = await createPolicy(owner, 'Newer', [newer], { tags: ['web', 'shop'] });
  return { owner, channels: { byDefault, older, newer }, ids: { older: first.id, newer: second.id } };
};

test.for([
  ['nothing else', [], null, { name: 'Default', because: 'default', tag: null }, 'byDefault'],
  ['its tag', ['lab', 'shop'], null, { name: 'Newer', because: 'tag', tag: 'shop' }, 'newer'],
  ['the older of two for its tag', ['web'], null, { name: 'Older', because: 'tag', tag: 'web' }, 'older'],
  ['its own choice', ['web'], 'newer', { name: 'Newer', because: 'monitor', tag: null }, 'newer'],
] as const)(
  'a monitor goes by %s: its page says so, and that is who is notified',
  async ([, tags, own, escalationPolicy, notified]) => {
    const { owner, channels, ids } = await seedPolicies();
    const seeded = await seedMonitor(owner.team.id);
    const { id } = refOf(seeded);
    await changeMonitor(owner, id, { tags, escalationPolicyId: own && ids[own] });
    expect((await readMonitor(owner, id)).escalationPolicy).toMatchObject(escalationPolicy);
    await say(seeded, 0, 'down');
    await eventuallyNotified(channels[notified], ['alert.down']);
    await eventuallyStates(owner.team.id, ['down delivered']);
  },
);

test('a monitor takes a policy when it is made, and only one of its team', async () => {
  const { owner, ids } = await seedPolicies();
  const monitor: MonitorView = await create(owner, { escalationPolicyId: ids.newer, critical: true });
  expect(monitor).toMatchObject({ escalationPolicyId: ids.newer, critical: true });
  const stranger = await signUp();
  const refusals = [
    await stranger.post('/api/v1/monitors', httpMonitor({ url: monitor.address, escalationPolicyId: ids.newer })),
    await owner.patch(`/api/v1/monitors/${monitor.id}`, { escalationPolicyId: 'pol_gone' }),
  ];
  for (const response of refusals)
    expect(await problemOf(response)).toMatchObject({
      status: 400,
      errors: [{ path: 'escalationPolicyId', message: expect.stringContaining('does not exist') }],
    });
});

test('another team sees, changes and deletes no policy, and learns of no monitor', async () => {
  const { ids } = await seedPolicies();
  const stranger = await signUp();
  for (const response of [
    await stranger.get(`${base}/${ids.newer}`),
    await stranger.get(`${base}/${ids.newer}/monitors`),
    await stranger.patch(`${base}/${ids.newer}`, { name: 'Mine' }),
    await stranger.delete(`${base}/${ids.newer}`),
  ])
    expect(await problemOf(response)).toMatchObject({ status: 404, code: 'not_found' });
});

test('the second of two people who edit a policy learns of the first change', async () => {
  const { owner, ids } = await seedPolicies();
  const path = `${base}/${ids.newer}`;
  const { updatedAt } = await bodyOf<EscalationPolicyView>(await owner.get(path));
  const first = await owner.patch(path, { repeat: 1, updatedAt });
  expect(first.status).toBe(200);
  const second = await owner.patch(path, { repeat: 2, updatedAt });
  expect(await problemOf(second)).toMatchObject({ status: 409, code: 'version_conflict' });
  const now = await bodyOf<EscalationPolicyView>(await owner.get(path));
  expect(now.repeat).toBe(1);
  expect((await owner.patch(path, { repeat: 2, updatedAt: now.updatedAt })).status).toBe(200);
  expect(await problemOf(await owner.patch(path, { updatedAt: 'yesterday' }))).toMatchObject({
    status: 400,
    errors: [{ path: 'updatedAt' }],
  });
});

test('the default takes no tags, and cannot be deleted', async () => {
  const { owner } = await seedPolicies();
  expect(await problemOf(await owner.patch(`${base}/default`, { tags: ['web'] }))).toMatchObject({
    status: 400,
    errors: [{ path: 'tags', message: expect.stringContaining('default') }],
  });
  expect(await problemOf(await owner.delete(`${base}/default`))).toMatchObject({ status: 409 });
});

test('a policy says which monitors go by it, and deleting it what they go by then', async () => {
  const { owner, ids } = await seedPolicies();
  const chosen = await create(owner, { name: 'Chosen', escalationPolicyId: ids.newer, tags: ['api'] });
  const tagged = await create(owner, { name: 'Tagged', tags: ['shop'] });
  await create(owner, { name: 'Of the older', tags: ['web'] });
  const followers = {
    total: 2,
    monitors: [
      {
        id: tagged.id,
        name: 'Tagged',
        escalationPolicy: { because: 'tag', tag: 'shop' },
        otherwise: { name: 'Default' },
      },
      {
        id: chosen.id,
        name: 'Chosen',
        escalationPolicy: { because: 'monitor' },
        otherwise: { name: 'Older', tag: 'api' },
      },
    ],
  };
  expect(await bodyOf<PolicyMonitorsView>(await owner.get(`${base}/${ids.newer}/monitors`))).toMatchObject(followers);
  expect(await bodyOf<PolicyMonitorsView>(await owner.delete(`${base}/${ids.newer}`))).toMatchObject(followers);
  expect(await readMonitor(owner, chosen.id)).toMatchObject({
    escalationPolicyId: null,
    escalationPolicy: { name: 'Older', because: 'tag' },
  });
  const all = await bodyOf<PolicyMonitorsView>(await owner.get(`${base}/default/monitors`));
  expect(all).toMatchObject({ total: 1, monitors: [{ name: 'Tagged', otherwise: null }] });
});

/** A monitor that is down by the default policy, whose first step was notified and whose second is to come. */
const seedOutage = async () => {
  const owner = await signUp();
  const seeded = await seedMonitor(owner.team.id);
  const [first, second] = [await seedChannel(owner), await seedChannel(owner)];
  await owner.patch(`${base}/default`, { steps: stepsOf(first, second) });
  await say(seeded, 0, 'down');
  await eventuallyNotified(first, ['alert.down']);
  return { owner, seeded, first, second, monitorId: refOf(seeded).id };
};

test('an outage goes on by the policy as it is changed, from the step that it has reached', async () => {
  const { owner, first, second } = await seedOutage();
  const steps = stepsOf(first, second).map((step) => ({ ...step, afterSeconds: 0 }));
  expect((await owner.patch(`${base}/default`, { steps })).status).toBe(200);
  await eventuallyNotified(second, ['alert.down']);
  await eventuallyStates(owner.team.id, ['down delivered', 'down delivered']);
});

test('an outage goes on from the first step of another policy, and spares who knows', async () => {
  const { owner, seeded, first, second, monitorId } = await seedOutage();
  const third = await seedChannel(owner);
  const { id } = await createPolicy(owner, 'Payments', [third, second], { tags: ['payments'] });
  const steps = [{ afterSeconds: 0, targets: [first.target, third.target] }, ...stepsOf(first, second).slice(1)];
  expect((await owner.patch(`${base}/${id}`, { steps })).status).toBe(200);
  await changeMonitor(owner, monitorId, { tags: ['payments'] });
  await eventuallyNotified(third, ['alert.down']);
  await pass(monitorId, 300);
  await eventuallyNotified(second, ['alert.down']);
  await say(seeded, 0, 'up');
  for (const channel of [first, second, third]) await eventuallyNotified(channel, ['alert.down', 'alert.up']);
});

test('the first channel that is added in an outage is notified of it', async () => {
  const owner = await signUp();
  const seeded = await seedMonitor(owner.team.id);
  await say(seeded, 0, 'down');
  expect(await statesOf(owner.team.id)).toEqual([]);
  const { url, received } = receiverFor();
  const made = await owner.post('/api/v1/channels', { kind: 'webhook', name: 'Hook', settings: { url } });
  expect(made.status).toBe(201);
  await eventuallyStates(owner.team.id, ['down delivered']);
  expect(await received()).toHaveLength(1);
});

test('a policy that is deleted in an outage leaves it to the default', async () => {
  const owner = await signUp();
  const seeded = await seedMonitor(owner.team.id);
  const [byDefault, own] = [await seedChannel(owner), await seedChannel(owner)];
  await owner.patch(`${base}/default`, { steps: stepsOf(byDefault) });
  const { id } = await createPolicy(owner, 'Own', [own]);
  await changeMonitor(owner, refOf(seeded).id, { escalationPolicyId: id });
  await say(seeded, 0, 'down');
  await eventuallyNotified(own, ['alert.down']);
  expect((await owner.delete(`${base}/${id}`)).status).toBe(200);
  await eventuallyNotified(byDefault, ['alert.down']);
  await say(seeded, 0, 'up');
  for (const channel of [own, byDefault]) await eventuallyNotified(channel, ['alert.down', 'alert.up']);
});

test('the answers to creating, changing, pausing and resuming a monitor say all that its page shows', async () => {
  const fresh = await signUp();
  await fresh.get('/api/v1/escalation-policies');
  const made = await fresh.post('/api/v1/monitors', httpMonitor({ url, regions: ['weur'], intervalSeconds: 3600 }));
  const { id } = await bodyOf<MonitorDetailView>(made.clone());
  const path = `/api/v1/monitors/${id}`;
  const answers = [made, await fresh.patch(path, { name: 'Other' })];
  for (const verb of ['pause', 'resume']) answers.push(await fresh.post(`${path}/${verb}`));
  for (const answer of answers)
    expect(await bodyOf<MonitorDetailView>(answer)).toMatchObject({
      escalationPolicy: { name: 'Default', because: 'default', hasSteps: false },
      latestTicks: expect.any(Array),
      maintenance: null,
    });
  const kind = { kind: 'webhook', name: 'Hook', settings: { url: 'https://example.com/hook' } };
  expect((await fresh.post('/api/v1/channels', kind)).status).toBe(201);
  expect((await bodyOf<MonitorDetailView>(await fresh.get(path))).escalationPolicy).toMatchObject({ hasSteps: true });
});
