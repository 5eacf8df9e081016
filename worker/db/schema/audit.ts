import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ReclassifiedAs } from '../../domain/history/uptime.ts';
import type { AuditAction, AuditChange } from '../../domain/teams/audit.ts';

/** Never a secret. Ids and names are in here because an entry outlives its subject. */
export interface AuditDetail {
  monitorId?: string;
  monitorName?: string;
  /** For subjects other than monitors: a channel, a policy, a window, a person or a schedule. */
  subjectId?: string;
  subjectName?: string;
  incidentId?: string;
  /** For a reclassification; its time is in ms. */
  reason?: string;
  reclassification?: { id: string; as: ReclassifiedAs; from: number; to: number };
  changes?: AuditChange[];
  /** For a sign-in: its network, and whether the account knew it or the device. */
  network?: string;
  isKnown?: boolean;
  /** For failed sign-ins: their number in that hour. */
  attempts?: number;
}

/** Author, time and reason of every change that affects alerts or uptime. Written with the change. */
export const auditEntries = sqliteTable(
  'audit_entries',
  {
    id: text().primaryKey(),
    teamId: text('team_id').notNull(),
    at: integer().notNull(),
    /** Id of the user. */
    author: text().notNull(),
    action: text().$type<AuditAction>().notNull(),
    /** Number of the monitor; null for other subjects. */
    monitor: integer(),
    detail: text({ mode: 'json' }).$type<AuditDetail>().notNull(),
  },
  (t) => [index('audit_entries_team').on(t.teamId, t.at, t.id), index('audit_entries_monitor').on(t.monitor, t.at)],
);
