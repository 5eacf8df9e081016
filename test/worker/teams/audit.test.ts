import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { AuditEntryView, MonitorView, Page } from '../../../worker/contract/views.ts';
import { base, create, numberOf } from '../monitors/monitorApi.ts';
import { bodyOf, createClient, password, signUp } from '../support/client.ts';

let owner: Awaited<ReturnType<typeof signUp>>;
let monitor: MonitorView;

beforeAll(async () => {
  owner = await signUp();
});

beforeEach(async () => {
  for (const table of ['audit_entries', 'reclassifications']) await env.DB.exec(`DELETE FROM ${table}`);
  monitor = await create(owner, { name: 'The lighthouse', intervalSeconds: 3600, regions: ['weur'] });
  expect(await notified()).toEqual(['monitor.created']);
  await env.DB.exec('DELETE FROM audit_entries');
});

const trail = async (query = '') => (await bodyOf<Page<AuditEntryView>>(await owner.get(`/api/v1/audit${query}`))).data;
const path = () => `${base}/${monitor.id}`;
const notified = async (query = '') => (await trail(query)).map((entry) => entry.action).sort();

test('says who paused and resumed what, and when; what changed nothing is not in it', async () => {
  const before = Date.now();
  for (const verb of ['pause', 'pause', 'resume', 'resume']) await owner.post(`${path()}/${verb}`);
  const entries = await trail();
  expect(entries.map((entry) => entry.action).sort()).toEqual(['monitor.paused', 'monitor.resumed']);
  for (const entry of entries) {
    expect(entry.author).toEqual({ id: owner.user.id, email: owner.user.email });
    expect(entry.monitor).toEqual({ id: monitor.id, name: 'The lighthouse', deleted: false });
    expect(Date.parse(entry.at)).toBeGreaterThanOrEqual(before);
  }
});

test('of many simultaneous pauses one is recorded', async () => {
  await Promise.all(Array.from({ length: 6 }, () => owner.post(`${path()}/pause`)));
  expect(await notified()).toEqual(['monitor.paused']);
});

test('says why a time was reclassified, and that this was taken back', async () => {
  await env.DB.prepare('UPDATE monitors SET created_at = 0 WHERE id = ?').bind(monitor.id).run();
  const span = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T01:00:00.000Z' };
  const input = { ...span, as: 'maintenance', reason: 'Moved the database' };
  const { id } = await bodyOf<{ id: string }>(await owner.post(`${path()}/reclassifications`, input));
  await owner.post(`${path()}/reclassifications/${id}/revoke`);
  await owner.post(`${path()}/reclassifications/${id}/revoke`);
  expect(await notified()).toEqual(['reclassification.created', 'reclassification.revoked']);
  for (const entry of await trail())
    expect(entry).toMatchObject({ reason: input.reason, reclassification: { id, as: 'maintenance', ...span } });
});

test('says what of the policy changed, and of addresses and secrets only that they did', async () => {
  const change = {
    intervalSeconds: 30,
    settings: {
      url: 'http://127.0.0.1:9/?token=very-secret',
      headers: { authorization: 'Bearer very-secret' },
    },
    name: 'Renamed',
  };
  await owner.patch(path(), change);
  await owner.patch(path(), { name: 'Renamed again', tags: ['x'] });
  await owner.patch(path(), change);
  const entries = await trail();
  expect(entries.map((entry) => entry.changes)).toEqual([
    [{ field: 'intervalSeconds', from: 3600, to: 30 }, { field: 'url' }, { field: 'secrets' }],
  ]);
  expect(JSON.stringify(entries)).not.toContain('very-secret');
});

test('records a change of dependencies, in any order of the request', async () => {
  const [a, b] = [(await create(owner)).id, (await create(owner)).id];
  for (const dependsOn of [[b, a], [a, b, a], [b]]) await owner.patch(path(), { dependsOn });
  await owner.patch(`${base}/${a}`, { dependsOn: [a] });
  const changed = (await trail()).filter(({ action }) => action === 'monitor.changed');
  expect(changed.map((entry) => entry.changes)).toEqual([[{ field: 'dependsOn' }], [{ field: 'dependsOn' }]]);
});

