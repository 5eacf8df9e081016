import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type {
  HistoryView,
  IncidentDetailView,
  LiveEvent,
  MonitorDetailView,
  MonitorView,
  Page,
  ReclassificationPreview,
  ReclassificationView,
  UptimeView,
} from '../../../worker/contract/views.ts';
import { base, create, numberOf, problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, type Client, signUp } from '../support/client.ts';

const hour = 3_600_000;
const minute = 60_000;
/** Some minutes ago, so that no reclassified time lies in the future. */
const now = Math.floor(Date.now() / minute) * minute - 5 * minute;
const at = (ms: number) => new Date(ms).toISOString();

let owner: Awaited<ReturnType<typeof signUp>>;
let stranger: Client;
let monitor: MonitorView;
let number: number;

/** Down from four to three hours ago, otherwise up, since 20 hours; checked all the time. */
beforeAll(async () => {
  owner = await signUp();
  stranger = await signUp();
  monitor = await create(owner, { intervalSeconds: 3600, regions: ['weur'] });
  number = await numberOf(monitor.id);
  await owner.post(`${base}/${monitor.id}/pause`);
  await env.DB.prepare('UPDATE monitors SET created_at = ? WHERE number = ?')
    .bind(now - 20 * hour, number)
    .run();
  const minutes = Array.from({ length: 21 * 60 + 10 }, (_, i) => now - 21 * hour + i * minute);
  await env.DB.batch([
    env.DB.prepare('DELETE FROM verdict_changes'),
    env.DB.prepare(
      `INSERT OR IGNORE INTO dispatches (minute, claimed_at, finished_at) SELECT value, value, value FROM json_each(?)`,
    ).bind(JSON.stringify(minutes)),
    ...(
      [
        [now - 20 * hour, 'up'],
        [now - 4 * hour, 'down'],
        [now - 3 * hour, 'up'],
      ] as const
    ).map(([since, verdict]) =>
      env.DB.prepare('INSERT INTO verdict_changes (monitor, since, at, verdict) VALUES (?1, ?2, ?2, ?3)').bind(
        number,
        since,
        verdict,
      ),
    ),
  ]);
});

beforeEach(async () => {
  for (const table of ['reclassifications', 'audit_entries', 'incidents', 'incident_events'])
    await env.DB.exec(`DELETE FROM ${table}`);
  await addIncident('inc_1', now - 4 * hour, now - 3 * hour);
});

const addIncident = (id: string, startedAt: number, endedAt: number | null) =>
  env.DB.prepare(
    `INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, ended_at, resolved_at, reason, evidence)
     VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?5, 'status', '[]')`,
  )
    .bind(id, owner.team.id, number, startedAt, endedAt)
    .run();

const path = () => `${base}/${monitor.id}/reclassifications`;
const input = (change: Record<string, unknown> = {}) => ({
  from: at(now - 4 * hour),
  to: at(now - 3 * hour),
  as: 'false-positive',
  reason: 'Our firewall dropped the probes.',
  ...change,
});
const reclassify = async (change: Record<string, unknown> = {}) => {
  const response = await owner.post(path(), input(change));
  expect(response.status).toBe(201);
  return bodyOf<ReclassificationView>(response);
};
const list = async () => (await bodyOf<Page<ReclassificationView>>(await owner.get(path()))).data;
const lastHours = (hours: number) => `?from=${at(now - hours * hour)}&to=${at(now)}`;
const uptime = async (hours = 10) =>
  bodyOf<UptimeView>(await owner.get(`${base}/${monitor.id}/uptime${lastHours(hours)}`));
const incident = async (id = 'inc_1') => bodyOf<IncidentDetailView>(await owner.get(`/api/v1/incidents/${id}`));

test('a false positive counts as up, and the answer still says what it was', async () => {
  expect(await uptime()).toMatchObject({ uptimePercent: 90, original: null });
  const made = await reclassify();
  expect(made).toMatchObject({
    ...input(),
    monitorId: monitor.id,
    author: { email: owner.user.email },
    revokedAt: null,
  });
  expect(await list()).toEqual([made]);
  const after = await uptime();
  expect(after).toMatchObject({ uptimePercent: 100, seconds: { up: 36_000, down: 0 } });
  expect(after.original).toMatchObject({ uptimePercent: 90, seconds: { up: 32_400, down: 3_600 } });
  expect((await uptime(2)).original).toBeNull();
});

test('the list of monitors counts it as well', async () => {
  const shown = async () => (await bodyOf<MonitorDetailView>(await owner.get(`${base}/${monitor.id}`))).uptime24h;
  const before = await shown();
  expect(before).toBeGreaterThan(90);
  expect(before).toBeLessThan(100);
  await reclassify();
  expect(await shown()).toBe(100);
});

test('maintenance counts for nothing', async () => {
  await reclassify({ as: 'maintenance' });
  expect(await uptime()).toMatchObject({ uptimePercent: 100, seconds: { up: 32_400, maintenance: 3_600 } });
});

