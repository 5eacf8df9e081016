import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, inject, test, vi } from 'vitest';
import { refreshSession } from '../../../worker/commands/teams/refreshSession.ts';
import type { LiveEvent, MonitorView } from '../../../worker/contract/views.ts';
import { Feed } from '../../../worker/objects/feed.ts';
import { httpMonitor } from '../../httpMonitor.ts';
import { seedMonitor } from '../channels/alerting.ts';
import { type Client, createClient, password, signUp } from '../support/client.ts';
import { eventually, services } from '../support/seed.ts';
import { asVisitor } from '../support/visitor.ts';
import { say } from '../verdicts/judged.ts';

const upgrade = (client: Client, headers: Record<string, string> = {}) =>
  client.get('/api/v1/live', { headers: { upgrade: 'websocket', ...headers } });

const open = async (client: Client) => {
  const { webSocket: socket } = await upgrade(client);
  if (!socket) throw new Error('No socket was opened.');
  const texts: string[] = [];
  const closes: number[] = [];
  socket.accept();
  socket.addEventListener('message', (message) => void texts.push(String(message.data)));
  socket.addEventListener('close', (close) => void closes.push(close.code));
  const events = () => texts.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text) as LiveEvent);
  return { socket, texts, events, closes };
};

const ticksOf = (events: readonly LiveEvent[]) =>
  events.flatMap((event) => (event.type === 'ticks' ? event.ticks : []));

test('an open dashboard is pushed the first results and the verdict of a monitor that was just added', async () => {
  const client = await signUp();
  const { events } = await open(client);
  const created = await client.post(
    '/api/v1/monitors',
    httpMonitor({ url: `${inject('target')}/`, regions: ['weur', 'enam'] }),
  );
  const { id } = await created.json<MonitorView>();
  const seen = await eventually(
    async () => events(),
    // The verdict may be pushed before the tick that made it.
    (list) => list.some((e) => e.type === 'verdict' && e.verdict === 'up') && ticksOf(list).length >= 2,
  );
  expect(
    ticksOf(seen)
      .map((tick) => [tick.monitorId, tick.outcome, tick.region])
      .sort(),
  ).toEqual([
    [id, 'up', 'enam'],
    [id, 'up', 'weur'],
  ]);
  expect(seen.some((event) => event.type === 'monitors-changed')).toBe(true);
});

test('a decision is pushed while somebody watches, and costs nothing while nobody does', async () => {
  const client = await signUp();
  const seeded = await seedMonitor(client.team.id);
  const publish = vi.spyOn(Feed.prototype, 'publish');
  await say(seeded, 0, 'down');
  const verdicts = () => publish.mock.calls.filter(([event]) => event.type === 'verdict').length;
  expect(verdicts()).toBe(0);
  const { events } = await open(client);
  await say(seeded, 0, 'up');
  expect(verdicts()).toBe(1);
  await eventually(
    async () => events(),
    (list) => list.some((event) => event.type === 'verdict' && event.verdict === 'up'),
  );
  publish.mockRestore();
});

test('another team is pushed nothing of it', async () => {
  const [mine, theirs] = [await signUp(), await signUp()];
  const [watching, seeing] = [await open(theirs), await open(mine)];
  await mine.post('/api/v1/monitors', httpMonitor({ url: `${inject('target')}/` }));
  await eventually(
    async () => seeing.events(),
    (list) => list.some((event) => event.type === 'ticks'),
  );
  expect(watching.texts).toEqual([]);
});

test('a ping is answered, also after the object was evicted', async () => {
  const client = await signUp();
  const { socket, texts: received } = await open(client);
  await evictDurableObject(services.feed(client.team.id));
  socket.send('ping');
  await eventually(
    async () => received,
    (texts) => texts.includes('pong'),
  );
});

const closed = (closes: readonly number[]) =>
  eventually(
    async () => closes,
    (codes) => codes.includes(4401),
  );

test('the socket of a session that was signed out is closed at once, and no other', async () => {
  const client = await signUp();
  const other = createClient();
  await other.post('/api/v1/auth/signin', { email: client.user.email, password });
  const [left, staying] = [await open(client), await open(other)];
  await client.post('/api/v1/auth/signout');
  await closed(left.closes);
  await services.feed(client.team.id).publish({ type: 'monitors-changed' });
  await eventually(
    async () => staying.events(),
    (events) => events.length > 0,
  );
  expect([left.events(), staying.closes]).toEqual([[], []]);
});

test('signing out everywhere closes the sockets of all sessions at once, also after the object was evicted', async () => {
  const client = await signUp();
  const other = createClient();
  await other.post('/api/v1/auth/signin', { email: client.user.email, password });
  const sockets = [await open(client), await open(other)];
  await evictDurableObject(services.feed(client.team.id));
  await client.post('/api/v1/auth/signout?everywhere=true');
  for (const { closes } of sockets) await closed(closes);
});

