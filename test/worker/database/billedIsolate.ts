import { env } from 'cloudflare:workers';
import type { Billed } from './rows.ts';

type Run = (this: object, ...given: unknown[]) => Promise<D1Result>;

/** D1's own account of every statement that anybody in this isolate runs from now on, objects included. */
export const billIsolate = (): Billed[] => {
  const billed: Billed[] = [];
  const queries = new WeakMap<object, string>();
  const database = Object.getPrototypeOf(env.DB);
  const prepared = Object.getPrototypeOf(env.DB.prepare('SELECT 1'));
  const { prepare, batch } = database;
  const { bind, all, raw } = prepared as { bind: (...values: unknown[]) => object; all: Run; raw: Run };
  const note = (statement: object, { meta }: D1Result) => {
    billed.push({ query: queries.get(statement) ?? '', rowsRead: meta.rows_read, rowsWritten: meta.rows_written });
  };
  const counted: Run = async function () {
    const result = await all.call(this);
    note(this, result);
    return result;
  };
  database.prepare = function (query: string) {
    const statement = prepare.call(this, query);
    queries.set(statement, query);
    return statement;
  };
  prepared.bind = function (this: object, ...values: unknown[]) {
    const bound = bind.apply(this, values);
    queries.set(bound, queries.get(this) ?? '');
    return bound;
  };
  prepared.all = counted;
  prepared.run = counted;
  prepared.first = async function (this: object, column?: string) {
    const row = ((await counted.call(this)).results[0] ?? null) as Record<string, unknown> | null;
    return column === undefined ? row : (row?.[column] ?? null);
  };
  // Rows by place come without an account: what selects is run once more for it.
  prepared.raw = async function (this: object, ...given: unknown[]) {
    if (/^\s*(select|with)\b/i.test(queries.get(this) ?? '')) await counted.call(this);
    return raw.apply(this, given);
  };
  database.batch = async function (statements: object[]) {
    const results: D1Result[] = await batch.call(this, statements);
    for (const [i, result] of results.entries()) note(statements[i] ?? {}, result);
    return results;
  };
  return billed;
};
