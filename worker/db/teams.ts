import { eq, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { teams } from './schema.ts';

/**
 * Notes that what the team's monitors are judged by has changed, beyond their own rows; belongs into the batch of the
 * change itself. Each check carries the time to its Monitor object, which reads anew when it is later than what it knows.
 */
export const notePolicyChange = (db: Database, teamId: string, now: number) =>
  db
    .update(teams)
    .set({ policyChangedAt: sql`max(${teams.policyChangedAt} + 1, ${now})` })
    .where(eq(teams.id, teamId));

export const setTimeZone = (db: Database, teamId: string, timeZone: string) =>
  db.update(teams).set({ timeZone }).where(eq(teams.id, teamId));
