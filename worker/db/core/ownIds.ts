import { and, eq, sql } from 'drizzle-orm';
import type { channels, onCallSchedules, people } from '../schema.ts';
import type { Database } from './client.ts';

/** Which of these the team has: another team's are answered like those that do not exist. */
export const ownIds = async (
  db: Database,
  table: typeof channels | typeof people | typeof onCallSchedules,
  teamId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ id: table.id })
    .from(table)
    .where(and(eq(table.teamId, teamId), sql`${table.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`));
  return new Set(rows.map(({ id }) => id));
};
