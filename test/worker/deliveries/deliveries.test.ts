import { env } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import type { DeliveryView, IncidentDetailView, Page } from '../../../worker/contract/views.ts';
import { skipDeliveries } from '../../../worker/db/deliveries/outbox.ts';
import { type ChoosableEvent, choosableEvents } from '../../../worker/domain/escalation/escalationPolicy.ts';
import {
  deliveriesOf,
  eventuallyStates,
  type GivenDelivery,
  hurry,
  insertDelivery,
  passAdvisory,
  receiverFor,
  seedMonitor,
  seedWebhook,
  signingSecret,
  statesOf,
} from '../channels/alerting.ts';
import { problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { eventually, services } from '../support/seed.ts';
import { refOf, say, timelineOf } from '../verdicts/judged.ts';

/** A webhook of a new team that gets all events and whose receiver does as planned, and a monitor that is up. */
const seedWatched = async (plan?: Parameters<typeof receiverFor>[0]) => {
  const owner = await signUp();
  const seeded = await seedMonitor(owner.team.id);
  const receiver = receiverFor(plan);
  const channel = await seedWebhook(owner.team.id, receiver.url);
  expect((await owner.patch('/api/v1/escalation-policies/default', { events: choosableEvents })).status).toBe(200);
  await say(seeded, 0, 'up');
  return { owner, seeded, channel, teamId: owner.team.id, ...receiver };
};

/** A webhook of a new team whose receiver does as planned, and a monitor that is down. */
const seedOutage = async (plan?: Parameters<typeof receiverFor>[0]) => {
  const watched = await seedWatched(plan);
  await say(watched.seeded, 0, 'down');
  return watched;
};

const listOf = async (owner: Awaited<ReturnType<typeof signUp>>, query = '') =>
  (await bodyOf<Page<DeliveryView>>(await owner.get(`/api/v1/deliveries${query}`))).data;

test('a signed webhook notifies of an outage, then of its end, and both are in the timeline', async () => {
  const { owner, seeded, teamId, received } = await seedOutage();
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);
  const requests = await received();
  expect(requests.map(({ body }) => body.type)).toEqual(['alert.down', 'alert.up']);
  for (const { headers, text } of requests)
    expect(() => new Webhook(signingSecret).verify(text, headers)).not.toThrow();
  const { incident, acknowledgeUrl } = requests[0]?.body ?? {};
  expect(acknowledgeUrl).toMatch(/^http:\/\/localhost:8788\/a\/./);
  expect((await timelineOf(seeded)).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['alert', 'notified']));
  const { timeline } = await bodyOf<IncidentDetailView>(await owner.get(`/api/v1/incidents/${incident.id}`));
  expect(timeline).toContainEqual(
    expect.objectContaining({ kind: 'notified', event: 'down', channel: expect.objectContaining({ name: 'Hook' }) }),
  );
});

test('a permanent refusal fails at once, its recovery is not sent, and nothing is retried', async () => {
  const { owner, seeded, teamId, received } = await seedOutage({ does: 'answer', status: 400, body: 'no such room' });
  await eventuallyStates(teamId, ['down failed']);
  await say(seeded, 0, 'up');
  await hurry(teamId);
  expect(await received()).toHaveLength(1);
  expect(await statesOf(teamId)).not.toContain('recovered delivered');
  const [delivery] = await listOf(owner, '?state=failed');
  // The address of this receiver holds its answer in base64, so the answer quotes a secret.
  expect(delivery).toMatchObject({
    event: 'down',
    nextAttemptAt: null,
    channel: { name: 'Hook', kind: 'webhook' },
    attempts: [{ state: 'permanent', status: 400, answer: '••••••••' }],
  });
  const { data } = await bodyOf<Page<{ failing: unknown }>>(await owner.get('/api/v1/channels'));
  expect(data[0]?.failing).toMatchObject({ problem: expect.stringContaining('400') });
});

