import { env } from 'cloudflare:workers';
import { services } from './seed.ts';

/** What a statement cost, by D1's own account, which is what it bills. */
export interface Billed {
  query: string;
  rowsRead: number;
  rowsWritten: number;
}

interface Counted {
  query: string;
  real: D1PreparedStatement;
  bind(...values: unknown[]): Counted;
  run(): Promise<D1Result>;
  all(): Promise<D1Result>;
}

/** Services whose database keeps account of every statement. */
export const billedServices = () => {
  const billed: Billed[] = [];
  const count = (query: string, result: D1Result) => {
    billed.push({ query, rowsRead: result.meta.rows_read, rowsWritten: result.meta.rows_written });
    return result;
  };
  const counted = (query: string, real: D1PreparedStatement): Counted => ({
    query,
    real,
    bind: (...values) => counted(query, real.bind(...values)),
    run: async () => count(query, await real.run()),
    all: async () => count(query, await real.all()),
  });
  const d1 = {
    prepare: (query: string) => counted(query, env.DB.prepare(query)),
    batch: async (list: Counted[]) => {
      const results = await env.DB.batch(list.map(({ real }) => real));
      return results.map((result, i) => count(list[i]?.query ?? '', result));
    },
  };
  const rowsWritten = (about: RegExp = /./) =>
    billed.filter(({ query }) => about.test(query)).reduce((sum, statement) => sum + statement.rowsWritten, 0);
  return { services: { ...services, d1: d1 as unknown as D1Database }, billed, rowsWritten };
};
