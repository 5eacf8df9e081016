import { env } from 'cloudflare:workers';
import { beforeAll, expect, inject, test } from 'vitest';
import { sweepDeliveries } from '../../../worker/alerts/outbox/sweep.ts';
import type { ChannelView, DeliveryView, Page } from '../../../worker/contract/views.ts';
import { dissolveDigests } from '../../../worker/db/channels/deletedChannels.ts';
import { createDigest } from '../../../worker/db/deliveries/digests.ts';
import { readChannel } from '../../../worker/db/deliveries/outbox.ts';
import { dropOldRecords } from '../../../worker/operations/retention.ts';
import {
  deliveriesOf,
  hurry,
  insertDelivery,
  pagerDuty,
  receiverFor,
  seedWebhook,
  signingSecret,
} from '../channels/alerting.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { eventually, seedCohort, services } from '../support/seed.ts';
import { say } from '../verdicts/judged.ts';

const count = 60;

/** Alerts wait for the sweep, so that all of them are there at once. */
beforeAll(() => {
  const prototype = Object.getPrototypeOf(services.alerts);
  const { sendBatch } = prototype;
  prototype.sendBatch = function (messages: { body: { correlationId: string } }[]) {
    return messages[0]?.body.correlationId === 'run_test' ? Promise.resolve() : sendBatch.call(this, messages);
  };
});

const seedMany = async (teamId: string, size = count) => {
  const urls = Array.from({ length: size }, (_, i) => `${inject('target')}/?n=${i}`);
  const seeded = await seedCohort({ urls, createdAt: Date.now() - 60_000 });
  await env.DB.prepare(
    'UPDATE monitors SET confirmations = 1, recovery_confirmations = 1, team_id = ?2 WHERE cohort = ?1',
  )
    .bind(seeded.cohort, teamId)
    .run();
  return { ...seeded, teamId };
};

type Seeded = Awaited<ReturnType<typeof seedMany>>;

const sayAll = async (seeded: Seeded, health: 'up' | 'down', from = 0, to = seeded.monitors.length) => {
  for (let i = from; i < to; i += 20)
    await Promise.all(Array.from({ length: Math.min(20, to - i) }, (_, j) => say(seeded, i + j, health)));
};

const alertsOf = async (teamId: string) => (await deliveriesOf(teamId)).filter(({ event }) => event !== 'digest');

const digestsOf = async (teamId: string) => (await deliveriesOf(teamId)).filter(({ event }) => event === 'digest');

const allAre = (teamId: string, state: string, total: number) =>
  eventually(
    () => alertsOf(teamId),
    (all) => all.length === total && all.every((one) => one.state === state),
  );

const triedDigest = (teamId: string, times: number) =>
  eventually(
    async () => (await digestsOf(teamId))[0],
    (digest) => digest?.tries === times && digest.state !== 'sending',
  );

/** Moves sent deliveries so far into the past that they no longer count. */
const passMinutes = (teamId: string) =>
  env.DB.prepare(
    'UPDATE deliveries SET tried_at = tried_at - 300000, created_at = created_at - 300000 WHERE team_id = ?',
  )
    .bind(teamId)
    .run();

/** Failed attempts have to wait for an hour more. */
const hurryNewDigest = async (teamId: string) => {
  await env.DB.prepare(
    `UPDATE deliveries SET next_attempt_at = iif(tried_at IS NULL, 0, ?2)
     WHERE team_id = ?1 AND event = 'digest' AND settled_at IS NULL`,
  )
    .bind(teamId, Date.now() + 3_600_000)
    .run();
  await sweepDeliveries(services);
};

/** Nobody tries for longer than a day. */
const passDay = (teamId: string) =>
  env.DB.prepare('UPDATE deliveries SET tried_since = 0 WHERE team_id = ?').bind(teamId).run();

const repair = (owner: Owner, channelId: string, url: string) =>
  owner.patch(`/api/v1/channels/${channelId}`, { settings: { url, signingSecret } });

type Owner = Awaited<ReturnType<typeof signUp>>;

const sendAgain = (owner: Owner, id: string | undefined) =>
  owner.post(`/api/v1/deliveries/${encodeURIComponent(id ?? '')}/retry`);

