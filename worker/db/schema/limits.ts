import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { LimitName, RateName } from '../../domain/teams/limits.ts';

/** A team's own number in place of the default (domain/teams/limits.ts); the operator writes it. */
export const teamLimits = sqliteTable(
  'team_limits',
  {
    teamId: text('team_id').notNull(),
    name: text().$type<LimitName>().notNull(),
    value: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.teamId, t.name] })],
);

/** A team's use of a rate in the period that began then; one row a rate. */
export const teamAllowances = sqliteTable(
  'team_allowances',
  {
    teamId: text('team_id').notNull(),
    name: text().$type<RateName>().notNull(),
    periodStart: integer('period_start').notNull(),
    used: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.teamId, t.name] })],
);

/** Time of the next on-demand request to a registrable domain, for all teams. */
export const domainTurns = sqliteTable(
  'domain_turns',
  {
    domain: text().primaryKey(),
    nextAt: integer('next_at').notNull(),
    /** Regular checks per hour as dispatched; 0 where they are too few to count (domain/checks/domainLoad.ts). */
    regularPerHour: integer('regular_per_hour').notNull().default(0),
  },
  (t) => [index('domain_turns_regular').on(t.domain).where(sql`regular_per_hour > 0`)],
);

/** A team's wait for a domain's turns: `heldMs` of them at `at`, used up evenly until `untilAt`. */
export const teamTurns = sqliteTable(
  'team_turns',
  {
    domain: text().notNull(),
    teamId: text('team_id').notNull(),
    heldMs: integer('held_ms').notNull(),
    at: integer().notNull(),
    untilAt: integer('until_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.domain, t.teamId] })],
);
