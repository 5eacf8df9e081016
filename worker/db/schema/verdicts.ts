import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Verdict } from '../../domain/history/uptime.ts';
import type { Explanation } from '../../domain/verdict/explanation.ts';

/** The history of verdicts; uptime is computed from it. `since` is the time that counts, `at` the time of the notification. */
export const verdictChanges = sqliteTable(
  'verdict_changes',
  {
    monitor: integer().notNull(),
    since: integer().notNull(),
    at: integer().notNull(),
    verdict: text().$type<Verdict>().notNull(),
    /** The reason; null where a person set the verdict, and in rows from before reasons were stored. */
    explanation: text({ mode: 'json' }).$type<Explanation>(),
  },
  (t) => [primaryKey({ columns: [t.monitor, t.at, t.verdict] })],
);

/**
 * A past span of a monitor that a person reclassified; uptime follows it, `verdict_changes` stays. A revoked one no longer
 * counts.
 */
export const reclassifications = sqliteTable(
  'reclassifications',
  {
    id: text().primaryKey(),
    teamId: text('team_id').notNull(),
    monitor: integer().notNull(),
    from: integer('from_at').notNull(),
    to: integer('to_at').notNull(),
    as: text({ enum: ['false-positive', 'maintenance'] }).notNull(),
    reason: text().notNull(),
    author: text().notNull(),
    createdAt: integer('created_at').notNull(),
    revokedAt: integer('revoked_at'),
    revokedBy: text('revoked_by'),
  },
  (t) => [index('reclassifications_monitor').on(t.monitor, t.from)],
);
