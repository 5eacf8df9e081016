import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { toRemoteSql } from '../../../.scripts/lib/remoteSql.ts';
import { RemoteD1 } from '../../remoteD1.ts';

const folder = join(import.meta.dirname, '../../../migrations');
const migrations = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .sort()
  .map((name) => ({ name, sql: readFileSync(join(folder, name), 'utf8') }));

/** As wrangler sends it: the file, and the row that says that it was applied. */
const sentAs = (name: string, sql: string) => `${sql}\nINSERT INTO applied (name)\nvalues ('${name}');`;

const openRemote = () => {
  const remote = new RemoteD1();
  remote.query('CREATE TABLE applied (name TEXT)');
  return remote;
};

/** The result of SQLite for the unsplit text. */
const applied = (...texts: string[]) => {
  const remote = openRemote();
  for (const sql of texts) remote.sqlite.exec(sql);
  return remote;
};

describe('the migrations', () => {
  test('as a deployment applies them, give the remote database the schema of the originals', () => {
    const remote = openRemote();
    for (const { name, sql } of migrations) remote.query(sentAs(name, toRemoteSql(sql)));
    expect(remote.schema()).toEqual(applied(...migrations.map(({ sql }) => sql)).schema());
    expect(remote.query('SELECT name FROM applied')[0]).toEqual(migrations.map(({ name }) => ({ name })));
  });

  test.each(migrations)('$name holds no comment in the copy', ({ sql }) => {
    expect(toRemoteSql(sql)).not.toMatch(/--|\/\*/);
  });

  test('the view of ticks is what the remote database would not have taken as it is', () => {
    const [before, view] = [
      migrations.filter(({ name }) => name < '0001'),
      migrations.find(({ name }) => name >= '0001'),
    ];
    const remote = openRemote();
    for (const { name, sql } of before) remote.query(sentAs(name, toRemoteSql(sql)));
    expect(() => remote.query(sentAs('view', view?.sql ?? ''))).toThrow();
  });
});

const table = 'CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT);\nCREATE TABLE log (line TEXT);\n';
const trigger = (body: string) => `${table}CREATE TRIGGER noted AFTER INSERT ON t ${body}`;
const used = "INSERT INTO t (note) VALUES ('a;b');";

const samples: [what: string, sql: string, isRefusedAsItIs: boolean][] = [
  ['a semicolon in a comment', `${table}-- one; two\nCREATE INDEX i ON t (note);`, true],
  ['a semicolon in a comment at the end', `${table}CREATE INDEX i ON t (note); -- that; was it`, true],
  ['an apostrophe in a comment', `-- It's there\n${table}`, true],
  ['a quotation mark in a block comment', `/* 5" */ ${table}`, true],
  ['a comment behind the last statement', `${table}-- the end;`, true],
  ['a comment in place of a statement', `${table}/* nothing */;${used}`, true],
  ['empty statements', `${table};;\n;${used}`, true],
  ['nothing but comments between two', `${table}--;\n--;\n${used}`, true],
  ['a last statement without its semicolon', `${table}CREATE INDEX i ON t (note)`, true],
  [
    'semicolons, comments and quotes in text',
    `${table}INSERT INTO t (note) VALUES ('a;b -- c /* d */ "e" ''f'';');`,
    false,
  ],
  ['names with semicolons and comments', '/* ; */CREATE TABLE "a;--b" (`c;d` TEXT, [e f] TEXT);', true],
  ['CRLF', `${table}${used}`.replaceAll('\n', '\r\n'), false],
  ['text over lines', `${table}INSERT INTO t (note) VALUES ('one\r\n  two;\n-- three');`, false],
  ['a byte order mark', `\ufeff-- it's\n${table}`, true],
  ['division and subtraction', `${table}INSERT INTO t (id) VALUES (8/2 - -1);`, false],
  ['a comment between words', `CREATE/**/TABLE/* ; */t2(a TEXT);`, true],
  ['CASE in a view', `${table}CREATE VIEW v AS SELECT CASE note WHEN 'a' THEN 1 ELSE 2 END AS n, id FROM t;`, false],
  ['a trigger', `${trigger("BEGIN INSERT INTO log VALUES ('x;'); SELECT 1; END;")}${used}`, false],
  ['a trigger in small letters', `${trigger("begin\n insert into log values ('x');\nend;")}${used}`, true],
  ['a trigger over lines with CRLF', `${trigger('BEGIN\r\n  SELECT 1;\r\nEND;\r\n')}${used}`, true],
  ['a trigger with comments', `${trigger("BEGIN -- it's; so\n SELECT 1; /* END; */ END;")}${used}`, true],
  ['a trigger without a last semicolon', trigger('WHEN new.id > 0 BEGIN DELETE FROM log; END'), true],
  ['columns named like keywords', `CREATE TABLE k ("begin" TEXT, "end" TEXT, "trigger" TEXT);${table}`, false],
];

describe('a migration with', () => {
  test.each(samples)('%s', (_, sql, isRefusedAsItIs) => {
    const remote = openRemote();
    remote.query(sentAs('one', toRemoteSql(sql)));
    const original = applied(sql);
    expect(remote.schema()).toEqual(original.schema());
    for (const name of ['t', 'log'].filter((one) => `table ${one}` in original.schema()))
      expect(rows(remote.sqlite, name)).toEqual(rows(original.sqlite, name));
    expect(remote.query('SELECT name FROM applied')[0]).toEqual([{ name: 'one' }]);
    const asItIs = () => openRemote().query(sentAs('one', sql));
    if (isRefusedAsItIs) expect(asItIs).toThrow();
    else expect(asItIs).not.toThrow();
  });

  const rows = (sqlite: DatabaseSync, name: string) => sqlite.prepare(`SELECT * FROM ${name}`).all();

  test.each([
    ['CASE in a trigger, at whose END it would be cut', trigger('BEGIN SELECT CASE WHEN 1 THEN 2 END; END;'), /CASE/],
    ['a trigger without an end', trigger('BEGIN SELECT 1;'), /no END/],
    ['a name in brackets that hides a semicolon', 'CREATE TABLE [a;b] (c TEXT);', /brackets/],
    ['text without an end', `${table}INSERT INTO t (note) VALUES ('a);`, /quotation mark/],
  ])('%s is refused before anything is sent', (_, sql, problem) => {
    expect(() => toRemoteSql(sql)).toThrow(problem);
  });
});
