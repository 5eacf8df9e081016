import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { ChannelView, DeliveryView, EscalationPolicyView, Page } from '../../../worker/contract/views.ts';
import { purgeOfDeletedChannels } from '../../../worker/db/channels/deletedChannels.ts';
import { choosableEvents } from '../../../worker/domain/escalation/escalationPolicy.ts';
import { dropOldRecords } from '../../../worker/operations/retention.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { eventually, services } from '../support/seed.ts';
import { refOf, say } from '../verdicts/judged.ts';
import {
  deliveriesOf,
  eventuallyStates,
  insertDelivery,
  pagerDuty,
  passAdvisory,
  receiverFor,
  seedMonitor,
  seedWebhook,
  statesOf,
} from './alerting.ts';

/** A team with PagerDuty, which answers as given, and a monitor that is up. */
const prepare = async (answers?: Parameters<typeof pagerDuty>[0], events: readonly string[] = choosableEvents) => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const seeded = await seedMonitor(teamId);
  const taken = pagerDuty(answers);
  const settings = { routingKey: '0123456789abcdef0123456789abcdef', region: 'us' };
  const created = await owner.post('/api/v1/channels', { kind: 'pagerduty', name: 'Duty', settings });
  const channel = await bodyOf<ChannelView>(created);
  expect((await owner.patch('/api/v1/escalation-policies/default', { events })).status).toBe(200);
  await say(seeded, 0, 'up');
  const path = `/api/v1/channels/${channel.id}`;
  const remove = async () => expect((await owner.delete(path)).status).toBe(200);
  const said = () => taken.map(({ event_action, payload }) => `${event_action} ${payload.summary.split(':')[0]}`);
  return { owner, teamId, seeded, taken, said, path, remove, monitorId: refOf(seeded).id };
};

const keptOf = async (teamId: string) =>
  (await env.DB.prepare('SELECT name FROM deleted_channels WHERE team_id = ?').bind(teamId).all()).results;

test('a channel deleted in an outage disappears for everybody, and closes the open incidents of its receiver', async () => {
  const { owner, teamId, seeded, taken, said, path, remove } = await prepare();
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  await remove();
  for (const response of [await owner.get(path), await owner.patch(path, { name: 'X' }), await owner.delete(path)])
    expect(response.status).toBe(404);
  expect((await bodyOf<Page<ChannelView>>(await owner.get('/api/v1/channels'))).data).toEqual([]);
  const policy = await bodyOf<EscalationPolicyView>(await owner.get('/api/v1/escalation-policies/default'));
  expect(JSON.stringify(policy.steps)).not.toContain(path.split('/').at(-1));
  await dropOldRecords(services);
  expect(await keptOf(teamId)).toEqual([{ name: 'Duty' }]);
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);
  expect(said()).toEqual(['trigger Down', 'resolve Recovered']);
  expect(new Set(taken.map(({ dedup_key }) => dedup_key)).size).toBe(1);
  const log = await bodyOf<Page<DeliveryView>>(await owner.get('/api/v1/deliveries'));
  expect(log.data.map(({ event, channel }) => [event, channel])).toEqual([
    ['recovered', null],
    ['down', null],
  ]);
  await dropOldRecords(services);
  expect(await keptOf(teamId)).toEqual([]);
});

test('a deleted channel gets ends and nothing else, also of an advisory and if a policy leaves out ends', async () => {
  const { owner, teamId, seeded, said, remove, monitorId } = await prepare(undefined, ['degraded', 'down']);
  await say(seeded, 0, 'degraded');
  await passAdvisory(monitorId, 300);
  await eventuallyStates(teamId, ['degraded delivered']);
  await remove();
  const receiver = receiverFor();
  await seedWebhook(teamId, receiver.url);
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['degraded delivered', 'recovered delivered', 'down delivered']);
  expect(said()).toEqual(['trigger Slow', expect.stringMatching(/^resolve /)]);
  const [notified] = await receiver.received();
  expect((await owner.post(`/api/v1/incidents/${notified?.body.incident.id}/acknowledge`)).status).toBe(200);
  const all = ['degraded delivered', 'recovered delivered', 'down delivered', 'acknowledged delivered'];
  await eventuallyStates(teamId, all);
  await dropOldRecords(services);
  expect(await keptOf(teamId)).toEqual([]);
});