test('the history marks what is reclassified, beside what it was', async () => {
  const { id } = await reclassify({ from: at(now - 3.5 * hour) });
  const { spans } = await bodyOf<HistoryView>(await owner.get(`${base}/${monitor.id}/history${lastHours(10)}`));
  const span = (
    from: number,
    to: number,
    verdict: string,
    countsAs: string,
    reclassificationId: string | null = null,
  ) => ({
    from: at(now - from * hour),
    to: at(now - to * hour),
    verdict,
    countsAs,
    reclassificationId,
  });
  expect(spans).toEqual([
    span(10, 4, 'up', 'up'),
    span(4, 3.5, 'down', 'down'),
    span(3.5, 3, 'down', 'up', id),
    span(3, 0, 'up', 'up'),
  ]);
});

test('the history begins where the monitor does', async () => {
  const { from, spans } = await bodyOf<HistoryView>(await owner.get(`${base}/${monitor.id}/history${lastHours(48)}`));
  expect([from, spans[0]?.from, spans[0]?.verdict]).toEqual([at(now - 20 * hour), at(now - 20 * hour), 'up']);
  const before = `?from=${at(now - 48 * hour)}&to=${at(now - 47 * hour)}`;
  expect(await bodyOf(await owner.get(`${base}/${monitor.id}/history${before}`))).toMatchObject({ spans: [] });
});

test('a preview shows the difference beforehand and changes nothing', async () => {
  const { reason: _, ...span } = input();
  const response = await owner.get(`${path()}/preview?${new URLSearchParams(span)}`);
  const preview = await bodyOf<ReclassificationPreview>(response);
  expect(preview.seconds).toMatchObject({ before: { down: 3_600, up: 0 }, after: { down: 0, up: 3_600 } });
  expect(preview.uptime30d.before).toBeLessThan(96);
  expect(preview.uptime30d.after).toBe(100);
  expect(await list()).toEqual([]);
  await reclassify();
  expect(await problemOf(await owner.get(`${path()}/preview?${new URLSearchParams(span)}`))).toMatchObject({
    status: 409,
    errors: [{ path: 'from' }],
  });
});

test('taken back it counts as before, stays in the list with who did that, and frees its time', async () => {
  const { id } = await reclassify();
  const revoked = await bodyOf<ReclassificationView>(await owner.post(`${path()}/${id}/revoke`));
  expect(revoked).toMatchObject({ id, revokedBy: { email: owner.user.email } });
  expect(revoked.revokedAt).not.toBeNull();
  expect(await uptime()).toMatchObject({ uptimePercent: 90, original: null });
  expect(await bodyOf(await owner.post(`${path()}/${id}/revoke`))).toEqual(revoked);
  await reclassify({ as: 'maintenance' });
  expect((await list()).length).toBe(2);
});

test('an incident that lies in it is marked, and its timeline says who and why', async () => {
  await addIncident('inc_2', now - 2 * hour, now - hour);
  await addIncident('inc_3', now - 3.2 * hour, now - 2.5 * hour);
  const { id } = await reclassify();
  const marked = await incident();
  expect(marked.reclassifiedAs).toBe('false-positive');
  const { from, to, as, reason } = input();
  expect(marked.timeline).toMatchObject([
    { kind: 'reclassified', text: reason, reclassified: { as, from, to }, author: { email: owner.user.email } },
  ]);
  expect(await incident('inc_2')).toMatchObject({ reclassifiedAs: null, timeline: [] });
  expect(await incident('inc_3')).toMatchObject({ reclassifiedAs: null, timeline: [{ kind: 'reclassified' }] });
  await owner.post(`${path()}/${id}/revoke`);
  await owner.post(`${path()}/${id}/revoke`);
  const after = await incident();
  expect(after.reclassifiedAs).toBeNull();
  expect(after.timeline.map((event) => event.kind)).toEqual(['reclassified', 'reclassification-revoked']);
});

test('an incident that is still open is not marked', async () => {
  await addIncident('inc_4', now - 3.9 * hour, null);
  await reclassify();
  expect(await incident('inc_4')).toMatchObject({ reclassifiedAs: null, timeline: [{ kind: 'reclassified' }] });
});

test.each([
  ['in the future', { from: at(Date.now() + hour), to: at(Date.now() + 2 * hour) }, ['from', 'to']],
  ['that reaches into the future', { to: at(Date.now() + hour) }, ['to']],
  ['that ends before it begins', { to: at(now - 5 * hour) }, ['to']],
  ['before the monitor existed', { from: at(now - 21 * hour) }, ['from']],
  ['of no length', { to: at(now - 4 * hour) }, ['to']],
  ['of a date that there is not', { from: '2026-02-30T12:00:00Z' }, ['from']],
  ['without a reason', { reason: '  ' }, ['reason']],
  ['with a reason of 501 signs', { reason: 'x'.repeat(501) }, ['reason']],
])('one %s is refused by its field', async (_, change, paths) => {
  const problem = await problemOf(await owner.post(path(), input(change)));
  expect([problem.status, problem.errors.map((error) => error.path)]).toEqual([400, paths]);
  expect(await list()).toEqual([]);
});

