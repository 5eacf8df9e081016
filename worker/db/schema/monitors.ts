import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { AnySettings, Kind } from '../../checks/kinds/kind.ts';
import type { RedirectDomains } from '../../domain/checks/redirects.ts';
import type { Region } from '../../domain/checks/region.ts';
import type { Verdict } from '../../domain/history/uptime.ts';
import type { DecidedVerdict } from '../../domain/verdict/state.ts';
import type { Quorum } from '../../domain/verdict/votesNeeded.ts';
import { teams } from './accounts.ts';

/** In steps, as `urgencies` of domain/verdict/condition.ts has them. */
const urgencyOfVerdict = sql`CASE verdict WHEN 'down' THEN 5 WHEN 'degraded' THEN 4 WHEN 'unknown' THEN 3 WHEN 'up' THEN 2 WHEN 'maintenance' THEN 1 ELSE 0 END`;

export const monitors = sqliteTable(
  'monitors',
  {
    /** Short internal key of the monitor's ticks. */
    number: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull(),
    teamId: text('team_id')
      .notNull()
      .references(() => teams.id),
    kind: text().$type<Kind>().notNull(),
    name: text().notNull(),
    /** By its kind (checks/kinds/<kind>/definition.ts), as the API shows them: secrets are masked. */
    settings: text({ mode: 'json' }).$type<AnySettings>().notNull(),
    /** The secrets among the settings, as JSON, encrypted (crypto/seal.ts); null where there are none. */
    sealed: text(),
    /** The target, as lists, alerts and searches show it. */
    address: text().notNull().default(''),
    timeoutMs: integer('timeout_ms').notNull(),
    intervalSeconds: integer('interval_seconds').notNull(),
    regions: text({ mode: 'json' }).$type<Region[]>().notNull(),
    degradedAboveMs: integer('degraded_above_ms'),
    tags: text({ mode: 'json' }).$type<string[]>().notNull(),
    /** Its check policy: domain/verdict/checkPolicy.ts. */
    quorum: text({ mode: 'json' }).$type<Quorum>().notNull().default(sql`'"majority"'`),
    confirmations: integer().notNull().default(2),
    recoveryConfirmations: integer('recovery_confirmations').notNull().default(2),
    degradedConfirmations: integer('degraded_confirmations').notNull().default(3),
    confirmationPeriodSeconds: integer('confirmation_period_seconds').notNull().default(0),
    recoveryPeriodSeconds: integer('recovery_period_seconds').notNull().default(0),
    flappingChanges: integer('flapping_changes').notNull().default(6),
    flappingWithinMinutes: integer('flapping_within_minutes').notNull().default(30),
    /** Id of the escalation policy (schema/alerts.ts); null for that of its tags, else the team's default. */
    escalationPolicy: text('escalation_policy'),
    /** Runbook for failures: http or https. Alerts link to it. */
    runbookUrl: text('runbook_url'),
    /** Its alerts bypass quiet hours. */
    critical: integer({ mode: 'boolean' }).notNull().default(false),
    /** Its cohort; null while paused. */
    cohort: integer(),
    /** Last verdict of the Monitor object; `paused` and `maintenance` are set by people. */
    verdict: text().$type<Verdict>().notNull().default('unknown'),
    verdictSince: integer('verdict_since').notNull(),
    /** The known state by region: an outcome that confirms it is quiet. */
    regionHealth: text('region_health', { mode: 'json' })
      .$type<Partial<Record<Region, DecidedVerdict>>>()
      .notNull()
      .default({}),
    suspect: integer({ mode: 'boolean' }).notNull().default(false),
    flapping: integer({ mode: 'boolean' }).notNull().default(false),
    /** Rises with each decision written here, so that a late write never undoes a newer one. */
    decision: integer().notNull().default(0),
    /** Bit n: slow as seen from the region at n in `regions` of domain/checks/region.ts; travels in the slow lane there. */
    slowRegions: integer('slow_regions').notNull().default(0),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** Registrable domain of the target; empty where there is none, null in rows of older versions until the cron has filled it. */
    domain: text(),
    /**
     * It is checked in one of this many slots, because its domain has too many checks (domain/checks/domainLoad.ts); 1 for most.
     */
    stretch: integer().notNull().default(1),
    /** When `stretch` or `place` changed last, ms: its checks have other times since then. */
    stretchedAt: integer('stretched_at').notNull().default(0),
    /** Its second in its period, where the checks of its domain are planned (domain/checks/domainPlan.ts); null for most. */
    place: integer(),
    /**
     * Other registrable domains to which its target redirected, and since when that is known, ms (domain/checks/redirects.ts);
     * null for most.
     */
    redirectDomains: text('redirect_domains', { mode: 'json' }).$type<RedirectDomains>(),
    /** Name and address as searches compare them (domain/fields/searchText.ts); null in rows of older versions until the cron has filled it. */
    searchText: text('search_text'),
    /** The worst verdict is the highest. */
    urgency: integer().notNull().generatedAlwaysAs(urgencyOfVerdict, { mode: 'virtual' }),
  },
  (t) => [
    index('monitors_urgency').on(t.teamId, t.urgency),
    index('monitors_unsearchable').on(t.number).where(sql`search_text is null`),
    uniqueIndex('monitors_id').on(t.id),
    index('monitors_team').on(t.teamId, t.number),
    index('monitors_cohort').on(t.cohort, t.stretch).where(sql`cohort is not null`),
    index('monitors_without_domain').on(t.number).where(sql`domain is null`),
    // Contains all data that the load of a domain is counted from.
    index('monitors_domain')
      .on(t.domain, t.teamId, t.intervalSeconds, t.regions, t.stretch, t.place, t.cohort)
      .where(sql`cohort is not null and domain is not null`),
    index('monitors_placed').on(t.cohort).where(sql`cohort is not null and place is not null`),
    index('monitors_redirected').on(t.number).where(sql`cohort is not null and redirect_domains is not null`),
  ],
);

/** The monitor's own alerts are suppressed while one that it depends on is down. No cycles (db/monitors/dependencies.ts). */
export const monitorDependencies = sqliteTable(
  'monitor_dependencies',
  {
    monitor: integer().notNull(),
    dependsOn: integer('depends_on').notNull(),
  },
  (t) => [primaryKey({ columns: [t.monitor, t.dependsOn] }), index('monitor_dependencies_on').on(t.dependsOn)],
);

/** Up to 100 monitors that are checked together: same interval, same regions. */
export const cohorts = sqliteTable(
  'cohorts',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    intervalSeconds: integer('interval_seconds').notNull(),
    /** Comma-separated, in the order of domain/checks/region.ts. */
    regions: text().notNull(),
    size: integer().notNull().default(0),
  },
  (t) => [index('cohorts_class').on(t.intervalSeconds, t.regions, t.size)],
);

/** The cohorts of a monitor's ticks over time, so that its history survives a change of interval or regions. */
export const cohortMemberships = sqliteTable(
  'cohort_memberships',
  {
    monitor: integer().notNull(),
    since: integer().notNull(),
    cohort: integer().notNull(),
    until: integer(),
  },
  (t) => [primaryKey({ columns: [t.monitor, t.since, t.cohort] })],
);