test('says who resolved and reopened an incident by hand', async () => {
  await env.DB.prepare(
    `INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, reason, evidence)
     VALUES ('inc_1', ?1, ?2, ?3, ?3, 'status', '[]')`,
  )
    .bind(owner.team.id, await numberOf(monitor.id), Date.now() - 60_000)
    .run();
  const post = (verb: string) => owner.post(`/api/v1/incidents/inc_1/${verb}`);
  await Promise.all([post('resolve'), post('resolve')]);
  await post('reopen');
  await post('reopen');
  await post('acknowledge');
  expect(await notified()).toEqual(['incident.reopened', 'incident.resolved']);
  expect(await trail()).toMatchObject([{ incidentId: 'inc_1' }, { incidentId: 'inc_1' }]);
});

test('outlives the monitor, and still names it and finds what was done to it', async () => {
  await owner.post(`${path()}/pause`);
  const other = await create(owner, { name: 'Another', intervalSeconds: 3600, regions: ['weur'] });
  await owner.post(`${base}/${other.id}/pause`);
  await env.DB.prepare('UPDATE monitors SET created_at = 0 WHERE id = ?').bind(monitor.id).run();
  const input = { from: '2026-01-01T00:00:00Z', to: '2026-01-01T01:00:00Z', as: 'maintenance', reason: 'x' };
  await owner.post(`${path()}/reclassifications`, input);
  await owner.delete(path());
  expect(await env.DB.prepare('SELECT count(*) AS n FROM reclassifications').first('n')).toBe(0);
  const query = `?monitorId=${monitor.id}`;
  expect(await notified(query)).toEqual(['monitor.deleted', 'monitor.paused', 'reclassification.created']);
  for (const entry of await trail(query))
    expect(entry.monitor).toEqual({ id: monitor.id, name: 'The lighthouse', deleted: true });
});

const channelPath = '/api/v1/channels';
const hook = { kind: 'webhook', name: 'Ops', settings: { url: 'http://127.0.0.1:9/very-secret-path' } };

test('says who created, changed and deleted a channel, and of its settings only which changed', async () => {
  const { id } = await bodyOf<{ id: string }>(await owner.post(channelPath, hook));
  const change = {
    name: 'Operations',
    settings: { url: 'http://127.0.0.1:9/another-secret-path', headers: { authorization: 'Bearer very-secret' } },
  };
  for (const given of [change, change, { name: 'Operations' }]) await owner.patch(`${channelPath}/${id}`, given);
  const path = `${channelPath}/${id}`;
  const answers = await Promise.all([owner.delete(path), owner.delete(path), owner.delete(path)]);
  expect(answers.some(({ ok }) => ok)).toBe(true);
  const entries = (await trail()).filter(({ action }) => action.startsWith('channel.'));
  expect(entries.map(({ action }) => action).toSorted()).toEqual([
    'channel.changed',
    'channel.created',
    'channel.deleted',
  ]);
  for (const entry of entries) {
    expect(entry.author).toEqual({ id: owner.user.id, email: owner.user.email });
    expect(entry.monitor).toBeNull();
    expect(entry.subject).toMatchObject({ id, deleted: true });
  }
  expect(entries.find(({ action }) => action === 'channel.changed')?.changes).toEqual([
    { field: 'name', from: 'Ops', to: 'Operations' },
    { field: 'url' },
    { field: 'headers' },
  ]);
  expect(JSON.stringify(entries)).not.toMatch(/secret/);
});