test('a transient failure is retried with the same id, and a recovery waits for its outage', async () => {
  const { seeded, teamId, received } = await seedOutage({ does: 'answer', status: 503 });
  await eventually(
    () => deliveriesOf(teamId),
    ([one]) => one?.state === 'waiting' && one.tries === 1,
  );
  await say(seeded, 0, 'up');
  await hurry(teamId);
  await eventually(
    () => deliveriesOf(teamId),
    ([one]) => one?.tries === 2,
  );
  expect(await statesOf(teamId)).toEqual(['down waiting', 'recovered waiting']);
  const requests = await received();
  expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(requests.map(({ text }) => text)).size).toBe(1);
});

test('a receiver that asks to wait is not asked before', async () => {
  const { owner, teamId } = await seedOutage({ does: 'answer', status: 429, headers: { 'retry-after': '600' } });
  await eventually(
    () => deliveriesOf(teamId),
    ([one]) => one?.state === 'waiting' && one.tries === 1,
  );
  const [delivery] = await listOf(owner);
  const [attempt] = delivery?.attempts ?? [];
  expect(Date.parse(delivery?.nextAttemptAt ?? '') - Date.parse(attempt?.at ?? '')).toBeGreaterThanOrEqual(600_000);
});

test('a delivery that was retried for a day fails, and can be sent again manually', async () => {
  const { owner, teamId, channel } = await seedOutage({ does: 'answer', status: 500 });
  await eventually(
    () => deliveriesOf(teamId),
    ([one]) => one?.tries === 1,
  );
  await env.DB.prepare('UPDATE deliveries SET tried_since = 0 WHERE team_id = ?').bind(teamId).run();
  await hurry(teamId);
  await eventuallyStates(teamId, ['down failed']);
  const repaired = receiverFor();
  await owner.patch(`/api/v1/channels/${channel.id}`, { settings: { url: repaired.url, signingSecret } });
  const [failed] = await listOf(owner);
  const path = `/api/v1/deliveries/${encodeURIComponent(failed?.id ?? '')}`;
  expect((await owner.post(`${path}/retry`)).status).toBe(200);
  await eventuallyStates(teamId, ['down delivered']);
  expect((await repaired.received())[0]?.headers['webhook-id']).toBe(failed?.id);
  expect(await problemOf(await owner.post(`${path}/retry`))).toMatchObject({ status: 409 });
  const stranger = await signUp();
  for (const response of [await stranger.get(path), await stranger.post(`${path}/retry`)])
    expect(await problemOf(response)).toMatchObject({ status: 404 });
  expect(await listOf(stranger)).toEqual([]);
});

test('due deliveries that nothing attempts are counted for their team, and for no other', async () => {
  const [owner, stranger] = [await signUp(), await signUp()];
  const overdueOf = async (who: typeof owner) => bodyOf(await who.get('/api/v1/deliveries/overdue'));
  expect(await overdueOf(owner)).toEqual({ count: 0, since: null });
  const before = Date.now();
  for (const minutes of [3, 7, 9])
    await insertDelivery({ teamId: owner.team.id, dedupKey: `inc_${minutes}`, dueAgo: minutes * 60_000 });
  const answer = (await overdueOf(owner)) as { count: number; since: string };
  expect(answer.count).toBe(2);
  expect(Date.parse(answer.since)).toBeGreaterThanOrEqual(before - 9 * 60_000);
  expect(await overdueOf(stranger)).toEqual({ count: 0, since: null });
});

test('a channel that hangs holds up no other', async () => {
  const owner = await signUp();
  const seeded = await seedMonitor(owner.team.id);
  const receiver = receiverFor();
  await seedWebhook(owner.team.id, receiverFor({ does: 'hang' }).url);
  await seedWebhook(owner.team.id, receiver.url);
  await say(seeded, 0, 'down');
  await eventuallyStates(owner.team.id, ['down sending', 'down delivered']);
});