test('a reason of a megabyte is refused, and script in one is kept as text', async () => {
  expect((await owner.post(path(), input({ reason: 'x'.repeat(1024 * 1024) }))).status).toBe(413);
  const reason = `<script>alert(1)</script> '; DROP TABLE monitors; -- {{x}} 🚨`;
  expect((await reclassify({ reason })).reason).toBe(reason);
  expect((await incident()).timeline).toMatchObject([{ text: reason }]);
  const odd = await owner.post(path(), input({ from: at(now - 2 * hour), to: at(now), reason: 'a\0b\ud800c' }));
  expect((await problemOf(odd)).errors.map(({ path }) => path)).toEqual(['reason']);
});

test('one that overlaps another is refused and names that', async () => {
  await reclassify();
  for (const span of [
    {},
    { from: at(now - 3.5 * hour), to: at(now - hour) },
    { from: at(now - 10 * hour), to: at(now) },
  ]) {
    const problem = await problemOf(await owner.post(path(), input(span)));
    expect(problem).toMatchObject({ status: 409, code: 'conflict' });
    expect(problem.errors[0]?.message).toContain('Our firewall dropped the probes.');
    expect(problem.errors[0]?.times).toEqual([at(now - 4 * hour), at(now - 3 * hour)]);
  }
  await reclassify({ from: at(now - 3 * hour), to: at(now - 2 * hour) });
});

test('of many simultaneous reclassifications of overlapping times, one succeeds', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) => owner.post(path(), input({ to: at(now - 3 * hour + i * minute) }))),
  );
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array(7).fill(409)]);
  expect((await list()).length).toBe(1);
  expect((await incident()).timeline.length).toBe(1);
  expect(await env.DB.prepare('SELECT count(*) AS n FROM audit_entries').first('n')).toBe(1);
});

test('nobody touches those of another team, or of another monitor', async () => {
  const { id } = await reclassify();
  const other = await create(owner, { intervalSeconds: 3600, regions: ['weur'] });
  const answers = [
    await stranger.get(path()),
    await stranger.post(path(), input()),
    await stranger.post(`${path()}/${id}/revoke`),
    await stranger.get(`${base}/${monitor.id}/history`),
    await stranger.get(`/api/v1/audit?monitorId=${monitor.id}`),
    await owner.post(`${base}/${other.id}/reclassifications/${id}/revoke`),
  ];
  expect(answers.map((answer) => answer.status)).toEqual(Array(6).fill(404));
  expect((await list()).map((one) => one.revokedAt)).toEqual([null]);
});

test('the list is paged', async () => {
  for (const hours of [1, 5, 9])
    await reclassify({ from: at(now - hours * hour), to: at(now - hours * hour + minute) });
  const page = async (cursor = '') =>
    bodyOf<Page<ReclassificationView>>(await owner.get(`${path()}?limit=2${cursor && `&cursor=${cursor}`}`));
  const first = await page();
  const second = await page(first.nextCursor ?? '');
  expect([...first.data, ...second.data].map((one) => one.from)).toEqual(
    [1, 5, 9].map((hours) => at(now - hours * hour)),
  );
  expect(second.nextCursor).toBeNull();
});

test('a status page leaves false positives out, and calls maintenance what was that', async () => {
  const slug = `page-${crypto.randomUUID().slice(0, 8)}`;
  await owner.post('/api/v1/status-pages', { slug, name: 'Status', monitorIds: [monitor.id] });
  const shown = async () => (await owner.get(`/status/${slug}`)).text();
  expect(await shown()).toContain('Responding with errors');
  const { id } = await reclassify();
  const without = await shown();
  expect(without).not.toContain('Responding with errors');
  expect(without).toContain('None.');
  expect(without).not.toContain('firewall');
  await owner.post(`${path()}/${id}/revoke`);
  await reclassify({ as: 'maintenance' });
  const maintained = await shown();
  expect(maintained).not.toContain('Responding with errors');
  expect(maintained).toContain('Maintenance for 1 h');
});

test('open dashboards get an event', async () => {
  const socket = (await owner.get('/api/v1/live', { headers: { upgrade: 'websocket' } })).webSocket as WebSocket;
  let heard = 0;
  socket.accept();
  socket.addEventListener('message', ({ data }) => {
    if ((JSON.parse(String(data)) as LiveEvent).type === 'monitors-changed') heard++;
  });
  const { id } = await reclassify();
  await owner.post(`${path()}/${id}/revoke`);
  await owner.post(`${path()}/${id}/revoke`);
  await expect.poll(() => heard).toBe(2);
  socket.close();
});