test('sixty outages at once, and their ends, are two messages, and each is in the record', async () => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const seeded = await seedMany(teamId);
  const { url, received } = receiverFor();
  await seedWebhook(teamId, url);
  await sayAll(seeded, 'down');
  await hurry(teamId);
  await allAre(teamId, 'delivered', count);
  const { data } = await bodyOf<Page<DeliveryView>>(await owner.get('/api/v1/deliveries?limit=100'));
  expect(data).toHaveLength(count);
  for (const one of data) {
    expect(one).toMatchObject({ event: 'down', state: 'delivered', digestOf: count });
    expect(one.attempts).toMatchObject([{ status: 200 }]);
  }
  const notified = env.DB.prepare(
    `SELECT count(*) AS n FROM incident_events AS e JOIN incidents AS i ON i.id = e.incident
     WHERE i.team_id = ? AND e.kind = 'notified'`,
  ).bind(teamId);
  expect(await notified.first('n')).toBe(count);
  await passMinutes(teamId);
  await sayAll(seeded, 'up');
  await hurry(teamId);
  await allAre(teamId, 'delivered', 2 * count);
  const digests = (await received()).map(({ body }) => body);
  expect(digests).toMatchObject([
    { type: 'alert.digest', digest: { counts: { down: count }, stillOpen: count, stillDown: count } },
    { type: 'alert.digest', digest: { counts: { up: count }, stillOpen: 0, id: digests[0]?.digest.id } },
  ]);
  expect(digests[0]?.digest.monitors).toHaveLength(20);
  const { pathname, search } = new URL(digests[0]?.digest.url);
  expect(pathname).toBe('/monitors');
  const listed = await bodyOf<Page<{ id: string }>>(await owner.get(`/api/v1/monitors${search}&limit=100`));
  expect(listed.data).toHaveLength(count);
});

test('a digest that failed is tried again as it is, once a minute, and sent again manually as a whole', async () => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const seeded = await seedMany(teamId, 20);
  const { url, received } = receiverFor({ does: 'answer', status: 503 });
  const channel = await seedWebhook(teamId, url);
  await sayAll(seeded, 'down');
  await hurry(teamId);
  await triedDigest(teamId, 1);
  // Within the same minute it is left alone, even by the sweep.
  await hurry(teamId);
  await passMinutes(teamId);
  await hurry(teamId);
  await triedDigest(teamId, 2);
  await passMinutes(teamId);
  await passDay(teamId);
  await hurry(teamId);
  await allAre(teamId, 'failed', 20);
  const repaired = receiverFor();
  await repair(owner, channel.id, repaired.url);
  await passMinutes(teamId);
  const { data } = await bodyOf<Page<DeliveryView>>(await owner.get('/api/v1/deliveries?state=failed&limit=1'));
  expect(data).toMatchObject([{ digestOf: 20, attemptCount: 3 }]);
  expect(await bodyOf<DeliveryView>(await sendAgain(owner, data[0]?.id))).toMatchObject({ state: 'sending' });
  expect((await sendAgain(owner, data[0]?.id)).status).toBe(409);
  await allAre(teamId, 'delivered', 20);
  const requests = [...(await received()), ...(await repaired.received())];
  expect(requests).toHaveLength(4);
  expect(new Set(requests.map(({ headers, text }) => `${headers['webhook-id']} ${text}`)).size).toBe(1);
});

test('an alert that was tried by itself keeps its id, and is folded into no digest', async () => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const seeded = await seedMany(teamId, 21);
  const { url, received } = receiverFor({ does: 'answer', status: 503 });
  const channel = await seedWebhook(teamId, url);
  await sayAll(seeded, 'down', 0, 1);
  await hurry(teamId);
  const [first] = await eventually(
    () => alertsOf(teamId),
    ([one]) => one?.tries === 1 && one.state === 'waiting',
  );
  const repaired = receiverFor();
  await repair(owner, channel.id, repaired.url);
  await sayAll(seeded, 'down', 1);
  await hurry(teamId);
  await allAre(teamId, 'delivered', 21);
  const requests = await repaired.received();
  expect(requests.map(({ body }) => body.type).toSorted()).toEqual(['alert.digest', 'alert.down']);
  for (const { headers, body } of [...(await received()), ...requests])
    if (body.type === 'alert.down') expect(headers['webhook-id']).toBe(first?.id);
    else expect(body.digest).toMatchObject({ counts: { down: 20 } });
});

test('with a stateful receiver, alerts of a digest end in it, and the rest by themselves', async () => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const seeded = await seedMany(teamId, 33);
  const events = pagerDuty();
  const settings = { routingKey: '0123456789abcdef0123456789abcdef', region: 'us' };
  await owner.post('/api/v1/channels', { kind: 'pagerduty', name: 'Duty', settings });
  const go = async (health: 'up' | 'down', from: number, to: number, total: number) => {
    await passMinutes(teamId);
    await sayAll(seeded, health, from, to);
    await hurry(teamId);
    await allAre(teamId, 'delivered', total);
  };
  await go('down', 0, 1, 1);
  await go('down', 1, 33, 33);
  // The first was sent by itself: it ends by itself, though it is one of many.
  await go('up', 0, 20, 53);
  await go('up', 20, 33, 66);
  const said = events.map(({ event_action, dedup_key }) => `${event_action} ${dedup_key}`);
  const [alone, digest] = events.map(({ dedup_key }) => dedup_key);
  expect(digest).toMatch(/^dig_/);
  expect(said.toSorted()).toEqual(
    [`trigger ${alone}`, `trigger ${digest}`, `trigger ${digest}`, `resolve ${alone}`, `resolve ${digest}`].toSorted(),
  );
  expect(said.at(-1)).toBe(`resolve ${digest}`);
});