test('says who created, changed and deleted an escalation policy', async () => {
  const channel = await bodyOf<{ id: string }>(await owner.post(channelPath, hook));
  const steps = [{ afterSeconds: 0, targets: [{ type: 'channel', id: channel.id }] }];
  const policy = await bodyOf<{ id: string }>(
    await owner.post('/api/v1/escalation-policies', { name: 'Nights', steps }),
  );
  await env.DB.exec('DELETE FROM audit_entries');
  const path = `/api/v1/escalation-policies/${policy.id}`;
  await owner.patch(path, { repeat: 2, steps: [{ ...steps[0], afterSeconds: 60 }], name: 'Nights' });
  await owner.patch(path, { repeat: 2 });
  expect(await trail()).toMatchObject([
    {
      action: 'policy.changed',
      subject: { id: policy.id, name: 'Nights', deleted: false },
      changes: [{ field: 'repeat', from: 0, to: 2 }, { field: 'steps' }],
    },
  ]);
  await owner.delete(path);
  await owner.delete(path);
  expect(await notified()).toEqual(['policy.changed', 'policy.deleted']);
});

test('says who planned, changed, ended and deleted maintenance', async () => {
  const wall = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 16);
  const window = { title: 'Move', startsAt: wall(-5), endsAt: wall(60), timeZone: 'UTC', allMonitors: true };
  const windows = '/api/v1/maintenance-windows';
  const { id } = await bodyOf<{ id: string }>(await owner.post(windows, window));
  await owner.patch(`${windows}/${id}`, { title: 'Move house' });
  await owner.patch(`${windows}/${id}`, { title: 'Move house' });
  await Promise.all([owner.post(`${windows}/${id}/end`), owner.post(`${windows}/${id}/end`)]);
  const planned = await bodyOf<{ id: string }>(await owner.post(windows, { ...window, startsAt: wall(30) }));
  await owner.delete(`${windows}/${planned.id}`);
  await owner.delete(`${windows}/${planned.id}`);
  const entries = await trail();
  const of = (wanted: string) => entries.filter(({ subject }) => subject?.id === wanted).map(({ action }) => action);
  expect(of(id).toSorted()).toEqual(['maintenance.changed', 'maintenance.created', 'maintenance.ended']);
  expect(of(planned.id).toSorted()).toEqual(['maintenance.created', 'maintenance.deleted']);
  expect(entries.find(({ action }) => action === 'maintenance.changed')).toMatchObject({
    subject: { name: 'Move', deleted: false },
    changes: [{ field: 'title', from: 'Move', to: 'Move house' }],
  });
});

test('a refused request is not in it', async () => {
  const before = await notified();
  await owner.post(channelPath, { ...hook, settings: {} });
  await owner.post('/api/v1/escalation-policies', { name: 'Nobody', steps: [] });
  await owner.delete('/api/v1/escalation-policies/default');
  const stranger = await signUp();
  const { id } = await bodyOf<{ id: string }>(await owner.post(channelPath, hook));
  await stranger.delete(`${channelPath}/${id}`);
  expect(await notified()).toEqual([...before, 'channel.created'].toSorted());
  expect(await bodyOf(await stranger.get('/api/v1/audit'))).toMatchObject({
    data: [{ action: 'team.created', author: { id: stranger.user.id } }],
    nextCursor: null,
  });
});

test('is paged, newest first, and hidden from everybody else', async () => {
  for (const verb of ['pause', 'resume', 'pause', 'resume', 'pause']) await owner.post(`${path()}/${verb}`);
  const page = async (cursor: string | null) =>
    bodyOf<Page<AuditEntryView>>(await owner.get(`/api/v1/audit?limit=2${cursor ? `&cursor=${cursor}` : ''}`));
  const all: AuditEntryView[] = [];
  let cursor: string | null = null;
  do {
    const { data, nextCursor }: Page<AuditEntryView> = await page(cursor);
    all.push(...data);
    cursor = nextCursor;
  } while (cursor);
  expect(all.length).toBe(5);
  expect(all.map((entry) => entry.at)).toEqual(
    all
      .map((entry) => entry.at)
      .toSorted()
      .reverse(),
  );
  const stranger = await signUp();
  expect(await bodyOf(await stranger.get('/api/v1/audit'))).toMatchObject({
    data: [{ action: 'team.created', author: { id: stranger.user.id } }],
    nextCursor: null,
  });
});

