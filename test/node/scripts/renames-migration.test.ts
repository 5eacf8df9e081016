import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';

const folder = new URL('../../../migrations/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .toSorted();

const apply = (db: DatabaseSync, names: readonly string[]) => {
  for (const name of names)
    for (const statement of readFileSync(new URL(name, folder), 'utf8').split('--> statement-breakpoint'))
      db.exec(statement);
};

test('explanations and messages that an earlier version stored keep their meaning under the names of today', () => {
  const db = new DatabaseSync(':memory:');
  db.exec('PRAGMA foreign_keys = OFF');
  const at = files.findIndex((name) => name.endsWith('_terms_of_freshness.sql'));
  apply(db, files.slice(0, at));
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
  apply(db, files.slice(at));
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
