import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { IncidentDetailView, LiveEvent, MonitorView } from '../../../worker/contract/views.ts';
import { create, numberOf, problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, type Client, createClient, password, signUp } from '../support/client.ts';

const base = '/api/v1/incidents';
const hourMs = 3_600_000;
let owner: Awaited<ReturnType<typeof signUp>>;
let stranger: Client;
let monitor: MonitorView;
let id: string;
let count = 0;

const insert = async (startedAt: number, endedAt: number | null = null) => {
  const incidentId = `inc_${++count}`;
  await env.DB.prepare(
    `INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, ended_at, resolved_at, reason, evidence)
     VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?5, 'status', '[]')`,
  )
    .bind(incidentId, owner.team.id, await numberOf(monitor.id), startedAt, endedAt)
    .run();
  return incidentId;
};

beforeAll(async () => {
  owner = await signUp();
  stranger = await signUp();
  monitor = await create(owner, { intervalSeconds: 3600, regions: ['weur'] });
});

beforeEach(async () => {
  await env.DB.prepare('DELETE FROM incidents').run();
  id = await insert(Date.now() - hourMs);
});

const read = async (incident = id) => bodyOf<IncidentDetailView>(await owner.get(`${base}/${incident}`));
const post = (verb: string, body?: unknown, client: Client = owner) => client.post(`${base}/${id}/${verb}`, body);
const done = async (verb: string, body?: unknown) => {
  const response = await post(verb, body);
  expect([200, 201]).toContain(response.status);
  return bodyOf<IncidentDetailView>(response);
};
const kinds = ({ timeline }: IncidentDetailView) => timeline.map((event) => event.kind);
const anotherOf = async (account: { user: { email: string } }) => {
  const client = createClient();
  await client.post('/api/v1/auth/signin', { email: account.user.email, password });
  return client;
};

test('says who acknowledged and when, and acknowledging again changes nothing', async () => {
  const first = await done('acknowledge');
  expect(first.acknowledgedAt).not.toBeNull();
  expect(first.timeline).toEqual([
    {
      id: expect.any(String),
      kind: 'acknowledged',
      at: first.acknowledgedAt,
      author: { id: owner.user.id, email: owner.user.email },
      through: null,
    },
  ]);
  expect(await done('acknowledge')).toEqual(first);
});

test('of many simultaneous acknowledgements one is notified', async () => {
  const windows = [owner, await anotherOf(owner), await anotherOf(owner)];
  const answers = await Promise.all([...windows, ...windows].map((client) => post('acknowledge', undefined, client)));
  expect(answers.map((answer) => answer.status)).toEqual(Array(6).fill(200));
  expect(kinds(await read())).toEqual(['acknowledged']);
});

test('an incident that is over cannot be acknowledged any more', async () => {
  await done('resolve');
  expect(await problemOf(await post('acknowledge'))).toMatchObject({ status: 409, code: 'conflict' });
});

test('keeps comments in their order with their author, and as they were written', async () => {
  await done('comments', { text: '  Looking into it.  ' });
  const response = await post('comments', { text: '<script>alert(1)</script>\n**bold**' });
  expect(response.status).toBe(201);
  expect((await read()).timeline).toMatchObject([
    { kind: 'comment', text: 'Looking into it.', author: { email: owner.user.email } },
    { kind: 'comment', text: '<script>alert(1)</script>\n**bold**' },
  ]);
});

test('comments at the same moment are all kept', async () => {
  const texts = Array.from({ length: 8 }, (_, i) => `comment ${i}`);
  await Promise.all(texts.map((text) => done('comments', { text })));
  const { timeline } = await read();
  expect(timeline.map((event) => event.kind === 'comment' && event.text).sort()).toEqual(texts);
});

test.each<[what: string, body: unknown, status: number, path: string | undefined]>([
  ['nothing', {}, 400, 'text'],
  ['blanks', { text: ' \n ' }, 400, 'text'],
  ['one sign too many', { text: 'x'.repeat(4_001) }, 400, 'text'],
  ['a number', { text: 5 }, 400, 'text'],
  ['a megabyte', { text: 'x'.repeat(1024 * 1024) }, 413, undefined],
])('a comment of %s is refused with what is wrong', async (_, body, status, path) => {
  const problem = await problemOf(await post('comments', body));
  expect([problem.status, problem.errors[0]?.path]).toEqual([status, path]);
  expect(kinds(await read())).toEqual([]);
});

