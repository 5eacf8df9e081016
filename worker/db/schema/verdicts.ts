import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Verdict } from '../../domain/history/uptime.ts';
import type { Explanation } from '../../domain/verdict/explanation.ts';

/** The history of verdicts; uptime is computed from it. `since` is what counts, `at` when people were told. */
export const verdictChanges = sqliteTable(
  'verdict_changes',
  {
    monitor: integer().notNull(),
    since: integer().notNull(),
    at: integer().notNull(),
    verdict: text().$type<Verdict>().notNull(),
    /** Why; null where a person set it, and before it was kept. */
    explanation: text({ mode: 'json' }).$type<Explanation>(),
  },
  (t) => [primaryKey({ columns: [t.monitor, t.at, t.verdict] })],
);

/**
 * A past span of a monitor that a person counts otherwise than Pharos did; uptime follows it, `verdict_changes` stays.
 * One that was revoked counts no more.
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
