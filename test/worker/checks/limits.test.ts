import { expect, test } from 'vitest';
import { base, create, url } from '../monitors/monitorApi.ts';
import { type Client, createClient, signUp } from '../support/client.ts';
import { eventually, services } from '../support/seed.ts';

const exhaust = async (key: string, limiter = services.apiLimit) => {
  for (let allowed = true; allowed; ) allowed = (await limiter.limit({ key })).success;
};

test.for<[what: string, ask: (client: Client) => Promise<Response>, status: number]>([
  ['health', (client) => client.get('/healthz'), 200],
  ['a status page', (client) => client.get('/status/none-such'), 404],
  ['the regions', (client) => client.get('/api/v1/regions'), 200],
  ['a refresh', (client) => client.post('/api/v1/auth/refresh'), 401],
  ['a sign-out', (client) => client.post('/api/v1/auth/signout'), 204],
])('requests without a session are limited by address: %s', async ([, ask, status]) => {
  await exhaust('visit:192.0.2.7');
  expect((await ask(createClient('192.0.2.7'))).status).toBe(429);
  expect((await ask(createClient('192.0.2.8'))).status).toBe(status);
});

test('a monitor is checked on demand only so often, by demand or by changes', async () => {
  const client = await signUp();
  const key = crypto.randomUUID();
  const { id } = await create(client, { url: `${url}/?key=${key}`, regions: ['weur'], intervalSeconds: 3600 });
  const looks = async () => (await (await fetch(`${url}/requests?key=${key}`)).json<number[]>()).length;
  await eventually(looks, (count) => count > 0);
  await exhaust(id, services.lookLimit);
  const before = await looks();
  expect((await client.post(`${base}/${id}/check`)).status).toBe(429);
  expect((await client.patch(`${base}/${id}`, { timeoutMs: 5_000 })).status).toBe(200);
  // Another monitor is looked at after that, so this one would have been as well.
  const otherKey = crypto.randomUUID();
  await create(client, { url: `${url}/?key=${otherKey}`, regions: ['weur'], intervalSeconds: 3600 });
  await eventually(
    async () => (await (await fetch(`${url}/requests?key=${otherKey}`)).json<number[]>()).length,
    (count) => count > 0,
  );
  expect(await looks()).toBe(before);
});

test('opening sockets again and again is limited by user', async () => {
  const client = await signUp();
  const open = () => client.get('/api/v1/live', { headers: { upgrade: 'websocket' } });
  expect((await open()).status).toBe(101);
  await exhaust(client.user.id);
  expect((await open()).status).toBe(429);
});
