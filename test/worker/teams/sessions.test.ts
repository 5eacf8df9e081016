import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { AuditEntryView, SessionView } from '../../../worker/contract/views.ts';
import { bodyOf, createClient, newEmail, password, signUp } from '../support/client.ts';

const list = async (client: { get: (path: string) => Promise<Response> }) => {
  const response = await client.get('/api/v1/me/sessions');
  expect(response.status).toBe(200);
  return (await bodyOf<{ data: SessionView[] }>(response)).data;
};
const actionsOf = async (client: { get: (path: string) => Promise<Response> }) =>
  (await bodyOf<{ data: AuditEntryView[] }>(await client.get('/api/v1/audit'))).data.map(({ action }) => action);
const isIn = async (client: { get: (path: string) => Promise<Response> }) => (await client.get('/api/v1/me')).status;

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** A person with a session in each of these networks, and the client of each. */
const signInFrom = async (networks: readonly string[]) => {
  const email = newEmail();
  const first = createClient(networks[0]);
  const signedUp = await first.post('/api/v1/auth/signup', { email, password }, { headers: { 'user-agent': firefox } });
  expect(signedUp.status).toBe(201);
  const clients = [first];
  for (const network of networks.slice(1)) {
    const client = createClient(network);
    const { status } = await client.post('/api/v1/auth/signin', { email, password });
    expect(status).toBe(200);
    clients.push(client);
  }
  return clients as [typeof first, ...(typeof first)[]];
};

test('lists where a person is signed in, with network, browser and times, and which one asks', async () => {
  const [first, second] = await signInFrom(['203.0.113.7', '2001:db8::7']);
  const sessions = await list(first);
  expect(sessions).toHaveLength(2);
  const [own, other] = [sessions.find(({ isCurrent }) => isCurrent), sessions.find(({ isCurrent }) => !isCurrent)];
  expect(own).toMatchObject({ network: '203.0.113.7', userAgent: firefox });
  expect(other).toMatchObject({ network: '2001:db8::', userAgent: null });
  expect(Object.keys(own ?? {}).toSorted()).toEqual(
    ['createdAt', 'expiresAt', 'id', 'isCurrent', 'network', 'usedAt', 'userAgent'].toSorted(),
  );
  expect(own?.usedAt).toBe(own?.createdAt);
  expect(Date.parse(own?.expiresAt ?? '') - Date.parse(own?.createdAt ?? '')).toBe(30 * 24 * 3_600_000);
  expect((await list(second as typeof first)).find(({ isCurrent }) => isCurrent)?.id).toBe(other?.id);
});

test('a renewal says from where the session is used now, and a client without a name is unknown', async () => {
  const [client] = await signInFrom(['203.0.113.8']);
  const moved = createClient('198.51.100.9');
  for (const [name, cookie] of client.jar) moved.jar.set(name, cookie);
  const long = `curl/8.10.1 ${'x'.repeat(500)}`;
  await moved.post('/api/v1/auth/refresh', undefined, { headers: { 'user-agent': long } });
  expect(await list(moved)).toMatchObject([{ network: '198.51.100.9', userAgent: long.slice(0, 300) }]);
  await moved.post('/api/v1/auth/refresh');
  expect(await list(moved)).toMatchObject([{ network: '198.51.100.9', userAgent: null }]);
});

test('a session from before networks were kept is listed without', async () => {
  const client = await signUp();
  await env.DB.prepare('UPDATE sessions SET network = NULL, user_agent = NULL WHERE user_id = ?')
    .bind(client.user.id)
    .run();
  expect(await list(client)).toMatchObject([{ isCurrent: true, network: null, userAgent: null }]);
});

test('one session is signed out at once, and the others stay', async () => {
  const [first, second, third] = await signInFrom(['203.0.113.1', '203.0.113.2', '203.0.113.3']);
  const id = (await list(first)).find(({ network }) => network === '203.0.113.2')?.id;
  expect((await first.delete(`/api/v1/me/sessions/${id}`)).status).toBe(204);
  expect([await isIn(first), await isIn(second as typeof first), await isIn(third as typeof first)]).toEqual([
    200, 401, 200,
  ]);
  expect((await (second as typeof first).post('/api/v1/auth/refresh')).status).toBe(401);
  expect((await first.delete(`/api/v1/me/sessions/${id}`)).status).toBe(404);
  expect((await actionsOf(first)).filter((action) => action === 'sign-out.other')).toHaveLength(1);
});

test('all others are signed out together; a second time changes and records nothing', async () => {
  const [first, second, third] = await signInFrom(['203.0.113.1', '203.0.113.2', '203.0.113.3']);
  for (let n = 0; n < 2; n++) expect((await first.delete('/api/v1/me/sessions')).status).toBe(204);
  expect([await isIn(first), await isIn(second as typeof first), await isIn(third as typeof first)]).toEqual([
    200, 401, 401,
  ]);
  expect(await list(first)).toHaveLength(1);
  expect((await actionsOf(first)).filter((action) => action === 'sign-out.others')).toHaveLength(1);
});

test('a session can end itself, as signing out does', async () => {
  const [first, second] = await signInFrom(['203.0.113.1', '203.0.113.2']);
  const id = (await list(first)).find(({ isCurrent }) => isCurrent)?.id;
  expect((await first.delete(`/api/v1/me/sessions/${id}`)).status).toBe(204);
  expect(await isIn(first)).toBe(401);
  expect(await actionsOf(second as typeof first)).toContain('sign-out.here');
});

test('a session of somebody else is none, and stays', async () => {
  const [[mine], [theirs]] = [await signInFrom(['203.0.113.1']), await signInFrom(['203.0.113.2'])];
  const [{ id }] = (await list(theirs)) as [SessionView];
  expect((await mine.delete(`/api/v1/me/sessions/${id}`)).status).toBe(404);
  expect((await mine.delete('/api/v1/me/sessions')).status).toBe(204);
  expect(await isIn(theirs)).toBe(200);
});

test('a sign-in beyond a hundred sessions ends the session that was used longest ago', async () => {
  const client = await signUp();
  const now = Date.now();
  // As 99 other sign-ins left them, all used before the client's own.
  await env.DB.prepare(
    `INSERT INTO sessions (id, user_id, refresh_hash, rotated_at, created_at, expires_at)
     SELECT 'ses_' || value || ?1, ?1, 'hash', ?2 - value * 1000, ?2 - value * 1000, ?2 + 86400000
     FROM json_each((SELECT json_group_array(n) FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 99) SELECT n FROM c)))`,
  )
    .bind(client.user.id, now)
    .run();
  expect(await list(client)).toHaveLength(100);
  const later = createClient();
  await later.post('/api/v1/auth/signin', { email: client.user.email, password });
  const ids = (await list(later)).map(({ id }) => id);
  expect(ids).toHaveLength(100);
  expect(ids).not.toContain(`ses_99${client.user.id}`);
  expect(ids).toContain(`ses_98${client.user.id}`);
  expect(await isIn(client)).toBe(200);
});
