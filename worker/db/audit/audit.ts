import { and, desc, eq, getTableColumns, type SQL, sql } from 'drizzle-orm';
import { type AuditAction, type AuditSubject, subjectOf } from '../../domain/teams/audit.ts';
import { PharosError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Database } from '../core/client.ts';
import { type AuditDetail, auditEntries, monitors, users } from '../schema.ts';

export interface Done {
  author: string;
  at: number;
  action: AuditAction;
  detail?: Omit<AuditDetail, 'monitorId' | 'monitorName' | 'subjectId' | 'subjectName'>;
}

interface Subject {
  table: SQL;
  /** Number of a monitor; finds its audit trail. */
  number: SQL;
  /** An entry outlives its subject, so it carries the subject's name. */
  named: SQL;
}

const ofMonitors: Subject = {
  table: sql`monitors`,
  number: sql`number`,
  named: sql`json_object('monitorId', id, 'monitorName', name)`,
};

const of = (table: SQL, name = sql`name`): Subject => ({
  table,
  number: sql`NULL`,
  named: sql`json_object('subjectId', id, 'subjectName', ${name})`,
});

/** In each of the account's teams. */
const ofAccounts = of(
  sql`(SELECT u.id, u.email, m.team_id FROM users AS u JOIN members AS m ON m.user_id = u.id) AS users`,
  sql`email`,
);

const subjects: Record<AuditSubject, Subject> = {
  monitor: ofMonitors,
  incident: ofMonitors,
  reclassification: ofMonitors,
  maintenance: of(sql`maintenance_windows`, sql`title`),
  channel: of(sql`channels`),
  policy: of(sql`escalation_policies`),
  person: of(sql`people`),
  'on-call': of(sql`on_call_schedules`),
  'status-page': of(sql`status_pages`),
  team: of(sql`(SELECT id, id AS team_id, name, time_zone FROM teams) AS teams`),
  'sign-in': ofAccounts,
  'sign-out': ofAccounts,
};

/**
 * Writes an audit entry in the batch of the change. `where` (on the table of the subject; `monitors` for incidents and
 * reclassifications) must hold there only if the change takes effect: of two people who make the same change, the second changes
 * nothing and gets no entry.
 */
export const recordDone = (db: Database, { author, at, action, detail = {} }: Done, where: SQL | undefined) => {
  const { table, number, named } = subjects[subjectOf(action)];
  return db.insert(auditEntries).select(
    sql`SELECT ${newId('aud')} || iif(row_number() OVER () = 1, '', row_number() OVER ()), team_id, ${at}, ${author}, ${action}, ${number},
          json_patch(${JSON.stringify(detail)}, ${named})
        FROM ${table} WHERE ${where}`,
  );
};

const subjectId = sql`${auditEntries.detail} ->> 'subjectId'`;

/** Other actions concern a monitor. */
const subjectExists = sql<number>`(EXISTS (SELECT 1 FROM channels WHERE id = ${subjectId})
  OR EXISTS (SELECT 1 FROM escalation_policies WHERE id = ${subjectId})
  OR EXISTS (SELECT 1 FROM maintenance_windows WHERE id = ${subjectId})
  OR EXISTS (SELECT 1 FROM people WHERE id = ${subjectId})
  OR EXISTS (SELECT 1 FROM on_call_schedules WHERE id = ${subjectId})
  OR EXISTS (SELECT 1 FROM status_pages WHERE id = ${subjectId})
  OR EXISTS (SELECT 1 FROM teams WHERE id = ${subjectId})
  OR EXISTS (SELECT 1 FROM users WHERE id = ${subjectId}))`;

export type AuditRow = Awaited<ReturnType<typeof listAudit>>[number];

/** Newest first; `before` is the position of the last entry of the page before. */
export const listAudit = (
  db: Database,
  {
    teamId,
    monitor,
    before,
    limit,
  }: { teamId: string; monitor?: number | undefined; before?: { at: number; id: string } | undefined; limit: number },
) =>
  db
    .select({ ...getTableColumns(auditEntries), authorEmail: users.email, existing: monitors.number, subjectExists })
    .from(auditEntries)
    .leftJoin(users, eq(users.id, auditEntries.author))
    .leftJoin(monitors, eq(monitors.number, auditEntries.monitor))
    .where(
      and(
        eq(auditEntries.teamId, teamId),
        monitor === undefined ? undefined : eq(auditEntries.monitor, monitor),
        before && sql`(${auditEntries.at}, ${auditEntries.id}) < (${before.at}, ${before.id})`,
      ),
    )
    .orderBy(desc(auditEntries.at), desc(auditEntries.id))
    .limit(limit)
    .all();

/** Number of a monitor of the team, also of a deleted one that is in the trail. Throws `not_found`. */
export const auditedMonitor = async (db: Database, { teamId, id }: { teamId: string; id: string }): Promise<number> => {
  const [found] = await db.all<{ number: number | null }>(
    sql`SELECT coalesce(
          (SELECT number FROM monitors WHERE id = ${id} AND team_id = ${teamId}),
          (SELECT monitor FROM audit_entries WHERE team_id = ${teamId} AND detail ->> 'monitorId' = ${id} LIMIT 1)
        ) AS number`,
  );
  if (found?.number == null) throw new PharosError('not_found', 'No such monitor exists.');
  return found.number;
};
