import { count, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { deadLetters } from './schema.ts';

/** Queue messages that could not be handled: since `since` (ms), and ever. */
export const countDeadLetters = async (db: Database, since: number): Promise<{ recent: number; total: number }> => {
  const [row] = await db
    .select({
      recent: sql<number>`count(*) FILTER (WHERE ${deadLetters.receivedAt} >= ${since})`,
      total: count(),
    })
    .from(deadLetters);
  return row ?? { recent: 0, total: 0 };
};
