import type { Query } from 'drizzle-orm';

/** A statement of Drizzle whose rows are objects: `db.all(sql…)`. */
interface Selection<Row> extends PromiseLike<Row[]> {
  getQuery(): Query;
}

/** Reads in one trip to the database, and at one point of its time, what several statements select. */
export const readTogether = async <const T extends readonly Selection<unknown>[]>(
  d1: D1Database,
  selections: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> => {
  const results = await d1.batch(
    selections.map((selection) => {
      const { sql, params } = selection.getQuery();
      return d1.prepare(sql).bind(...params);
    }),
  );
  return results.map((result) => result.results) as { -readonly [K in keyof T]: Awaited<T[K]> };
};
