import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Who did what, when and why, where it changes what people are told or what is counted. Written with the change. */
export const auditEntries = sqliteTable(
  'audit_entries',
  {
    id: text().primaryKey(),
    teamId: text('team_id').notNull(),
    at: integer().notNull(),
    /** Id of the user. */
    author: text().notNull(),
    /** Such as `reclassification.created`. */
    action: text().notNull(),
    /** Number of the monitor that it is about; null where it is about none. */
    monitor: integer(),
    detail: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  },
  (t) => [index('audit_entries_team').on(t.teamId, t.at, t.id), index('audit_entries_monitor').on(t.monitor, t.at)],
);