test('a message in flight when its channel is deleted ends there as well', async () => {
  const answer = Promise.withResolvers<void>();
  const { teamId, seeded, said, remove } = await prepare();
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    if (String(input).startsWith('https://events.pagerduty.com/')) await answer.promise;
    return fetch(input, init);
  };
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down sending']);
  await remove();
  await dropOldRecords(services);
  answer.resolve();
  await eventuallyStates(teamId, ['down delivered']);
  await dropOldRecords(services);
  expect(await keptOf(teamId)).toEqual([{ name: 'Duty' }]);
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);
  expect(said()).toEqual(['trigger Down', 'resolve Recovered']);
});

test.each(['resolved', 'deleted'])(
  'nothing is kept of a deleted channel once the outage of a paused monitor was %s as well',
  async (how) => {
    const { owner, teamId, seeded, taken, remove, monitorId } = await prepare();
    await say(seeded, 0, 'down');
    await eventuallyStates(teamId, ['down delivered']);
    await remove();
    const path = `/api/v1/monitors/${monitorId}`;
    expect((await owner.post(`${path}/pause`)).ok).toBe(true);
    const { data } = await bodyOf<Page<{ id: string }>>(await owner.get('/api/v1/incidents'));
    const resolve = () => owner.post(`/api/v1/incidents/${data[0]?.id}/resolve`);
    expect((await (how === 'resolved' ? resolve() : owner.delete(path))).ok).toBe(true);
    await eventuallyStates(teamId, ['down delivered', 'resolved delivered']);
    await dropOldRecords(services);
    expect(await keptOf(teamId)).toEqual([]);
    expect(taken.map(({ event_action }) => event_action)).toEqual(['trigger', 'resolve']);
  },
);

test('waiting deliveries of a deleted channel are suppressed, and nothing is kept if nothing is open', async () => {
  const { teamId, seeded, remove } = await prepare(() => 503);
  await say(seeded, 0, 'down');
  await eventually(
    () => deliveriesOf(teamId),
    ([one]) => one?.state === 'waiting' && one.tries === 1,
    30_000,
  );
  await remove();
  expect([await statesOf(teamId), await keptOf(teamId)]).toEqual([['down suppressed'], []]);
  await say(seeded, 0, 'up');
  expect(await statesOf(teamId)).toEqual(['down suppressed']);
});

test('a waiting problem of a deleted channel is suppressed beside the end of one that was notified', async () => {
  const refused = { event: '' };
  const { teamId, seeded, said, remove } = await prepare(({ payload }) =>
    payload.summary.includes(refused.event) && refused.event ? 503 : 202,
  );
  const other = await seedMonitor(teamId);
  await say(other, 0, 'up');
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  refused.event = 'Down';
  await say(other, 0, 'down');
  await eventually(
    () => deliveriesOf(teamId),
    ([, one]) => one?.state === 'waiting' && one.tries === 1,
    30_000,
  );
  await remove();
  await eventuallyStates(teamId, ['down delivered', 'down suppressed']);
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'down suppressed', 'recovered delivered']);
  expect(said()).toEqual(['trigger Down', 'resolve Recovered']);
});

test('an end that fails is the last that is kept of a deleted channel', async () => {
  const { owner, teamId, seeded, remove } = await prepare(({ event_action }) =>
    event_action === 'resolve' ? 400 : 202,
  );
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  await remove();
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'recovered failed']);
  await dropOldRecords(services);
  expect(await keptOf(teamId)).toEqual([]);
  const [, end] = await deliveriesOf(teamId);
  expect((await owner.post(`/api/v1/deliveries/${encodeURIComponent(end?.id ?? '')}/retry`)).status).toBe(409);
});

test('earlier deliveries of a deleted channel are not read once a minute', async () => {
  const { teamId, seeded, path, remove } = await prepare();
  const past = { teamId, channel: path.split('/').at(-1) ?? '', state: 'delivered' } as const;
  for (let i = 0; i < 100; i++)
    for (const event of ['down', 'recovered']) await insertDelivery({ ...past, event, dedupKey: `inc_past_${i}` });
  await say(seeded, 0, 'down');
  await eventually(
    () => statesOf(teamId),
    (states) => states.length === 201 && states.at(-1) === 'down delivered',
    30_000,
  );
  await remove();
  const { meta } = await purgeOfDeletedChannels(services).run();
  expect(await keptOf(teamId)).toHaveLength(1);
  expect(meta.rows_read).toBeLessThan(30);
});

test('nothing is kept of a deleted channel whose receiver keeps no incidents', async () => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const seeded = await seedMonitor(teamId);
  const { id } = await seedWebhook(teamId, receiverFor().url);
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  expect((await owner.delete(`/api/v1/channels/${id}`)).status).toBe(200);
  await say(seeded, 0, 'up');
  expect([await statesOf(teamId), await keptOf(teamId)]).toEqual([['down delivered'], []]);
});
