import { and, eq, sql } from 'drizzle-orm';
import { PharosError } from '../../errors.ts';
import type { Database } from '../core/client.ts';
import { monitors } from '../schema.ts';

/** Throws `invalid_request` where one of them is not the team's; another team's is treated like one that does not exist. */
export const requireMonitors = async (db: Database, teamId: string, monitorIds: readonly string[]) => {
  const own = await db
    .select({ id: monitors.id })
    .from(monitors)
    .where(
      and(
        eq(monitors.teamId, teamId),
        sql`${monitors.id} IN (SELECT value FROM json_each(${JSON.stringify(monitorIds)}))`,
      ),
    );
  if (own.length < monitorIds.length)
    throw new PharosError('invalid_request', 'A monitor does not exist.', [
      { path: 'monitorIds', message: 'One of these monitors does not exist.' },
    ]);
};
