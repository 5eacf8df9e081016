import { expect, test } from 'vitest';
import { databaseBefore } from './migrating.ts';

/** A database as version 4197e3b wrote it, before the standard terms. */
const older = () => {
  const { db, migrate } = databaseBefore('standard_terms_of_notifications');
  db.exec(`
    INSERT INTO teams (id, name, created_at) VALUES ('team_a', 'Team', 0);
    INSERT INTO monitors (id, team_id, kind, name, settings, header_names, has_body, timeout_ms, interval_seconds,
        regions, tags, severe, verdict_since, created_at, updated_at)
      VALUES ('mon_a', 'team_a', 'http', 'Shop', '{"url":"https://example.com/","method":"GET","expectedStatus":"200-299","maxRedirects":5,"bodyContains":null,"bodyNotContains":null}', '[]', 0, 1000, 60, '["weur"]', '[]', 1, 0, 0, 0);
    INSERT INTO channels (id, team_id, kind, name, settings, quiet_hours, failing_since, failure_told_at, created_at, updated_at)
      VALUES ('chn_a', 'team_a', 'webhook', 'Hook', '{}', '{"timeZone":"UTC","hours":[],"exceptSevere":true}', 5, 7, 0, 0);
    INSERT INTO deleted_channels (id, team_id, kind, name, settings, deleted_at, stories)
      VALUES ('chn_b', 'team_a', 'pagerduty', 'Pager', '{}', 0, '["inc_a"]');
    INSERT INTO escalation_policies (id, team_id, name, is_default, steps, repeat, pause_seconds, events, tell_acknowledgement, created_at, updated_at)
      VALUES ('pol_a', 'team_a', 'Default', 1, '[]', 0, 60, '["down"]', 1, 0, 0);
    INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, reason, evidence)
      VALUES ('inc_a', 'team_a', 1, 0, 0, 'refused', '[]');
    INSERT INTO incident_events (incident, at, kind, key, detail) VALUES
      ('inc_a', 1, 'withheld', 'down', '{"alert":"down","because":{"type":"maintenance","until":null}}'),
      ('inc_a', 2, 'told', 'd1', '{"event":"down"}'), ('inc_a', 3, 'not-told', 'd2', '{"event":"down"}');
    INSERT INTO verdict_changes (monitor, since, at, verdict, explanation)
      VALUES (1, 0, 1, 'down', '{"withheld":{"event":"down","because":{"type":"maintenance","until":null}},"votes":[{"answer":"\\"withheld\\":"}]}');
    INSERT INTO audit_entries (id, team_id, at, author, action, detail) VALUES
      ('aud_a', 'team_a', 0, 'usr_a', 'monitor.changed', '{"changes":[{"field":"severe","from":false,"to":true}]}'),
      ('aud_b', 'team_a', 0, 'usr_a', 'policy.changed', '{"changes":[{"field":"tellAcknowledgement","from":false,"to":true}]}'),
      ('aud_c', 'team_a', 0, 'usr_a', 'channel.changed', '{"changes":[{"field":"quietHours","from":null,"to":{"exceptSevere":true}}]}');`);
  const insert = db.prepare(
    `INSERT INTO deliveries (id, team_id, monitor, story, channel, event, round, step, state, severe, message, recipients, created_at, next_attempt_at)
     VALUES (?, 'team_a', 1, 'inc_a', 'chn_a', ?, 0, 0, ?, 1, ?, ?, 0, 0)`,
  );
  insert.run('d1', 'down', 'delivered', '{"event":"down"}', null);
  insert.run('d2', 'down', 'dead', '{"event":"down"}', null);
  insert.run('d3', 'recovered', 'skipped', '{"event":"recovered"}', '[{"address":"a@b.c","state":"left-out"}]');
  insert.run('d4', 'reminder', 'waiting', '{"event":"reminder"}', '[{"address":"a@b.c","state":"passing"}]');
  insert.run('d5', 'channel-failing', 'delivered', '{"event":"channel-failing","story":"chn_a-7"}', null);
  db.exec(
    `INSERT INTO delivery_attempts (delivery, at, state, answer, latency_ms) VALUES (1, 0, 'passing', '', 1), (2, 0, 'permanent', '', 1)`,
  );
  return { db, migrate };
};

