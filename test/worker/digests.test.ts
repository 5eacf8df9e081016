import { env } from 'cloudflare:workers';
import { beforeAll, expect, inject, test } from 'vitest';
import type { DeliveryView, Page } from '../../worker/api/views.ts';
import { deliveriesOf, hurry, receiverFor, seedWebhook } from './alerting.ts';
import { bodyOf, signUp } from './client.ts';
import { say } from './judged.ts';
import { eventually, seedCohort, services } from './seed.ts';

const count = 200;

/** Alerts wait for the sweep, so that all of them are there at once. */
beforeAll(() => {
  const prototype = Object.getPrototypeOf(services.alerts);
  const { sendBatch } = prototype;
  prototype.sendBatch = function (messages: { body: { correlationId: string } }[]) {
    return messages[0]?.body.correlationId === 'run_test' ? Promise.resolve() : sendBatch.call(this, messages);
  };
});

const seedMany = async (teamId: string) => {
  const urls = Array.from({ length: count }, (_, i) => `${inject('target')}/?n=${i}`);
  const seeded = await seedCohort({ urls, createdAt: Date.now() - 60_000 });
  await env.DB.prepare(
    'UPDATE monitors SET confirmations = 1, recovery_confirmations = 1, team_id = ?2 WHERE cohort = ?1',
  )
    .bind(seeded.cohort, teamId)
    .run();
  return { ...seeded, teamId };
};

const sayAll = async (seeded: Awaited<ReturnType<typeof seedMany>>, health: 'up' | 'down') => {
  for (let i = 0; i < count; i += 20)
    await Promise.all(Array.from({ length: 20 }, (_, j) => say(seeded, i + j, health)));
};

const allSettled = (teamId: string, total: number) =>
  eventually(
    async () => (await deliveriesOf(teamId)).filter(({ event }) => event !== 'digest'),
    (all) => all.length === total && all.every(({ state }) => state === 'delivered'),
  );

/** What was sent lies so long back that it no longer counts. */
const passMinutes = (teamId: string) =>
  env.DB.prepare('UPDATE deliveries SET tried_at = tried_at - 120000 WHERE team_id = ?').bind(teamId).run();

test('two hundred outages at once, and their ends, are two messages, and each is in the record', async () => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const seeded = await seedMany(teamId);
  const { url, received } = receiverFor();
  await seedWebhook(teamId, url);
  await sayAll(seeded, 'down');
  await hurry(teamId);
  await allSettled(teamId, count);
  const { data } = await bodyOf<Page<DeliveryView>>(await owner.get('/api/v1/deliveries?limit=100'));
  expect(data).toHaveLength(100);
  for (const one of data) {
    expect(one).toMatchObject({ event: 'down', state: 'delivered', digestOf: count });
    expect(one.attempts).toMatchObject([{ status: 200 }]);
  }
  const told = env.DB.prepare(
    `SELECT count(*) AS n FROM incident_events AS e JOIN incidents AS i ON i.id = e.incident
     WHERE i.team_id = ? AND e.kind = 'told'`,
  ).bind(teamId);
  expect(await told.first('n')).toBe(count);
  await passMinutes(teamId);
  await sayAll(seeded, 'up');
  await hurry(teamId);
  await allSettled(teamId, 2 * count);
  const digests = (await received()).map(({ body }) => body);
  expect(digests).toMatchObject([
    { type: 'alert.digest', digest: { counts: { down: count }, stillDown: count } },
    { type: 'alert.digest', digest: { counts: { up: count }, stillDown: 0, id: digests[0]?.digest.id } },
  ]);
  expect(digests[0]?.digest.monitors).toHaveLength(20);
});

test('a digest that failed is tried again as it is, and what is refused can be sent again one by one', async () => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const seeded = await seedMany(teamId);
  const { url, received } = receiverFor({ does: 'answer', status: 503 });
  await seedWebhook(teamId, url);
  await sayAll(seeded, 'down');
  await hurry(teamId);
  const tried = (times: number) =>
    eventually(
      async () => (await deliveriesOf(teamId)).find(({ event }) => event === 'digest'),
      (digest) => digest?.tries === times && digest.state === 'waiting',
    );
  await tried(1);
  await hurry(teamId);
  await tried(2);
  const requests = await received();
  expect(requests).toHaveLength(2);
  expect(new Set(requests.map(({ headers, text }) => `${headers['webhook-id']} ${text}`)).size).toBe(1);
  await env.DB.prepare('UPDATE deliveries SET tried_since = 0 WHERE team_id = ?').bind(teamId).run();
  await hurry(teamId);
  await eventually(
    () => deliveriesOf(teamId),
    (all) => all.every(({ state }) => state === 'dead'),
  );
  const { data } = await bodyOf<Page<DeliveryView>>(await owner.get('/api/v1/deliveries?state=dead&limit=1'));
  const path = `/api/v1/deliveries/${encodeURIComponent(data[0]?.id ?? '')}/retry`;
  expect(await bodyOf<DeliveryView>(await owner.post(path))).toMatchObject({ state: 'waiting', digestOf: null });
});
