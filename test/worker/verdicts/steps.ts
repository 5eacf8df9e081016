import { env } from 'cloudflare:workers';

/** A statement, or the first one of a batch. */
export interface Statement {
  query: string;
  values: unknown[];
}

/** Runs a statement, or answers in its place. */
type Around = (statement: Statement, run: () => Promise<unknown>, nothing: unknown) => Promise<unknown>;

type Run = (this: object, ...given: unknown[]) => Promise<unknown>;

export const nameOf = ({ query }: Statement) => query.trim().slice(0, 60).replace(/\s+/g, ' ');

/**
 * Puts `around` about every statement that is prepared from now on, by whomever in this isolate. Answers with the database
 * as it was, for what a test asks itself. `drizzleReads`: also selections of Drizzle, which change nothing.
 */
export const watchDatabase = (around: Around, { drizzleReads = false } = {}) => {
  const statements = new WeakMap<object, Statement>();
  const database = Object.getPrototypeOf(env.DB);
  const prepared = Object.getPrototypeOf(env.DB.prepare('SELECT 1'));
  const { prepare, batch } = database;
  const { bind, first, all, run, raw } = prepared;
  database.prepare = function (query: string) {
    const statement = prepare.call(this, query);
    statements.set(statement, { query, values: [] });
    return statement;
  };
  prepared.bind = function (...values: unknown[]) {
    const bound = bind.apply(this, values);
    const statement = statements.get(this);
    if (statement) statements.set(bound, { ...statement, values });
    return bound;
  };
  const watched = (real: Run, nothing: unknown): Run =>
    function (this: object, ...given: unknown[]) {
      const statement = statements.get(this);
      const go = () => real.apply(this, given);
      return statement ? around(statement, go, nothing) : go();
    };
  prepared.first = watched(first, null);
  prepared.all = watched(all, { results: [] });
  prepared.run = watched(run, null);
  if (drizzleReads) prepared.raw = watched(raw, []);
  database.batch = function (list: object[]) {
    const statement = statements.get(list[0] ?? {});
    const go = () => batch.call(this, list);
    return statement ? around(statement, go, []) : go();
  };
  return { prepare: (query: string): D1PreparedStatement => prepare.call(env.DB, query) };
};