test('the standard terms take the place of the older names in a database that exists, and nothing is lost', () => {
  const { db, migrate } = older();
  migrate();
  const all = (sql: string) => db.prepare(sql).all();
  expect(all('SELECT id, state, dedup_key, critical, recipients FROM deliveries ORDER BY number')).toMatchObject([
    { id: 'd1', state: 'delivered', dedup_key: 'inc_a', critical: 1, recipients: null },
    { id: 'd2', state: 'failed', recipients: null },
    { id: 'd3', state: 'suppressed', recipients: '[{"address":"a@b.c","state":"suppressed"}]' },
    { id: 'd4', state: 'waiting', recipients: '[{"address":"a@b.c","state":"transient"}]' },
    { id: 'd5', state: 'delivered' },
  ]);
  expect(
    all("SELECT message FROM deliveries WHERE id = 'd5'").map(({ message }) => JSON.parse(String(message))),
  ).toEqual([{ event: 'channel-failing', dedupKey: 'chn_a-7' }]);
  expect(all('SELECT state FROM delivery_attempts ORDER BY delivery')).toMatchObject([
    { state: 'transient' },
    { state: 'permanent' },
  ]);
  expect(all('SELECT kind FROM incident_events ORDER BY at')).toMatchObject([
    { kind: 'suppressed' },
    { kind: 'notified' },
    { kind: 'notification-failed' },
  ]);
  expect(
    all('SELECT explanation FROM verdict_changes').map((row) => JSON.parse(String(row.explanation))),
  ).toMatchObject([{ suppressed: { event: 'down' }, votes: [{ answer: '"withheld":' }] }]);
  expect(all('SELECT failure_notified_at, quiet_hours FROM channels')).toMatchObject([
    { failure_notified_at: 7, quiet_hours: '{"timeZone":"UTC","hours":[],"exceptCritical":true}' },
  ]);
  expect(all('SELECT dedup_keys FROM deleted_channels')).toMatchObject([{ dedup_keys: '["inc_a"]' }]);
  expect(all('SELECT critical FROM monitors')).toMatchObject([{ critical: 1 }]);
  expect(all('SELECT notify_on_acknowledgement FROM escalation_policies')).toMatchObject([
    { notify_on_acknowledgement: 1 },
  ]);
  expect(
    all('SELECT detail FROM audit_entries ORDER BY id').map(({ detail }) => JSON.parse(String(detail)).changes),
  ).toEqual([
    [{ field: 'critical', from: false, to: true }],
    [{ field: 'notifyOnAcknowledgement', from: false, to: true }],
    [{ field: 'quietHours', from: null, to: { exceptCritical: true } }],
  ]);
});

test('explanations and messages that an earlier version stored keep their meaning under the names of today', () => {
  const { db, migrate } = databaseBefore('standard_terms_of_freshness');
  db.exec('PRAGMA foreign_keys = OFF');
  const votes = [
    { region: 'apac', ignored: 'silent', silentSince: 1_000 },
    { region: 'weur', ignored: 'never-heard', silentSince: null },
    { region: 'oc', ignored: null, silentSince: null },
  ];
  const columns = (table: string) =>
    db.prepare(`SELECT name, type, "notnull" AS required FROM pragma_table_info('${table}')`).all() as {
      name: string;
      type: string;
      required: number;
    }[];
  const insert = (table: string, given: Record<string, string>) => {
    const row = columns(table).filter(({ name, required }) => required || name in given);
    const value = ({ name, type }: (typeof row)[number]) => given[name] ?? (type === 'INTEGER' ? 1 : '');
    db.prepare(
      `INSERT INTO ${table} (${row.map(({ name }) => `"${name}"`).join()}) VALUES (${row.map(() => '?').join()})`,
    ).run(...row.map(value));
  };
  insert('verdict_changes', { explanation: JSON.stringify({ votes }) });
  insert('deliveries', { message: JSON.stringify({ lastHeardAt: 5, monitor: { name: 'silent "never-heard"' } }) });
  migrate();
  const [change] = db.prepare('SELECT explanation FROM verdict_changes').all();
  const [delivery] = db.prepare('SELECT message FROM deliveries').all();
  expect(JSON.parse(String(change?.explanation)).votes).toEqual([
    { region: 'apac', ignored: 'stale', staleSince: 1_000 },
    { region: 'weur', ignored: 'never-seen', staleSince: null },
    { region: 'oc', ignored: null, staleSince: null },
  ]);
  expect(JSON.parse(String(delivery?.message))).toEqual({
    lastSeenAt: 5,
    monitor: { name: 'silent "never-heard"' },
  });
});