test('a comment of a megabyte is answered with what to do, however it is sent', async () => {
  const text = JSON.stringify({ text: 'x'.repeat(1024 * 1024) });
  const streamed = new Blob([text]).stream();
  for (const rawBody of [text, streamed]) {
    const headers = { 'content-type': 'application/json' };
    const response = await owner.post(`${base}/${id}/comments`, undefined, { rawBody, headers });
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await bodyOf(response)).toMatchObject({ status: 413, detail: expect.stringContaining('Shorten') });
  }
});

test('an incident takes 500 comments and says so at the next', async () => {
  await env.DB.prepare(
    `INSERT INTO incident_events (incident, at, kind, key, detail)
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
     SELECT ?1, i, 'comment', 'cmt_' || i, '{"text":"x"}' FROM n`,
  )
    .bind(id)
    .run();
  expect(await problemOf(await post('comments', { text: 'one more' }))).toMatchObject({ status: 409 });
});

test('resolving closes the incident as of now, and once', async () => {
  const before = Date.now();
  const resolved = await done('resolve');
  expect(resolved.state).toBe('resolved');
  expect(Date.parse(resolved.endedAt ?? '')).toBeGreaterThanOrEqual(before);
  expect(resolved.resolvedAt).toBe(resolved.endedAt);
  expect(await done('resolve')).toEqual(resolved);
  await Promise.all([done('resolve'), done('resolve')]);
  expect(kinds(await read())).toEqual(['resolved']);
});

test('reopening within 24 hours opens it again, to be acknowledged again', async () => {
  await done('acknowledge');
  await done('resolve');
  const reopened = await done('reopen');
  expect(reopened).toMatchObject({ state: 'open', endedAt: null, resolvedAt: null, acknowledgedAt: null });
  expect(await done('reopen')).toEqual(reopened);
  await done('acknowledge');
  expect(kinds(await read()).sort()).toEqual(['acknowledged', 'acknowledged', 'reopened', 'resolved']);
});

test('an incident that ended more than 24 hours ago stays closed', async () => {
  await done('resolve');
  id = await insert(Date.now() - 48 * hourMs, Date.now() - 24 * hourMs - 1_000);
  const response = await post('reopen');
  expect(response.status).toBe(409);
  expect((await bodyOf<{ detail: string }>(response)).detail).toContain('24 hours');
});

test('when two incidents of a monitor are reopened at once, one is open', async () => {
  await done('resolve');
  const ids = [id, await insert(Date.now() - hourMs, Date.now() - 1_000)];
  const answers = await Promise.all(ids.map((one) => owner.post(`${base}/${one}/reopen`)));
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
  const refused = answers.find((answer) => answer.status === 409) as Response;
  expect((await bodyOf<{ detail: string }>(refused)).detail).toContain('already has an open incident');
});

test('cause and post-mortem are kept as written, and their changes recorded with their author', async () => {
  const postMortem = '# What happened\n<script>alert(1)</script>\n[x](javascript:alert(1))';
  const patch = (body: unknown) => owner.patch(`${base}/${id}`, body);
  expect(await bodyOf(await patch({ cause: 'A bad deployment', postMortem }))).toMatchObject({
    cause: 'A bad deployment',
    postMortem,
  });
  await patch({ cause: 'A bad deployment' });
  expect(await bodyOf(await patch({ cause: ' ' }))).toMatchObject({ cause: null, postMortem });
  const { timeline } = await read();
  expect(timeline.map((event) => [event.kind, event.author?.id, event.kind === 'cause' && event.text])).toEqual([
    ['cause', owner.user.id, 'A bad deployment'],
    ['post-mortem', owner.user.id, false],
    ['cause', owner.user.id, null],
  ]);
});

