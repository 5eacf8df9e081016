interface Statement {
  toSQL(): { sql: string; params: unknown[] };
}

/** A statement of Drizzle for a batch of D1 itself. */
export const prepared = (d1: D1Database, statement: Statement): D1PreparedStatement => {
  const { sql, params } = statement.toSQL();
  return d1.prepare(sql).bind(...params);
};