test('a delivery whose wake-up ends as a dead letter is found by the sweep', async () => {
  const owner = await signUp();
  const seeded = await seedMonitor(owner.team.id);
  const { url, received } = receiverFor();
  await seedWebhook(owner.team.id, url);
  const prototype = Object.getPrototypeOf(services.alerts);
  const { sendBatch } = prototype;
  const spoiled = { spoiledFor: owner.team.id };
  prototype.sendBatch = function (messages: unknown[]) {
    return sendBatch.call(
      this,
      messages.map(() => ({ body: spoiled })),
    );
  };
  await say(seeded, 0, 'down');
  prototype.sendBatch = sendBatch;
  const letters = await eventually(
    async () => (await env.DB.prepare('SELECT queue, body FROM dead_letters').all()).results,
    (found) => found.length > 0,
  );
  expect(letters).toEqual([{ queue: 'pharos-alerts-dead', body: JSON.stringify(spoiled) }]);
  expect(await statesOf(owner.team.id)).toEqual(['down waiting']);
  await hurry(owner.team.id);
  await eventuallyStates(owner.team.id, ['down delivered']);
  expect(await received()).toHaveLength(1);
});

test('a delivery whose message was lost on its way is found by the sweep', async () => {
  const owner = await signUp();
  const seeded = await seedMonitor(owner.team.id);
  const { url, received } = receiverFor();
  await seedWebhook(owner.team.id, url);
  const { alerts } = services;
  const lost: unknown[] = [];
  const prototype = Object.getPrototypeOf(alerts);
  const { sendBatch } = prototype;
  prototype.sendBatch = async (messages: unknown[]) => void lost.push(...messages);
  await say(seeded, 0, 'down');
  prototype.sendBatch = sendBatch;
  expect(lost).toHaveLength(1);
  expect(await statesOf(owner.team.id)).toEqual(['down waiting']);
  await hurry(owner.team.id);
  await eventuallyStates(owner.team.id, ['down delivered']);
  expect(await received()).toHaveLength(1);
});

test.for(['recovered', 'resolved'] as const)(
  'a problem that is sent again manually after its end is sent together with that end: %s',
  async (ending) => {
    const { owner, seeded, channel, teamId } = await seedOutage({ does: 'answer', status: 404 });
    await eventuallyStates(teamId, ['down failed']);
    const [down] = await listOf(owner);
    if (ending === 'recovered') await say(seeded, 0, 'up');
    else expect((await owner.post(`/api/v1/incidents/${down?.incidentId}/resolve`)).status).toBe(200);
    await eventuallyStates(teamId, ['down failed', `${ending} suppressed`]);
    const again = () => owner.post(`/api/v1/deliveries/${encodeURIComponent(down?.id ?? '')}/retry`);
    expect((await again()).status).toBe(200);
    await eventuallyStates(teamId, ['down failed', `${ending} suppressed`]);
    const repaired = receiverFor();
    const settings = { url: repaired.url, signingSecret };
    expect((await owner.patch(`/api/v1/channels/${channel.id}`, { settings })).status).toBe(200);
    expect((await again()).status).toBe(200);
    await eventuallyStates(teamId, ['down delivered', `${ending} delivered`]);
    const bodies = (await repaired.received()).map(({ body }) => body);
    expect(bodies.map(({ event }) => event)).toEqual(['down', ending === 'recovered' ? 'up' : 'resolved']);
    expect(bodies[1].incident).toEqual(bodies[0].incident);
  },
);

const failed = { state: 'failed' } as const;
const delivered = { state: 'delivered' } as const;