test('the second of two writers from the same version is refused, and nothing of theirs is written', async () => {
  const patch = (body: unknown) => owner.patch(`${base}/${id}`, body);
  const describedAt = (await read()).describedAt;
  expect(describedAt).toBeNull();
  const first = await bodyOf<IncidentDetailView>(await patch({ cause: 'A bad deployment', describedAt }));
  const second = await patch({ cause: 'The weather', postMortem: 'It rained.', describedAt });
  expect(second.status).toBe(409);
  expect((await bodyOf<{ detail: string }>(second)).detail).toContain('Another user changed');
  expect(await read()).toEqual(first);
  const again = await patch({ cause: 'The weather', describedAt: first.describedAt });
  expect(await bodyOf(again)).toMatchObject({ cause: 'The weather' });
  expect((await read()).timeline).toHaveLength(2);
});

test.each<[what: string, body: unknown, path: string]>([
  ['a post-mortem of more than 20,000 signs', { postMortem: 'x'.repeat(20_001) }, 'postMortem'],
  ['a cause of more than 500 signs', { cause: 'x'.repeat(501) }, 'cause'],
  ['nothing at all', {}, ''],
  ['a field that there is not', { reason: 'ok' }, 'reason'],
])('refuses %s', async (_, body, path) => {
  const problem = await problemOf(await owner.patch(`${base}/${id}`, body));
  expect([problem.status, problem.errors[0]?.path]).toEqual([400, path]);
});

test('takes a post-mortem of 20,000 signs of any language', async () => {
  expect((await owner.patch(`${base}/${id}`, { postMortem: '海'.repeat(20_000) })).status).toBe(200);
});

test('nobody does anything to an incident of another team', async () => {
  const answers = await Promise.all([
    stranger.get(`${base}/${id}`),
    stranger.patch(`${base}/${id}`, { cause: 'x' }),
    ...['acknowledge', 'resolve', 'reopen'].map((verb) => post(verb, undefined, stranger)),
    post('comments', { text: 'x' }, stranger),
  ]);
  expect(answers.map((answer) => answer.status)).toEqual(Array(6).fill(404));
  expect(await read()).toMatchObject({ state: 'open', acknowledgedAt: null, cause: null, timeline: [] });
});

test('open dashboards get an event for each change, and none without a change', async () => {
  const socket = (await owner.get('/api/v1/live', { headers: { upgrade: 'websocket' } })).webSocket as WebSocket;
  const heard: string[] = [];
  socket.accept();
  socket.addEventListener('message', ({ data }) => {
    const event = JSON.parse(String(data)) as LiveEvent;
    if (event.type === 'incident' && event.incidentId === id) heard.push(event.state);
  });
  await done('acknowledge');
  await done('acknowledge');
  await done('comments', { text: 'x' });
  await done('resolve');
  await done('resolve');
  await done('reopen');
  await owner.patch(`${base}/${id}`, { cause: 'x' });
  await expect.poll(() => heard).toEqual(['open', 'open', 'resolved', 'open', 'open']);
  socket.close();
});

test('the incident of a paused monitor stays open, and says who paused and resumed it', async () => {
  await owner.post(`/api/v1/monitors/${monitor.id}/pause`);
  const { pausedAt, ...resting } = await read();
  expect(resting).toMatchObject({ state: 'open', paused: true, endedAt: null });
  expect(Math.abs(Date.parse(pausedAt ?? '') - Date.now())).toBeLessThan(60_000);
  await owner.post(`/api/v1/monitors/${monitor.id}/resume`);
  const { state, paused, pausedAt: restsSince, timeline } = await read();
  expect([state, paused, restsSince]).toEqual(['open', false, null]);
  const author = { id: owner.user.id };
  expect(timeline).toMatchObject([
    { kind: 'paused', author },
    { kind: 'resumed', author },
  ]);
});

test('a monitor that is deleted takes its incidents and their timelines with it', async () => {
  await done('comments', { text: 'x' });
  expect((await owner.delete(`/api/v1/monitors/${monitor.id}`)).status).toBe(204);
  expect(await env.DB.prepare('SELECT count(*) AS n FROM incident_events').first('n')).toBe(0);
  expect((await owner.get(`${base}/${id}`)).status).toBe(404);
});
