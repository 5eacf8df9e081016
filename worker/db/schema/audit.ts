import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ReclassifiedAs } from '../../domain/history/uptime.ts';
import type { AuditAction, AuditChange } from '../../domain/teams/audit.ts';

/** Never a secret. Ids and names are in here because an entry stays when what it is about is gone. */
export interface AuditDetail {
  monitorId?: string;
  monitorName?: string;
  /** Of what is no monitor: a channel, a policy, a window, a person or a schedule. */
  subjectId?: string;
  subjectName?: string;
  incidentId?: string;
  /** Of a reclassification, whose time is in ms. */
  reason?: string;
  reclassification?: { id: string; as: ReclassifiedAs; from: number; to: number };
  changes?: AuditChange[];
  /** Of a sign-in: from which network, and whether the account knew it or the device. */
  network?: string;
  isKnown?: boolean;
  /** Of failed sign-ins: how many in that hour. */
  attempts?: number;
}

/** Who did what, when and why, where it changes what people are told or what is counted. Written with the change. */
export const auditEntries = sqliteTable(
  'audit_entries',
  {
    id: text().primaryKey(),
    teamId: text('team_id').notNull(),
    at: integer().notNull(),
    /** Id of the user. */
    author: text().notNull(),
    action: text().$type<AuditAction>().notNull(),
    /** Number of the monitor that it is about; null where it is about none. */
    monitor: integer(),
    detail: text({ mode: 'json' }).$type<AuditDetail>().notNull(),
  },
  (t) => [index('audit_entries_team').on(t.teamId, t.at, t.id), index('audit_entries_monitor').on(t.monitor, t.at)],
);
