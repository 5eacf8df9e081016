import { openDatabase } from '../../../worker/db/core/client.ts';
import type { Services } from '../../../worker/services.ts';

/** What a statement cost, by D1's own account, which is what it bills; `trip`: statements of one batch share it. */
export interface Ran {
  query: string;
  rowsRead: number;
  rowsWritten: number;
  trip: number;
}

/** The database of `services`, those of Drizzle included, with an account of every statement that runs on it. */
export const countStatements = (services: Services) => {
  const { d1, seen } = countingD1(services.d1);
  return { services: { ...services, d1, db: openDatabase(d1) }, seen };
};

export const countingD1 = (real: D1Database) => {
  const seen: Ran[] = [];
  const inner = new WeakMap<object, { query: string; statement: D1PreparedStatement }>();
  let trips = 0;
  const note = (query: string, result: D1Result, trip: number) => {
    seen.push({ query, rowsRead: result.meta.rows_read, rowsWritten: result.meta.rows_written, trip });
    return result;
  };
  const counted = (query: string, statement: D1PreparedStatement): D1PreparedStatement => {
    const all = async () => note(query, await statement.all(), ++trips);
    const wrapper = {
      bind: (...values: unknown[]) => counted(query, statement.bind(...values)),
      all,
      run: all,
      // D1 says what a statement cost only with rows as objects, so what Drizzle reads by place is run once more for that.
      raw: async (options?: { columnNames: true }) => {
        const rows = await statement.raw(options as { columnNames: true });
        await all();
        return rows;
      },
      first: async (column?: string) => {
        const row = ((await all()).results[0] ?? null) as Record<string, unknown> | null;
        return column && row ? row[column] : row;
      },
    } as unknown as D1PreparedStatement;
    inner.set(wrapper, { query, statement });
    return wrapper;
  };
  const d1 = {
    prepare: (query: string) => counted(query, real.prepare(query)),
    batch: async (list: D1PreparedStatement[]) => {
      const known = list.map((one) => inner.get(one));
      const results = await real.batch(known.map((one) => (one as { statement: D1PreparedStatement }).statement));
      trips++;
      return results.map((result, i) => note(known[i]?.query ?? '', result, trips));
    },
  } as unknown as D1Database;
  return { d1, seen };
};
