import { and, desc, eq, sql } from 'drizzle-orm';
import { PharosError } from '../../errors.ts';
import { recordDone } from '../audit/audit.ts';
import type { Database } from '../core/client.ts';
import { isUniqueViolation } from '../core/violations.ts';
import { members, sessions, teams, users } from '../schema.ts';
import type { Session } from './sessions.ts';

export type User = typeof users.$inferSelect;
export interface Team {
  id: string;
  name: string;
  /** IANA name. */
  timeZone: string;
  role: 'owner' | 'member';
}
export interface Account {
  user: Pick<User, 'id' | 'email' | 'createdAt'>;
  /** `isFirst`: the first team of this Pharos. Its owner counts as the operator. */
  team: Team & { isFirst: boolean };
}

/** Creates the user, their team and the first session, all or nothing. Returns false where the e-mail is taken. */
export const insertAccount = async (db: Database, user: User, team: Team, session: Session) => {
  try {
    await db.batch([
      db.insert(users).values(user),
      db.insert(teams).values({ id: team.id, name: team.name, timeZone: team.timeZone, createdAt: user.createdAt }),
      db.insert(members).values({ teamId: team.id, userId: user.id, role: team.role }),
      db.insert(sessions).values(session),
      recordDone(db, { author: user.id, at: user.createdAt, action: 'team.created' }, eq(teams.id, team.id)),
    ]);
    return true;
  } catch (error) {
    if (isUniqueViolation(error, 'users.email_key')) return false;
    throw error;
  }
};

export const hasUsers = async (db: Database): Promise<boolean> =>
  (await db.select({ id: users.id }).from(users).limit(1).get()) !== undefined;

const userColumns = { id: users.id, email: users.email, createdAt: users.createdAt };
const teamColumns = {
  ...{ id: teams.id, name: teams.name, timeZone: teams.timeZone, role: members.role },
  isFirst: sql<boolean>`${teams}.rowid = (SELECT min(rowid) FROM teams)`.mapWith(Boolean),
};

/** The user and that team of theirs; without a team, the one they own. */
export const findAccount = (db: Database, userId: string, teamId?: string): Promise<Account | undefined> =>
  db
    .select({ user: userColumns, team: teamColumns })
    .from(users)
    .innerJoin(members, eq(members.userId, users.id))
    .innerJoin(teams, eq(teams.id, members.teamId))
    .where(and(eq(users.id, userId), teamId ? eq(teams.id, teamId) : undefined))
    .orderBy(desc(members.role), teams.id)
    .limit(1)
    .get();

/** The same. Throws `unauthenticated` if the account is deleted. */
export const getAccount = async (db: Database, userId: string, teamId?: string): Promise<Account> => {
  const account = await findAccount(db, userId, teamId);
  if (!account) throw new PharosError('unauthenticated', 'This account no longer exists.');
  return account;
};
