import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { dropOldRecords } from '../../../worker/operations/retention.ts';
import { deliveriesOf, receiverFor, seedMonitor, seedWebhook } from '../channels/alerting.ts';
import { eventually, type Seeded, seedCohort, services } from '../support/seed.ts';
import { refOf, say } from '../verdicts/judged.ts';
import { billIsolate } from './billedIsolate.ts';
import { expectRows } from './expectedRows.ts';
import type { Billed } from './rows.ts';

/**
 * Reads and writes, by D1's own account, of the statements inside Monitor and Outbox objects and of a full retention, with a
 * monitor and a channel that have been there for years: what is past must cost nothing.
 */
const { unexpected, unused } = expectRows([
  // State around the monitor.
  [/^SELECT m.regions, m.interval_seconds, m.stretch/, 30],
  [/^SELECT w.id, w.title, w.starts_at/, 6],
  // A suspicion: the other regions are asked, and what it depends on.
  [/^SELECT team_id AS teamId, cohort/, 1],
  [/^WITH RECURSIVE above\(number\) AS/, 4],
  [/^INSERT INTO (domain|team)_turns/, 4, 2],
  [/^SELECT m.number, m.id, m.team_id, m.settings, m.sealed/, 6],
  [/^INSERT INTO tick_batches/, 1, 1],
  // The decision: its row, its history, its incident, who is notified.
  [/^UPDATE monitors SET verdict/, 1, 2],
  [/^SELECT id FROM teams WHERE id = \?1 AND watched_until/, 1],
  [/^INSERT OR IGNORE INTO verdict_changes/, 3, 1],
  [/^INSERT INTO team_allowances .* 'statusChangesPerDay'/, 2, 2],
  [/^INSERT OR IGNORE INTO incidents/, 3, 5],
  [/^INSERT OR IGNORE INTO incident_events .* FROM incidents AS i, json_each/, 8, 4],
  [/^INSERT OR IGNORE INTO incident_events .* SELECT incident, \?3/, 6, 1],
  [/^INSERT OR IGNORE INTO deliveries/, 20, 11],
  // The team's first alert writes the row and its key, each further one the row.
  [/^INSERT INTO team_allowances .* 'alertsPerDay'/, 2, 2],
  [/^INSERT OR IGNORE INTO incident_events .*'over-limit'/, 20, 1],
  [/^SELECT DISTINCT d.channel FROM json_each/, 6],
  // The end of an outage: how its time counts, who was notified, and who waits for it.
  [/^SELECT created_at AS createdAt FROM monitors/, 1],
  [/^SELECT v.monitor, v.since, v.verdict/, 10],
  [/^WITH edges AS/, 6],
  [/^SELECT r.monitor, r.id, r.from_at/, 6],
  [/^SELECT d.id, d.channel AS channelId/, 6],
  [/^UPDATE incidents SET ended_at/, 3, 2],
  [/^INSERT OR IGNORE INTO incident_events .*'recovered'/, 6, 1],
  // Three for each monitor that depends on it, directly or not, of which there are 30.
  [/^WITH RECURSIVE below\(number\) AS/, 95],
  // An Outbox: what is due, a claim, its message, an attempt.
  [/^SELECT id, team_id AS teamId, kind, name, settings, sealed/, 2],
  [/^SELECT number, created_at AS createdAt, tried_at AS triedAt/, 2],
  [/^WITH open AS MATERIALIZED/, 20],
  [/^SELECT number, tried_at AS at FROM deliveries/, 3],
  [/^UPDATE deliveries SET state = 'sending'/, 2, 4],
  [/AS alerting FROM incidents AS i JOIN monitors AS m ON m.number = i.monitor WHERE i.id = \?1$/, 30],
  // For the message: what the target answered, who was notified before, and the names of who is next.
  [/^SELECT detail ->> '\$.evidence.answer.body'/, 6],
  [/^SELECT d.channel AS channelId, ifnull\(c.name/, 6],
  [/^SELECT 'channel' AS type, c.id/, 6],
  [/^INSERT OR REPLACE INTO delivery_attempts/, 1, 1],
  [/^UPDATE deliveries SET state = \?3, next_attempt_at/, 2, 3],
  [/^UPDATE channels SET delivered_at/, 1, 1],
  [/^INSERT OR IGNORE INTO incident_events .* JOIN deliveries AS d/, 3, 1],
  // A full retention deletes 500 of each at a time: what decides on a delivery is read twice.
  [/^DELETE FROM delivery_attempts WHERE delivery IN/, 4_100, 500],
  [/^DELETE FROM deliveries WHERE number IN/, 3_600, 500],
  [/^DELETE FROM audit_entries WHERE rowid IN/, 2_100, 500],
  [/^DELETE FROM dead_letters WHERE id IN/, 2_100, 500],
  [/^delete from "deleted_channels"/, 2],
  [/^DELETE FROM (sign_in_failures|domain_turns|team_turns)/, 4, 1],
]);

const hour = 3_600_000;
const begun = Date.now();
const billed = billIsolate();
let seeded: Seeded;
let channel = '';
const hook = receiverFor();

const billedBy = async (act: () => Promise<unknown>): Promise<Billed[]> => {
  billed.length = 0;
  await act();
  return [...billed];
};

/** A thousand outages of the monitor, each notified through the channel, over and past the retention. */
beforeAll(async () => {
  seeded = await seedMonitor();
  ({ id: channel } = await seedWebhook(seeded.teamId, hook.url));
  const { number } = refOf(seeded);
  const later = { afterSeconds: 86_400, targets: [{ type: 'onCall', id: 'onc_none' }] };
  await env.DB.prepare(`UPDATE escalation_policies SET steps = json_insert(steps, '$[#]', json(?2)) WHERE team_id = ?1`)
    .bind(seeded.teamId, JSON.stringify(later))
    .run();
  const others = await seedCohort({
    urls: Array.from({ length: 30 }, () => 'http://127.0.0.1:9/'),
    teamId: seeded.teamId,
  });
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)`;
  const given = [begun, number, seeded.teamId, channel, hour];
  await env.DB.batch([
    env.DB.prepare(
      `${numbers} INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, ended_at, resolved_at, reason, evidence)
       SELECT 'inc_past' || i, ?3, ?2, ?1 - i * 2 * ?5, ?1 - i * 2 * ?5, ?1 - i * 2 * ?5 + 60000, ?1 - i * 2 * ?5 + 60000, 'status', '[]' FROM n`,
    ).bind(begun, number, seeded.teamId, channel, hour),
    env.DB.prepare(
      `${numbers} INSERT INTO verdict_changes (monitor, since, at, verdict)
       SELECT ?2, ?1 - i * ?3, ?1 - i * ?3, iif(i % 2, 'up', 'down') FROM n`,
    ).bind(begun, number, hour),
    env.DB.prepare(
      `${numbers} INSERT INTO deliveries (id, team_id, monitor, dedup_key, incident, channel, event, round, step, state, message,
         created_at, next_attempt_at, attempts, tried_since, tried_at, settled_at)
       SELECT 'past' || i, ?3, ?2, 'inc_past' || i, 'inc_past' || i, ?4, iif(i % 2, 'down', 'recovered'), 0, 0, 'delivered', '{}',
         ?1 - i * ?5, ?1 - i * ?5, 1, ?1 - i * ?5, ?1 - i * ?5, ?1 - i * ?5 FROM n`,
    ).bind(...given),
    env.DB.prepare(
      `${numbers} INSERT INTO delivery_attempts (delivery, at, state, status, answer, latency_ms)
       SELECT number, tried_at, 'delivered', 200, '', 5 FROM n JOIN deliveries ON id = 'past' || i`,
    ),
    env.DB.prepare(
      `INSERT INTO monitor_dependencies (monitor, depends_on) SELECT number, ?2 FROM monitors WHERE cohort = ?1`,
    ).bind(others.cohort, number),
  ]);
});

/**
 * Without what the test itself asks, and without batches that an earlier file of this runtime left in the queue: this one has
 * no cohort of that size, and the rows of a batch are the matter of rows-read.test.
 */
const own = (list: Billed[]) =>
  list.filter(({ query, rowsRead }) => {
    const text = query.replace(/\s+/g, ' ');
    const isForeign = text.startsWith('SELECT m.number, m.id, m.team_id, m.settings') && rowsRead >= 100;
    return !isForeign && !/AS tries FROM|^\s*SELECT suspect/.test(text);
  });

const delivered = (event: string) =>
  eventually(
    () => deliveriesOf(seeded.teamId),
    (all) => all.at(-1)?.event === event && all.at(-1)?.state === 'delivered',
  );

test('an outage and its end, of a monitor that had a thousand, with others that depend on it', async () => {
  await say(seeded, 0, 'up');
  const outage = await billedBy(async () => {
    await say(seeded, 0, 'down');
    await delivered('down');
  });
  expect(unexpected(own(outage))).toEqual([]);
  const end = await billedBy(async () => {
    await say(seeded, 0, 'up');
    await delivered('recovered');
  });
  expect(unexpected(own(end))).toEqual([]);
  // The writes of one outage with one channel, from the first failure to the last attempt.
  const written = [...outage, ...end].reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
  expect(written).toBeLessThan(70);
});

test('an outage beyond the alerts of a day', async () => {
  const limit = 'INSERT OR REPLACE INTO team_limits (team_id, name, value) VALUES (?, ?, 0)';
  await env.DB.prepare(limit).bind(seeded.teamId, 'alertsPerDay').run();
  const outage = await billedBy(async () => {
    await say(seeded, 0, 'down');
    await say(seeded, 0, 'up');
  });
  await env.DB.prepare('DELETE FROM team_limits WHERE team_id = ?').bind(seeded.teamId).run();
  expect(unexpected(own(outage))).toEqual([]);
});

test('a suspicion, in which other regions are asked and what the monitor depends on', async () => {
  const shop = await seedMonitor(seeded.teamId, ['enam', 'weur', 'apac']);
  const { number } = refOf(shop);
  await env.DB.batch([
    env.DB.prepare('UPDATE monitors SET confirmations = 2 WHERE number = ?').bind(number),
    env.DB.prepare('INSERT INTO monitor_dependencies (monitor, depends_on) VALUES (?, ?)').bind(
      number,
      refOf(seeded).number,
    ),
  ]);
  const isSuspect = () => env.DB.prepare('SELECT suspect FROM monitors WHERE number = ?').bind(number).first('suspect');
  await say(shop, 0, 'up');
  const asked = await billedBy(async () => {
    await say(shop, 0, 'down');
    await eventually(isSuspect, (suspect) => suspect === 0);
  });
  expect(asked.some(({ query }) => query.startsWith('SELECT team_id AS teamId, cohort'))).toBe(true);
  expect(unexpected(own(asked))).toEqual([]);
});

test('a retention in which all that is old is due', async () => {
  const past = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)`;
  await env.DB.batch([
    env.DB.prepare(
      `${past} INSERT INTO audit_entries (id, team_id, at, author, action, detail) SELECT 'aud' || i, ?1, i, 'usr_x', 'monitor-created', '{}' FROM n`,
    ).bind(seeded.teamId),
    env.DB.prepare(
      `${past} INSERT INTO dead_letters (id, received_at, queue, body) SELECT 'dead' || i, i, 'q', '' FROM n`,
    ),
  ]);
  const retention = await billedBy(() => dropOldRecords({ ...services, now: () => begun + 800 * 24 * hour }));
  expect(unexpected(retention)).toEqual([]);
  expect(retention.filter(({ rowsWritten }) => rowsWritten >= 500)).toHaveLength(4);
});

test('no line is about a statement that nothing runs', () => {
  expect(unused()).toEqual([]);
});
