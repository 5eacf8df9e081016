import { and, eq, ne, sql } from 'drizzle-orm';
import { recordDone } from '../audit/audit.ts';
import type { Database } from '../core/client.ts';
import { teams } from '../schema.ts';

/**
 * Records that data beyond their own rows changed by which the team's monitors are judged; belongs into the batch of the change
 * itself. Each check carries the time to its Monitor object, which refreshes its context when that time is newer.
 */
export const notePolicyChange = (db: Database, teamId: string, now: number) =>
  db
    .update(teams)
    .set({ policyChangedAt: sql`max(${teams.policyChangedAt} + 1, ${now})` })
    .where(eq(teams.id, teamId));

/** Defaults if the team is deleted. */
export const getTeam = async (db: Database, id: string): Promise<{ name: string; timeZone: string }> => {
  const team = await db
    .select({ name: teams.name, timeZone: teams.timeZone })
    .from(teams)
    .where(eq(teams.id, id))
    .get();
  return team ?? { name: 'Pharos', timeZone: 'UTC' };
};

export const setTimeZone = async (
  db: Database,
  { teamId, userId }: { teamId: string; userId: string },
  timeZone: string,
  now: number,
): Promise<void> => {
  const differs = and(eq(teams.id, teamId), ne(teams.timeZone, timeZone));
  const before = await getTeam(db, teamId);
  const changes = [{ field: 'timeZone', from: before.timeZone, to: timeZone }];
  const done = { author: userId, at: now, action: 'team.changed', detail: { changes } } as const;
  const isRead = and(differs, eq(teams.timeZone, before.timeZone));
  await db.batch([recordDone(db, done, isRead), db.update(teams).set({ timeZone }).where(differs)]);
};
