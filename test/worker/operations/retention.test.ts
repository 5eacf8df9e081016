import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { dropOldRecords } from '../../../worker/operations/retention.ts';
import { insertDelivery, seedWebhook } from '../channels/alerting.ts';
import { seedCohort, services } from '../support/seed.ts';

const day = 86_400_000;
const old = { state: 'delivered', settledAgo: 91 * day } as const;

beforeEach(async () => {
  for (const table of ['deliveries', 'delivery_attempts', 'audit_entries', 'dead_letters', 'incidents'])
    await env.DB.exec(`DELETE FROM ${table}`);
});

const insertAttempt = (delivery: number) =>
  env.DB.prepare("INSERT INTO delivery_attempts VALUES (?, 1, 'delivered', 200, NULL, '', 1)").bind(delivery).run();

const insertIncident = async (id: string, resolvedAt: number | null) => {
  const { teamId, monitors } = await seedCohort({ urls: ['http://127.0.0.1:9/'] });
  await env.DB.prepare(
    `INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, resolved_at, reason, evidence)
     VALUES (?, ?, ?, 1, 1, ?, 'status', '[]')`,
  )
    .bind(id, teamId, monitors[0]?.number ?? 0, resolvedAt)
    .run();
};

const numbersIn = async (table: string, column: string) => {
  const { results } = await env.DB.prepare(`SELECT ${column} AS n FROM ${table} ORDER BY 1`).all<{ n: number }>();
  return results.map(({ n }) => n);
};
const kept = () => numbersIn('deliveries', 'number');

test('deliveries go with their attempts once they have been settled for so many days, and not before', async () => {
  const gone = await insertDelivery(old);
  const failed = await insertDelivery({ ...old, state: 'failed' });
  const young = await insertDelivery({ state: 'delivered', settledAgo: 89 * day });
  const open = await insertDelivery({ dueAgo: 200 * day });
  for (const number of [gone, failed, young, open]) await insertAttempt(number);
  await dropOldRecords(services);
  expect(await kept()).toEqual([young, open]);
  expect(await numbersIn('delivery_attempts', 'delivery')).toEqual([young, open]);
});

test('those of an incident stay while it is open', async () => {
  await insertIncident('inc_open', null);
  await insertIncident('inc_over', 1);
  const notified = await insertDelivery({ ...old, dedupKey: 'inc_open', incident: 'inc_open' });
  const joined = await insertDelivery({ ...old, dedupKey: 'inc_other', incident: 'inc_open' });
  await insertDelivery({ ...old, dedupKey: 'inc_over', incident: 'inc_over' });
  await dropOldRecords(services);
  expect(await kept()).toEqual([notified, joined]);
});

const insertMonitor = async () => (await seedCohort({ urls: ['http://127.0.0.1:9/'] })).monitors[0]?.number ?? 0;

test('the deliveries of an advisory stay as long as its end is to be notified', async () => {
  const monitor = await insertMonitor();
  const lasting = { ...old, monitor, dedupKey: 'mon_1-2', event: 'degraded' };
  await insertDelivery({ ...lasting, dedupKey: 'mon_1-1' });
  await insertDelivery({ ...lasting, channel: 'chn_notified' });
  const notified = await insertDelivery({
    ...old,
    monitor,
    dedupKey: 'mon_1-2',
    channel: 'chn_notified',
    event: 'recovered',
  });
  await insertDelivery({ ...lasting, monitor: 999_999 });
  const began = await insertDelivery(lasting);
  const failed = await insertDelivery({ ...lasting, channel: 'chn_failed', state: 'failed' });
  await insertDelivery({ ...lasting, channel: 'chn_left', state: 'suppressed' });
  await dropOldRecords(services);
  expect(await kept()).toEqual([began, failed]);
  expect(notified).toBeLessThan(began);
  for (const channel of ['chn_x', 'chn_failed']) await insertDelivery({ ...lasting, event: 'recovered', channel });
  await dropOldRecords(services);
  await dropOldRecords(services);
  expect(await kept()).toEqual([]);
});

test('the deliveries about a failing channel stay until that channel works again', async () => {
  const channel = await seedWebhook('team_x', 'https://example.com/hook', { join: false });
  await env.DB.prepare('UPDATE channels SET failure_notified_at = 7 WHERE id = ?').bind(channel.id).run();
  const notified = await insertDelivery({ ...old, monitor: 0, dedupKey: `${channel.id}-7`, event: 'channel-failing' });
  await insertDelivery({ ...old, monitor: 0, dedupKey: `${channel.id}-6`, event: 'channel-failing' });
  await dropOldRecords(services);
  expect(await kept()).toEqual([notified]);
});

test('a digest stays as long as one of its members does', async () => {
  await insertIncident('inc_open', null);
  const digest = await insertDelivery({ ...old, dedupKey: 'dig_1' });
  await insertAttempt(digest);
  const member = await insertDelivery({ ...old, dedupKey: 'inc_open', incident: 'inc_open', digest });
  await insertDelivery({ ...old, dedupKey: 'inc_over', digest });
  await dropOldRecords(services);
  await dropOldRecords(services);
  expect(await kept()).toEqual([digest, member]);
  expect(await numbersIn('delivery_attempts', 'delivery')).toEqual([digest]);
  await env.DB.exec('UPDATE incidents SET resolved_at = 1');
  await dropOldRecords(services);
  await dropOldRecords(services);
  expect(await kept()).toEqual([]);
});

test('a run deletes a bounded number, the oldest first', async () => {
  const now = Date.now();
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700)
     INSERT INTO deliveries (id, team_id, monitor, dedup_key, channel, event, round, step, state, message, created_at,
       next_attempt_at, settled_at)
     SELECT 'd' || i, 't', 1, 's' || i, 'c', 'down', 0, 0, 'delivered', '{}', 1, 1, ?1 + i FROM n`,
  )
    .bind(now - 100 * day)
    .run();
  await dropOldRecords(services);
  expect(await kept()).toHaveLength(200);
  expect(await env.DB.prepare('SELECT min(settled_at) AS at FROM deliveries').first('at')).toBe(now - 100 * day + 501);
});

test('the audit trail and dead letters go by their own age', async () => {
  const audit = env.DB.prepare(
    "INSERT INTO audit_entries (id, team_id, at, author, action, detail) VALUES (?, 't', ?, 'u', 'monitor.paused', '{}')",
  );
  const letter = env.DB.prepare("INSERT INTO dead_letters (id, received_at, queue, body) VALUES (?, ?, 'q', '{}')");
  const ago = (days: number) => Date.now() - days * day;
  await env.DB.batch([
    ...[audit.bind('aud_old', ago(401)), audit.bind('aud_young', ago(399))],
    ...[letter.bind('old', ago(91)), letter.bind('young', ago(89))],
  ]);
  await dropOldRecords(services);
  expect(await numbersIn('audit_entries', 'id')).toEqual(['aud_young']);
  expect(await numbersIn('dead_letters', 'id')).toEqual(['young']);
});
