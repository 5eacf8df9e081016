import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { sweepChannels } from '../../../worker/alerts/outbox/sweepChannels.ts';
import type { ChannelView, DeliveryView, Page } from '../../../worker/contract/views.ts';
import { weekdays } from '../../../worker/domain/time/weeklyHours.ts';
import type { Plan } from '../../provided.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { eventually, services } from '../support/seed.ts';
import { say } from '../verdicts/judged.ts';
import { deliveriesOf, hurry, receiverFor, seedMonitor, seedWebhook, signingSecret, statesOf } from './alerting.ts';

beforeEach(async () => {
  // A sweep is for all teams: what earlier tests left is none of the next one's.
  await env.DB.exec('UPDATE channels SET failing_since = NULL, failure_notified_at = NULL');
});

/** A team with a channel whose receiver does as planned, one after it that works, and a monitor that is down. */
const seedFailing = async (plan: Plan) => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const seeded = await seedMonitor(teamId);
  const broken = await seedWebhook(teamId, receiverFor(plan).url);
  const receiver = receiverFor();
  const other = await seedWebhook(teamId, receiver.url);
  await env.DB.prepare("UPDATE channels SET name = 'Night watch' WHERE id = ?").bind(broken.id).run();
  // Only the broken one is notified of the outage.
  await env.DB.prepare("UPDATE escalation_policies SET steps = json_remove(steps, '$[0].targets[1]') WHERE team_id = ?")
    .bind(teamId)
    .run();
  await say(seeded, 0, 'down');
  await eventually(
    () => deliveriesOf(teamId),
    ([down]) => down?.tries === 1,
  );
  return { owner, teamId, seeded, broken, other, received: receiver.received };
};

const sweep = () => sweepChannels(services);

/** Deliveries through the other channel. */
const noticesOf = async (teamId: string) => (await statesOf(teamId)).filter((state) => state.startsWith('channel'));
const eventuallyNotices = (teamId: string, expected: string[]) =>
  eventually(
    () => noticesOf(teamId),
    (states) => JSON.stringify(states) === JSON.stringify(expected),
  );

const mend = async ({ owner, broken }: Awaited<ReturnType<typeof seedFailing>>) => {
  const repaired = receiverFor();
  const path = `/api/v1/channels/${broken.id}`;
  await owner.patch(path, { settings: { url: repaired.url, signingSecret } });
  return bodyOf<{ state: string }>(await owner.post(`${path}/test`));
};

test('a failing channel is notified once through the channel that works, and its recovery as well', async () => {
  const seeded = await seedFailing({ does: 'answer', status: 404 });
  const { owner, teamId, broken, other, received } = seeded;
  await Promise.all([sweep(), sweep()]);
  await sweep();
  await eventuallyNotices(teamId, ['channel-failing delivered']);
  const [request] = await received();
  expect(request?.body).toMatchObject({
    type: 'channel.failing',
    title: 'Alert delivery failing: Night watch',
    why: expect.stringContaining('HTTP 404'),
    channel: { id: broken.id, name: 'Night watch', kind: 'Webhook' },
    monitor: { id: null },
    text: expect.stringContaining(`/alerts/channels/${broken.id}`),
  });
  const { failing } = await bodyOf<ChannelView>(await owner.get(`/api/v1/channels/${broken.id}`));
  expect(failing).toMatchObject({ keepsFailing: true });
  const { data } = await bodyOf<Page<DeliveryView>>(await owner.get('/api/v1/deliveries'));
  expect(data[0]).toMatchObject({
    event: 'channel-failing',
    state: 'delivered',
    monitorId: null,
    monitorName: null,
    aboutChannel: { id: broken.id, name: 'Night watch' },
    channel: { id: other.id },
  });

  expect((await mend(seeded)).state).toBe('delivered');
  await Promise.all([sweep(), sweep()]);
  await sweep();
  await eventuallyNotices(teamId, ['channel-failing delivered', 'channel-working delivered']);
  const requests = await received();
  expect(requests.map(({ body }) => body.type)).toEqual(['channel.failing', 'channel.working']);
  expect(requests[1]?.body).toMatchObject({
    title: expect.stringContaining('Alert delivery restored: Night watch, after'),
  });
  expect(await bodyOf(await owner.get(`/api/v1/channels/${broken.id}`))).toMatchObject({ failing: null });
});

test('the person who knows that a channel fails is notified of its deletion', async () => {
  const { owner, teamId, broken, received } = await seedFailing({ does: 'answer', status: 404 });
  await sweep();
  await eventuallyNotices(teamId, ['channel-failing delivered']);
  expect((await owner.delete(`/api/v1/channels/${broken.id}`)).status).toBe(200);
  await eventuallyNotices(teamId, ['channel-failing delivered', 'channel-working delivered']);
  const [failing, deleted] = (await received()).map(({ body }) => body);
  expect(deleted).toMatchObject({
    type: 'channel.working',
    title: 'Deleted while alerts failed: Night watch',
    why: expect.stringContaining('The channel was deleted'),
    since: failing.since,
  });
});