test('a stolen refresh token that ends the session closes its socket', async () => {
  const client = await signUp();
  const { closes } = await open(client);
  const stolen = client.jar.get('__Host-pharos_refresh')?.value ?? '';
  for (let n = 0; n < 2; n++) await client.post('/api/v1/auth/refresh');
  await expect(refreshSession(asVisitor(services), { refreshToken: stolen })).rejects.toMatchObject({
    code: 'session_ended',
  });
  await closed(closes);
});

test('a session that ends while its socket is being opened leaves no socket', async () => {
  const client = await signUp();
  const sessionId = client.jar.get('__Host-pharos_refresh')?.value.split('.')[0] ?? '';
  await env.DB.prepare('DELETE FROM sessions WHERE id = ?').bind(sessionId).run();
  // As the API hands it on when it has checked the session a moment before.
  const headers = {
    ...{ upgrade: 'websocket', 'x-pharos-socket-limit': '10' },
    ...{ 'x-pharos-session': sessionId, 'x-pharos-team': client.team.id },
  };
  const { webSocket } = await services.feed(client.team.id).fetch('http://feed/', { headers });
  const closes: number[] = [];
  webSocket?.accept();
  webSocket?.addEventListener('close', ({ code }) => void closes.push(code));
  await closed(closes);
});

test('a socket is closed when its session expires', async () => {
  const client = await signUp();
  const { closes } = await open(client);
  const feed = services.feed(client.team.id);
  const soon = Date.now() + 2_000;
  await env.DB.prepare('UPDATE sessions SET expires_at = ?2 WHERE user_id = ?1').bind(client.user.id, soon).run();
  await runDurableObjectAlarm(feed);
  const alarm = await runInDurableObject(feed, (_, { storage }) => storage.getAlarm());
  expect(alarm).toBe(soon);
  await closed(closes);
});

test('the socket of somebody who was taken out of the team is closed', async () => {
  const client = await signUp();
  const { closes } = await open(client);
  await env.DB.prepare('DELETE FROM members WHERE user_id = ?').bind(client.user.id).run();
  await runDurableObjectAlarm(services.feed(client.team.id));
  await eventually(
    async () => closes,
    (codes) => codes.includes(4401),
  );
});

test('a database that fails for a moment does not end the watching', async () => {
  const client = await signUp();
  await open(client);
  await env.DB.prepare('ALTER TABLE teams RENAME TO teams_away').run();
  await runDurableObjectAlarm(services.feed(client.team.id));
  await env.DB.prepare('ALTER TABLE teams_away RENAME TO teams').run();
  const alarm = await runInDurableObject(services.feed(client.team.id), (_, { storage }) => storage.getAlarm());
  expect(alarm).toBeGreaterThan(Date.now());
});

test('a socket that could not be opened because the database failed takes no place of the limit', async () => {
  const client = await signUp();
  const feed = services.feed(client.team.id);
  await env.DB.prepare('ALTER TABLE teams RENAME TO teams_away').run();
  const { status } = await upgrade(client);
  await env.DB.prepare('ALTER TABLE teams_away RENAME TO teams').run();
  expect([status, await feed.countSockets()]).toEqual([500, 0]);
});

test('a message of a dashboard other than its ping has no effect', async () => {
  const client = await signUp();
  const { socket, texts, closes } = await open(client);
  for (const nonsense of ['{"type":"ticks"}', 'x'.repeat(1_000), new Uint8Array(3)]) socket.send(nonsense);
  socket.send('ping');
  await eventually(
    async () => texts,
    (list) => list.includes('pong'),
  );
  expect([texts, closes]).toEqual([['pong'], []]);
});

test.for<[what: string, messages: (string | Uint8Array)[], code: number]>([
  ['a message of 900 kB', ['x'.repeat(900_000)], 1009],
  ['bytes that are too many', [new Uint8Array(1_025)], 1009],
  ['2,000 messages', Array.from({ length: 2_000 }, () => 'x'.repeat(1_000)), 1008],
])('a socket that sends %s is closed, and others stay', async ([, messages, code]) => {
  const client = await signUp();
  const [loud, quiet] = [await open(client), await open(client)];
  for (const message of messages) loud.socket.send(message);
  await eventually(
    async () => loud.closes,
    (closes) => closes.length > 0,
  );
  quiet.socket.send('ping');
  await eventually(
    async () => quiet.texts,
    (list) => list.includes('pong'),
  );
  expect([loud.closes, quiet.closes]).toEqual([[code], []]);
});

test('nobody gets a socket without a session, or from a page of another origin', async () => {
  const client = await signUp();
  expect((await upgrade(client, { cookie: '' })).status).toBe(401);
  expect((await upgrade(client, { origin: 'https://evil.example' })).status).toBe(403);
  const plain = await client.get('/api/v1/live');
  expect(plain.status).toBe(400);
});
