import { expect, test } from 'vitest';
import { type Client, createClient, signUp } from './client.ts';
import { services } from './seed.ts';

const exhaust = async (key: string) => {
  for (let allowed = true; allowed; ) allowed = (await services.apiLimit.limit({ key })).success;
};

test.for<[what: string, ask: (client: Client) => Promise<Response>, status: number]>([
  ['health', (client) => client.get('/healthz'), 200],
  ['a status page', (client) => client.get('/status/none-such'), 404],
  ['a refresh', (client) => client.post('/api/v1/auth/refresh'), 401],
  ['a sign-out', (client) => client.post('/api/v1/auth/signout'), 204],
])('who need not sign in is limited by address: %s', async ([, ask, status]) => {
  await exhaust('visit:192.0.2.7');
  expect((await ask(createClient('192.0.2.7'))).status).toBe(429);
  expect((await ask(createClient('192.0.2.8'))).status).toBe(status);
});

test('opening sockets again and again is limited by user', async () => {
  const client = await signUp();
  const open = () => client.get('/api/v1/live', { headers: { upgrade: 'websocket' } });
  expect((await open()).status).toBe(101);
  await exhaust(client.user.id);
  expect((await open()).status).toBe(429);
});