test('transient failures are notified after a quarter of an hour and three attempts, not before', async () => {
  const { teamId, broken } = await seedFailing({ does: 'answer', status: 503 });
  const tried = (count: number) =>
    eventually(
      () =>
        env.DB.prepare(
          'SELECT count(*) AS n FROM delivery_attempts AS a JOIN deliveries AS d ON d.number = a.delivery WHERE d.team_id = ?',
        )
          .bind(teamId)
          .first<number>('n'),
      (n) => n === count,
    );
  await tried(1);
  const failingFor = (minutes: number) =>
    env.DB.prepare('UPDATE channels SET failing_since = ?2 WHERE id = ?1')
      .bind(broken.id, Date.now() - minutes * 60_000)
      .run();
  await failingFor(60);
  await sweep();
  expect(await noticesOf(teamId)).toEqual([]);
  for (const count of [2, 3]) {
    await hurry(teamId);
    await tried(count);
  }
  await failingFor(10);
  await sweep();
  expect(await noticesOf(teamId)).toEqual([]);
  await failingFor(16);
  await sweep();
  await eventuallyNotices(teamId, ['channel-failing delivered']);
});

test('a team without another channel that works sees it on the dashboard alone', async () => {
  const { owner, teamId, broken, other } = await seedFailing({ does: 'answer', status: 404 });
  await owner.delete(`/api/v1/channels/${other.id}`);
  await sweep();
  expect(await noticesOf(teamId)).toEqual([]);
  expect(await bodyOf(await owner.get(`/api/v1/channels/${broken.id}`))).toMatchObject({
    failing: { keepsFailing: true },
  });
});

test('if the other channel fails as well, the next one is notified of both', async () => {
  const { owner, teamId, other } = await seedFailing({ does: 'answer', status: 404 });
  await owner.patch(`/api/v1/channels/${other.id}`, {
    settings: { url: receiverFor({ does: 'answer', status: 400 }).url, signingSecret },
  });
  const third = receiverFor();
  await seedWebhook(teamId, third.url);
  await env.DB.prepare("UPDATE escalation_policies SET steps = '[]' WHERE team_id = ?").bind(teamId).run();
  await sweep();
  await eventuallyNotices(teamId, ['channel-failing failed']);
  await sweep();
  await sweep();
  await eventuallyNotices(teamId, ['channel-failing failed', 'channel-failing delivered', 'channel-failing delivered']);
  expect(await third.received()).toHaveLength(2);
});

test('the first working channel of the default policy is chosen before an older one', async () => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const [older, first] = [receiverFor(), receiverFor()];
  const [, broken] = [
    await seedWebhook(teamId, older.url),
    await seedWebhook(teamId, receiverFor({ does: 'answer', status: 404 }).url),
  ];
  const chosen = await seedWebhook(teamId, first.url);
  const steps = [{ afterSeconds: 0, targets: [broken, chosen].map(({ id }) => ({ type: 'channel', id })) }];
  await env.DB.prepare('UPDATE escalation_policies SET steps = ?2 WHERE team_id = ?1')
    .bind(teamId, JSON.stringify(steps))
    .run();
  await say(await seedMonitor(teamId), 0, 'down');
  await eventually(
    () => statesOf(teamId),
    (states) => states.includes('down failed') && states.includes('down delivered'),
  );
  await sweep();
  await eventuallyNotices(teamId, ['channel-failing delivered']);
  expect((await first.received()).map(({ body }) => body.type)).toContain('channel.failing');
  expect(await older.received()).toEqual([]);
});

test('many channels that fail together are notified a few at a time', async () => {
  const { teamId, received } = await seedFailing({ does: 'answer', status: 404 });
  const at = Date.now() - 1_000_000;
  await env.DB.prepare(
    `INSERT INTO channels (id, team_id, kind, name, settings, failing_since, failure, created_at, updated_at)
     SELECT 'chn_many' || value || ?1, ?1, 'webhook', 'Many ' || value, '{}', ?2, 'It fails.', ?2, ?2
     FROM json_each('[1,2,3,4,5,6,7]')`,
  )
    .bind(teamId, at)
    .run();
  await env.DB.prepare(
    `INSERT INTO deliveries (id, team_id, monitor, dedup_key, channel, event, round, step, state, message, created_at,
       next_attempt_at, tried_at, settled_at)
     SELECT 'failed-' || id, team_id, 1, id, id, 'down', 0, 0, 'failed', '{}', ?2, ?2, ?2, ?2 FROM channels
     WHERE team_id = ?1 AND id LIKE 'chn_many%'`,
  )
    .bind(teamId, at)
    .run();
  await sweep();
  expect(await noticesOf(teamId)).toHaveLength(5);
  await sweep();
  await eventuallyNotices(
    teamId,
    Array.from({ length: 8 }, () => 'channel-failing delivered'),
  );
  expect(await received()).toHaveLength(8);
});

test('a failing channel passes the quiet hours of the other one, as alerts of critical monitors do', async () => {
  const { owner, teamId, other } = await seedFailing({ does: 'answer', status: 404 });
  const clock = (at: number) => new Date(at).toISOString().slice(11, 16);
  const hours = [{ days: weekdays, from: clock(Date.now() - 7_200_000), to: clock(Date.now() + 7_200_000) }];
  const quietHours = { timeZone: 'UTC', hours, exceptCritical: true };
  expect((await owner.patch(`/api/v1/channels/${other.id}`, { quietHours })).status).toBe(200);
  await sweep();
  await eventuallyNotices(teamId, ['channel-failing delivered']);
});