test.for<[name: string, asked: GivenDelivery, later: GivenDelivery[], status: number, states: string[]]>([
  [
    'goes with an end that was suppressed',
    { event: 'degraded', ...failed },
    [{ event: 'recovered', state: 'suppressed' }],
    200,
    ['degraded waiting', 'recovered waiting'],
  ],
  [
    'goes with an end that failed',
    { event: 'acknowledged', ...failed },
    [{ event: 'recovered', ...failed }],
    200,
    ['acknowledged waiting', 'recovered waiting'],
  ],
  [
    'goes before an end that waits',
    failed,
    [delivered, { event: 'recovered' }],
    200,
    ['down waiting', 'down delivered', 'recovered waiting'],
  ],
  ['goes while the problem lasts', failed, [delivered], 200, ['down waiting', 'down delivered']],
  ['goes as an end by itself', { event: 'recovered', ...failed }, [], 200, ['recovered waiting']],
  [
    'does not go after its end',
    failed,
    [delivered, { event: 'recovered', ...delivered }],
    409,
    ['down failed', 'down delivered', 'recovered delivered'],
  ],
  [
    'does not go while its end is on its way',
    failed,
    [delivered, { event: 'recovered', state: 'sending' }],
    409,
    ['down failed', 'down delivered', 'recovered sending'],
  ],
  [
    'does not go after the problem began again',
    failed,
    [{ event: 'resolved', state: 'suppressed' }, delivered],
    409,
    ['down failed', 'resolved suppressed', 'down delivered'],
  ],
  [
    'does not go as the end of what began again',
    { event: 'resolved', ...failed },
    [delivered],
    409,
    ['resolved failed', 'down delivered'],
  ],
])('a delivery that is sent again manually %s', async ([, asked, later, status, states]) => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const channel = await seedWebhook(teamId, receiverFor().url);
  const own = { teamId, channel: channel.id, dedupKey: crypto.randomUUID() };
  const number = await insertDelivery({ ...asked, ...own });
  for (const one of later) await insertDelivery({ ...one, ...own });
  const id = await env.DB.prepare('SELECT id FROM deliveries WHERE number = ?').bind(number).first<string>('id');
  // Nothing is sent meanwhile.
  const prototype = Object.getPrototypeOf(services.alerts);
  const { sendBatch } = prototype;
  prototype.sendBatch = async () => {};
  const response = await owner.post(`/api/v1/deliveries/${id}/retry`);
  prototype.sendBatch = sendBatch;
  expect(response.status).toBe(status);
  expect(await statesOf(teamId)).toEqual(states);
  if (status === 409)
    expect(await response.json()).toMatchObject({ detail: expect.stringMatching(/^This alert is outdated: /) });
});

test('an end is not suppressed if its problem was sent again just then', async () => {
  const teamId = crypto.randomUUID();
  const [begun, dropped] = [
    { teamId, dedupKey: 'one' },
    { teamId, dedupKey: 'other' },
  ];
  await insertDelivery({ ...begun, dueAgo: 1 });
  await insertDelivery({ ...dropped, ...failed });
  const ends = [
    await insertDelivery({ ...begun, event: 'recovered' }),
    await insertDelivery({ ...dropped, event: 'recovered' }),
  ];
  await skipDeliveries(env.DB, ends, Date.now());
  expect(await statesOf(teamId)).toEqual(['down waiting', 'down failed', 'recovered waiting', 'recovered suppressed']);
});

test.for<[policy: string, events: readonly ChoosableEvent[]]>([
  ['', choosableEvents],
  [', also where the policy leaves ends out', ['degraded']],
])('an advisory that is over is sent with its end when it is sent again manually%s', async ([, events]) => {
  const { owner, seeded, channel, teamId } = await seedWatched({ does: 'answer', status: 404 });
  expect((await owner.patch('/api/v1/escalation-policies/default', { events })).status).toBe(200);
  await say(seeded, 0, 'degraded');
  const monitorId = refOf(seeded).id;
  await passAdvisory(monitorId, 300);
  await eventuallyStates(teamId, ['degraded failed']);
  await say(seeded, 0, 'up');
  await passAdvisory(monitorId, 300);
  await eventuallyStates(teamId, ['degraded failed', 'recovered suppressed']);
  const repaired = receiverFor();
  const settings = { url: repaired.url, signingSecret };
  expect((await owner.patch(`/api/v1/channels/${channel.id}`, { settings })).status).toBe(200);
  const first = (await listOf(owner)).at(-1);
  expect((await owner.post(`/api/v1/deliveries/${encodeURIComponent(first?.id ?? '')}/retry`)).status).toBe(200);
  await eventuallyStates(teamId, ['degraded delivered', 'recovered delivered']);
  const titles = (await repaired.received()).map(({ body }) => body.title);
  expect(titles).toEqual([
    expect.stringMatching(/^Slow: /),
    expect.stringMatching(/^No longer slow: .*, after 5 minutes/),
  ]);
});
