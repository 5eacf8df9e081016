import { expect, test } from 'vitest';
import { maskedSecret } from '../../../worker/domain/monitors/monitor.ts';
import { databaseBefore } from './migrating.ts';

test('recipients of the channels that exist are asked from now on, and get alerts for 30 days', () => {
  const { db, migrate } = databaseBefore('recipients');
  const insert = db.prepare(
    `INSERT INTO channels (id, team_id, kind, name, settings, created_at, updated_at) VALUES (?, ?, ?, 'x', ?, 0, 0)`,
  );
  insert.run('chn_1', 'team_1', 'email', JSON.stringify({ to: ['Ada@example.com', 'bob@example.com'] }));
  insert.run('chn_2', 'team_1', 'email', JSON.stringify({ to: ['ada@example.com'] }));
  insert.run('chn_3', 'team_2', 'email', JSON.stringify({ to: ['ada@example.com'] }));
  insert.run('chn_4', 'team_2', 'webhook', JSON.stringify({ url: 'https://hook.example/' }));
  const before = Math.floor(Date.now() / 1000) * 1000;
  migrate();
  const rows = db
    .prepare('SELECT team_id, address_key, state, ask_due_at, grace_until FROM recipients ORDER BY 1, 2')
    .all();
  expect(rows.map((row) => `${row.team_id} ${row.address_key} ${row.state}`)).toEqual([
    'team_1 ada@example.com waiting',
    'team_1 bob@example.com waiting',
    'team_2 ada@example.com waiting',
  ]);
  for (const { ask_due_at, grace_until } of rows) {
    expect(Number(ask_due_at)).toBeGreaterThanOrEqual(before);
    expect(Number(grace_until) - Number(ask_due_at)).toBe(30 * 86_400_000);
  }
});

test('monitors of before kinds keep their settings, with secrets masked among them', () => {
  const { db, migrate } = databaseBefore('kinds_of_checks');
  db.exec("INSERT INTO teams (id, name, created_at) VALUES ('team_1', 'Team', 0)");
  const insert = db.prepare(
    `INSERT INTO monitors (id, team_id, kind, name, settings, header_names, has_body, sealed, timeout_ms,
       interval_seconds, regions, tags, verdict_since, created_at, updated_at)
     VALUES (?, 'team_1', 'http', 'Shop', ?, ?, ?, ?, 10000, 30, '["weur"]', '[]', 0, 0, 0)`,
  );
  const url = 'https://shop.example/health?key=1';
  const known = { url, expectedStatus: '200', maxRedirects: 3, bodyContains: 'ok', bodyNotContains: null };
  const newest = { ...known, method: 'POST', challengeCountsAsDown: true, sendToken: true };
  insert.run('mon_newest', JSON.stringify(newest), '["Authorization","X-Key"]', 1, 'v1.sealed');
  insert.run('mon_oldest', JSON.stringify({ ...known, method: 'GET' }), '[]', 0, null);
  migrate();
  const rows = db.prepare('SELECT id, kind, address, settings, sealed FROM monitors ORDER BY id').all();
  expect(rows.map(({ settings, ...row }) => ({ ...row, settings: JSON.parse(String(settings)) }))).toEqual([
    {
      ...{ id: 'mon_newest', kind: 'http', address: url, sealed: 'v1.sealed' },
      settings: { ...newest, headers: { Authorization: maskedSecret, 'X-Key': maskedSecret }, body: maskedSecret },
    },
    {
      ...{ id: 'mon_oldest', kind: 'http', address: url, sealed: null },
      settings: { ...known, method: 'GET', headers: {}, body: null, challengeCountsAsDown: false, sendToken: false },
    },
  ]);
});
