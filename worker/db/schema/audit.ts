import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { AuditAction, AuditChange } from '../../domain/audit.ts';
import type { ReclassifiedAs } from '../../domain/uptime.ts';

/** Never a secret. The monitor's id and name are in here because an entry stays when the monitor is gone. */
export interface AuditDetail {
  monitorId?: string;
  monitorName?: string;
  incidentId?: string;
  /** Of a reclassification, whose time is in ms. */
  reason?: string;
  reclassification?: { id: string; as: ReclassifiedAs; from: number; to: number };
  changes?: AuditChange[];
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
