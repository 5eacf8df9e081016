import { and, desc, eq, gt, lte, ne, sql } from 'drizzle-orm';
import type { AuditAction } from '../../domain/teams/audit.ts';
import { recordDone } from '../audit/audit.ts';
import type { Database } from '../core/client.ts';
import { members, sessions, users } from '../schema.ts';

export type Session = typeof sessions.$inferSelect;

/** The length of a list; beyond it, a sign-in ends the least recently used session. */
export const maxSessions = 100;

/** Also deletes the user's expired sessions, which nothing else does, and those beyond the limit. */
export const insertSession = (db: Database, session: Session, from: { network: string; isKnown: boolean }) => {
  const { userId, createdAt: at } = session;
  const done = { author: userId, at, action: 'sign-in.succeeded', detail: from } as const;
  return db.batch([
    db.delete(sessions).where(and(eq(sessions.userId, userId), lte(sessions.expiresAt, at))),
    db.delete(sessions).where(
      sql`${sessions.id} IN (SELECT id FROM sessions WHERE user_id = ${userId}
        ORDER BY rotated_at DESC LIMIT -1 OFFSET ${maxSessions - 1})`,
    ),
    db.insert(sessions).values(session),
    recordDone(db, done, eq(users.id, userId)),
  ]);
};

export const findSession = (db: Database, id: string, now: number): Promise<Session | undefined> =>
  db
    .select()
    .from(sessions)
    .where(and(eq(sessions.id, id), gt(sessions.expiresAt, now)))
    .get();

/** Whether the session is active and its user still belongs to the team. One query, because every request asks. */
export const sessionHolds = async (
  db: Database,
  actor: { sessionId: string; userId: string; teamId: string },
  now: number,
) => {
  const row = await db
    .select({ role: members.role })
    .from(sessions)
    .innerJoin(members, and(eq(members.userId, sessions.userId), eq(members.teamId, actor.teamId)))
    .where(and(eq(sessions.id, actor.sessionId), eq(sessions.userId, actor.userId), gt(sessions.expiresAt, now)))
    .get();
  return row !== undefined;
};

/** Replaces the refresh hash where it is still `from`; returns false where somebody else was first. */
export const rotateSession = async (
  db: Database,
  id: string,
  change: { from: string; to: string; now: number; expiresAt: number; used: UsedFrom },
) => {
  const changed = await db
    .update(sessions)
    .set({
      ...{ refreshHash: change.to, previousHash: change.from, rotatedAt: change.now, expiresAt: change.expiresAt },
      ...change.used,
    })
    .where(and(eq(sessions.id, id), eq(sessions.refreshHash, change.from)))
    .returning({ id: sessions.id });
  return changed.length === 1;
};

/** The location in which a session is used. */
export type UsedFrom = Pick<Session, 'network' | 'userAgent'>;

/** The user's sessions, the most recently used first; at most `maxSessions`. */
export const listSessions = (db: Database, userId: string, now: number) =>
  db
    .select({
      ...{ id: sessions.id, network: sessions.network, userAgent: sessions.userAgent },
      ...{ createdAt: sessions.createdAt, usedAt: sessions.rotatedAt, expiresAt: sessions.expiresAt },
    })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.rotatedAt), sessions.id)
    .limit(maxSessions);

/** An ended session, and the teams whose dashboards it may have open. */
export interface EndedSessions {
  sessionIds: string[];
  teamIds: string[];
}

/** One session, all but one, or all. */
export type WhichSessions = { only: string } | { except: string } | 'all';

/** Ends these sessions of the user; `audited` is the audit action, where a person asked for it. */
export const endSessions = async (
  db: Database,
  { userId, which, audited }: { userId: string; which: WhichSessions; audited: AuditAction | null },
  now: number,
): Promise<EndedSessions> => {
  const named =
    which === 'all' ? undefined : 'only' in which ? eq(sessions.id, which.only) : ne(sessions.id, which.except);
  const wanted = and(eq(sessions.userId, userId), named);
  const action = audited ?? 'sign-out.here';
  const ends = sql`EXISTS (SELECT 1 FROM ${sessions} WHERE ${wanted})`;
  const [, ended, teamsOf] = await db.batch([
    recordDone(db, { author: userId, at: now, action }, and(eq(users.id, userId), ends, sql`${audited ? 1 : 0} = 1`)),
    db.delete(sessions).where(wanted).returning({ id: sessions.id }),
    db.select({ id: members.teamId }).from(members).where(eq(members.userId, userId)),
  ]);
  return { sessionIds: ended.map(({ id }) => id), teamIds: teamsOf.map(({ id }) => id) };
};
