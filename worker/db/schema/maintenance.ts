import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { teams } from './accounts.ts';

/**
 * Planned work, once or recurring. The past does not change: an edit or deletion of a window that has begun ends it
 * (`effectiveUntil`), and an edit continues as another row.
 */
export const maintenanceWindows = sqliteTable(
  'maintenance_windows',
  {
    id: text().primaryKey(),
    teamId: text('team_id')
      .notNull()
      .references(() => teams.id),
    title: text().notNull(),
    /** Wall-clock time of the first occurrence in `timeZone`: `2026-11-21T02:00`. */
    startsAt: text('starts_at').notNull(),
    /** IANA name. */
    timeZone: text('time_zone').notNull(),
    durationSeconds: integer('duration_seconds').notNull(),
    /** RFC 5545, without `RRULE:`; null: once. */
    rrule: text(),
    /** Wall-clock start times of skipped occurrences, in the format of `startsAt`. */
    skipped: text({ mode: 'json' }).$type<string[]>().notNull().default([]),
    allMonitors: integer('all_monitors', { mode: 'boolean' }).notNull().default(false),
    /** Monitors with one of these tags belong to it, beside those of `maintenance_window_monitors`. */
    tags: text({ mode: 'json' }).$type<string[]>().notNull(),
    /** Only the time in between counts, ms. */
    effectiveFrom: integer('effective_from').notNull(),
    effectiveUntil: integer('effective_until'),
    createdBy: text('created_by').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [index('maintenance_windows_team').on(t.teamId, t.createdAt, t.id)],
);

export const maintenanceWindowMonitors = sqliteTable(
  'maintenance_window_monitors',
  {
    windowId: text('window_id')
      .notNull()
      .references(() => maintenanceWindows.id, { onDelete: 'cascade' }),
    monitor: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.windowId, t.monitor] }), index('maintenance_window_monitors_monitor').on(t.monitor)],
);
