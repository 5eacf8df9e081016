/** A statement as it was run: `values` are those that were bound. */
export interface Ran {
  query: string;
  values: readonly unknown[];
}

interface Counted extends Ran {
  real: D1PreparedStatement;
}

/** `db`, calling `note` for every executed statement, with D1's own metadata, which is the basis of its bill. */
export const countedDatabase = (db: D1Database, note: (ran: Ran, result: D1Result) => void): D1Database => {
  const counted = (ran: Ran, real: D1PreparedStatement): D1PreparedStatement & Counted => {
    const all = async () => {
      const result = await real.all<Record<string, unknown>>();
      note(ran, result);
      return result;
    };
    // These two answer rows without an account. A selection is run once more for it; what writes must not be.
    const raw = async () => {
      if (!/^\s*(select|with)\b/i.test(ran.query)) return (await all()).results.map((row) => Object.values(row));
      await all();
      return real.raw();
    };
    const first = async (column?: string) => {
      const row = (await all()).results[0] ?? null;
      return column === undefined ? row : (row?.[column] ?? null);
    };
    const bind = (...values: unknown[]) => counted({ ...ran, values }, real.bind(...values));
    return { ...ran, real, bind, all, run: all, raw, first } as unknown as D1PreparedStatement & Counted;
  };
  return {
    prepare: (query: string) => counted({ query, values: [] }, db.prepare(query)),
    batch: async (statements: Counted[]) => {
      const results = await db.batch(statements.map(({ real }) => real));
      for (const [i, result] of results.entries()) if (statements[i]) note(statements[i], result);
      return results;
    },
    exec: (query: string) => db.exec(query),
  } as unknown as D1Database;
};
