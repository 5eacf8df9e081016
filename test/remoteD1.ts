import { DatabaseSync } from 'node:sqlite';
import { unstable_splitSqlQuery } from 'wrangler';

/**
 * A D1 database as its remote `/query` endpoint was observed to behave, at its worst (issues 3892, 4713, 4767, 10998, 14991
 * and 15314 of cloudflare/workers-sdk): it knows quotation marks and no comments, protects only what stands between BEGIN
 * in capitals, followed by a blank or LF, and the first END, and takes what is between two semicolons for one statement.
 */
export class RemoteD1 {
  readonly sqlite = new DatabaseSync(':memory:');

  /** The rows of each statement; all or nothing. Throws with the messages of D1. */
  query(sql: string, parameters: readonly string[] = []): Record<string, unknown>[][] {
    this.sqlite.exec('BEGIN');
    try {
      const rows = statementsOf(sql).map((one) => this.sqlite.prepare(one).all(...parameters));
      this.sqlite.exec('COMMIT');
      return rows;
    } catch (error) {
      this.sqlite.exec('ROLLBACK');
      throw error;
    }
  }

  /** Definitions by name, without what SQLite takes for blank. */
  schema(): Record<string, string> {
    const rows = this.sqlite.prepare(
      "SELECT type || ' ' || name AS name, sql FROM sqlite_master WHERE sql IS NOT NULL",
    );
    return Object.fromEntries(rows.all().map(({ name, sql }) => [String(name), bare(String(sql))]));
  }
}

const bare = (sql: string) =>
  sql
    .replace(/('(?:[^']|'')*')|--[^\n]*|\/\*.*?\*\//gs, (_, text?: string) => text ?? ' ')
    .replace(/\b(begin|end)\b/gi, (word) => word.toUpperCase())
    .replace(/\s+/g, ' ')
    .trim();

const statementsOf = (sql: string): string[] =>
  split(sql).map((part) => {
    if (bare(part) === '') throw new Error('SQL code did not contain a statement.');
    if (unstable_splitSqlQuery(part).length > 1)
      throw new Error('A prepared SQL statement must contain only one statement.');
    return part;
  });

const split = (sql: string): string[] => {
  const parts: string[] = [];
  let part = '';
  let quote = '';
  let isCompound = false;
  for (const char of sql) {
    part += char;
    if (quote) {
      if (char === quote) quote = '';
    } else if (/['"`]/.test(char)) quote = char;
    else if (/\sBEGIN[ \n]$/.test(part)) isCompound = true;
    else if (/\sEND[;\s]$/.test(part)) isCompound = false;
    if (char !== ';' || quote || isCompound) continue;
    parts.push(part.slice(0, -1));
    part = '';
  }
  return part.trim() ? [...parts, part] : parts;
};