const pages = '/api/v1/status-pages';

test('says who created, changed and deleted a status page', async () => {
  const slug = `page-${crypto.randomUUID().slice(0, 8)}`;
  const input = { slug, name: 'Shop', monitorIds: [monitor.id] };
  const { id } = await bodyOf<{ id: string }>(await owner.post(pages, input));
  const change = { name: 'The shop', publicNames: { [monitor.id]: 'Checkout' } };
  await owner.patch(`${pages}/${id}`, change);
  await owner.patch(`${pages}/${id}`, change);
  await owner.delete(`${pages}/${id}`);
  await owner.delete(`${pages}/${id}`);
  const entries = (await trail()).filter(({ action }) => action.startsWith('status-page.'));
  expect(entries.map(({ action }) => action).toSorted()).toEqual([
    'status-page.changed',
    'status-page.created',
    'status-page.deleted',
  ]);
  for (const { subject, author } of entries)
    expect([subject?.id, subject?.deleted, author?.id]).toEqual([id, true, owner.user.id]);
  expect(entries.find(({ action }) => action === 'status-page.changed')?.changes).toEqual([
    { field: 'name', from: 'Shop', to: 'The shop' },
    { field: 'publicNames' },
  ]);
});

test('says who changed the settings of the team, once', async () => {
  for (let n = 0; n < 2; n++) await owner.patch('/api/v1/me/team', { timeZone: 'Asia/Tokyo' });
  const entries = (await trail()).filter(({ action }) => action === 'team.changed');
  expect(entries).toMatchObject([
    { subject: { id: owner.team.id, deleted: false }, changes: [{ field: 'timeZone', to: 'Asia/Tokyo' }] },
  ]);
});

const signIns = async () => (await trail()).filter(({ action }) => action.startsWith('sign-'));
const auth = (name: string) => `/api/v1/auth/${name}`;

test('records sign-ins with their network and whether it was known, and sign-outs', async () => {
  const { email } = owner.user;
  const signIn = { email, password };
  const client = createClient('203.0.113.5');
  await client.post(auth('signin'), signIn);
  await createClient('203.0.113.5').post(auth('signin'), signIn);
  await client.post(auth('signout'));
  await client.post(auth('signout'));
  const entries = await signIns();
  expect(entries.map(({ action }) => action).toSorted()).toEqual([
    'sign-in.succeeded',
    'sign-in.succeeded',
    'sign-out.here',
  ]);
  const succeeded = entries.filter(({ action }) => action === 'sign-in.succeeded').map((entry) => entry.signIn);
  expect(succeeded).toContainEqual({ network: '203.0.113.5', isKnown: false, attempts: null });
  expect(succeeded).toContainEqual({ network: '203.0.113.5', isKnown: true, attempts: null });
  await owner.post(`${auth('signout')}?everywhere=true`);
  await owner.post(auth('signin'), signIn);
  expect((await signIns()).map(({ action }) => action)).toContain('sign-out.everywhere');
});

test('failed sign-ins are one entry an hour, however many there are, and none for what is refused unread', async () => {
  const hour = () => Math.floor(Date.now() / 3_600_000);
  const before = hour();
  for (let n = 0; n < 70; n++)
    await createClient().post(auth('signin'), { email: owner.user.email, password: 'wrong' });
  const failed = (await signIns()).filter(({ action }) => action === 'sign-in.failed');
  expect(failed.length).toBeLessThanOrEqual(1 + hour() - before);
  expect(failed.length).toBeGreaterThan(0);
  const attempts = failed.reduce((sum, { signIn }) => sum + (signIn?.attempts ?? 0), 0);
  expect(attempts).toBeGreaterThanOrEqual(60);
  expect(attempts).toBeLessThanOrEqual(60 * failed.length);
});