test('a digest that fails keeps the incident of the others open for nobody', async () => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const seeded = await seedMany(teamId, 33);
  const refused = new Set<number>();
  const events = pagerDuty(({ payload }) => (refused.has(Number(payload.summary.split(' ')[0])) ? 503 : 202));
  const settings = { routingKey: '0123456789abcdef0123456789abcdef', region: 'us' };
  await owner.post('/api/v1/channels', { kind: 'pagerduty', name: 'Duty', settings });
  const go = async (health: 'up' | 'down', from: number, to: number) => {
    await passMinutes(teamId);
    await sayAll(seeded, health, from, to);
    await hurry(teamId);
  };
  await go('down', 0, 20);
  await allAre(teamId, 'delivered', 20);
  refused.add(13);
  await go('down', 20, 33);
  await eventually(
    () => digestsOf(teamId),
    ([, second]) => second?.tries === 1 && second.state === 'waiting',
  );
  await go('up', 0, 20);
  await eventually(
    () => digestsOf(teamId),
    (all) => all.length === 3,
  );
  await passMinutes(teamId);
  await hurryNewDigest(teamId);
  await eventually(
    () => digestsOf(teamId),
    ([, , third]) => third?.state === 'delivered',
  );
  await passMinutes(teamId);
  await passDay(teamId);
  await hurry(teamId);
  await eventually(
    () => digestsOf(teamId),
    ([, second]) => second?.state === 'failed',
  );
  await go('up', 20, 33);
  expect(events.map(({ event_action }) => event_action)).toEqual(['trigger', 'resolve']);
});

test('a failing digest is not sent any more once its channel is deleted', async () => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const seeded = await seedMany(teamId, 20);
  let status = 503;
  const events = pagerDuty(() => status);
  const settings = { routingKey: '0123456789abcdef0123456789abcdef', region: 'us' };
  const created = await owner.post('/api/v1/channels', { kind: 'pagerduty', name: 'Duty', settings });
  const { id } = await bodyOf<ChannelView>(created);
  await sayAll(seeded, 'down');
  await hurry(teamId);
  await triedDigest(teamId, 1);
  status = 202;
  expect((await owner.delete(`/api/v1/channels/${id}`)).status).toBe(200);
  await allAre(teamId, 'suppressed', 20);
  await dropOldRecords(services);
  expect(await readChannel(env.DB, id)).toBe(null);
  await sayAll(seeded, 'up');
  await hurry(teamId);
  expect(await digestsOf(teamId)).toMatchObject([{ state: 'suppressed', tries: 1 }]);
  expect(events).toEqual([]);
});

test('the ends of a dissolved digest go out in another one of its name, and one of ends alone stays', async () => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const { id: channel } = await seedWebhook(teamId, receiverFor().url);
  const outbox = await readChannel(env.DB, channel);
  if (!outbox) throw new Error('The channel is gone.');
  const given = { teamId, channel, dueAgo: 1 } as const;
  const fold = async (id: string, numbers: number[]) =>
    createDigest(env.DB, outbox, { id, digestId: 'dig_1', message: {}, numbers, at: Date.now() });
  const [end, taken] = [
    await insertDelivery({ ...given, event: 'recovered', dedupKey: 'inc_a' }),
    await insertDelivery({ ...given, event: 'acknowledged', dedupKey: 'inc_b' }),
  ];
  const id = `dig_1:${crypto.randomUUID()}`;
  await fold(id, [end, taken]);
  const other = await insertDelivery({ ...given, event: 'recovered', dedupKey: 'inc_c' });
  await fold(`${id}:other`, [other]);
  await dissolveDigests(env.DB, channel, Date.now());
  expect(await deliveriesOf(teamId)).toMatchObject([
    { event: 'recovered', state: 'waiting' },
    { event: 'acknowledged', state: 'waiting' },
    { event: 'digest', state: 'suppressed' },
    { event: 'recovered', state: 'sending' },
    { event: 'digest', state: 'waiting' },
  ]);
  await fold(id, [end]);
  expect((await deliveriesOf(teamId)).map(({ event, state }) => `${event} ${state}`)).toEqual([
    ...['recovered sending', 'acknowledged waiting', 'digest suppressed', 'recovered sending', 'digest waiting'],
    'digest waiting',
  ]);
});
