import { and, desc, eq, getTableColumns, lt, ne, not, or, type SQL, sql } from 'drizzle-orm';
import { definitionOf } from '../../checks/kinds/kind.ts';
import type { CreateMonitor } from '../../contract/monitorInput.ts';
import { searchTextOf, searchWords } from '../../domain/fields/searchText.ts';
import type { Verdict } from '../../domain/history/uptime.ts';
import { checkPolicySettingsOf } from '../../domain/verdict/checkPolicy.ts';
import { type Condition, urgencies } from '../../domain/verdict/condition.ts';
import { PharosError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Services } from '../../services.ts';
import { recordDone } from '../audit/audit.ts';
import { cohortWithRoom, ensureCohort, followCohort } from '../checks/cohorts.ts';
import type { Database } from '../core/client.ts';
import { requirePolicy } from '../escalation/resolvePolicy.ts';
import { covers, windowColumns } from '../maintenance/covers.ts';
import {
  cohortMemberships,
  components,
  deliveries,
  incidents,
  maintenanceWindowMonitors,
  monitors,
  reclassifications,
  verdictChanges,
} from '../schema.ts';
import { ensureCheckToken, sealedToken } from '../teams/checkToken.ts';
import { guardChecks, guardOneMore, withinLimits } from '../teams/limits.ts';
import { recordSetVerdict } from '../verdicts/verdictChanges.ts';
import { dependsOnColumn, forgetDependencies, insertDependencies, requireDependencies } from './dependencies.ts';
import { domainOf } from './domainOf.ts';
import type { MonitorRow } from './monitorRow.ts';
import { newMonitorSettings, sealMonitorSettings } from './monitorSecrets.ts';

const monitorColumns = { ...getTableColumns(monitors), dependsOn: dependsOnColumn };

/** A monitor by its public id, within the team that asks. */
export interface OwnId {
  teamId: string;
  id: string;
}

/** An author and a monitor. */
export type ActOnMonitor = OwnId & { userId: string };

/** Throws `not_found`, for another team's monitor as well. */
export const getMonitor = async (db: Database, { teamId, id }: OwnId): Promise<MonitorRow> => {
  const [row] = await db
    .select(monitorColumns)
    .from(monitors)
    .where(and(eq(monitors.id, id), eq(monitors.teamId, teamId)));
  if (!row) throw new PharosError('not_found', 'No such monitor exists.');
  return row;
};

/** Names by id, of the team's monitors that exist. */
export const readNames = async (
  db: Database,
  { teamId, ids }: { teamId: string; ids: readonly string[] },
): Promise<Map<string, string>> => {
  const rows = await db
    .select({ id: monitors.id, name: monitors.name })
    .from(monitors)
    .where(
      and(eq(monitors.teamId, teamId), sql`${monitors.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`),
    );
  return new Map(rows.map(({ id, name }) => [id, name]));
};

export interface MonitorFilter {
  condition?: Condition | undefined;
  /** The verdict or `paused`. `maintenance` is no verdict: it uses `heldBy`. */
  verdict?: Exclude<Verdict, 'maintenance'> | undefined;
  /** Numbers of stale monitors: they are shown as unknown, whatever the verdict. */
  stale?: readonly number[] | undefined;
  /** Ids of maintenance windows: only monitors that one of them covers, and that are not paused. */
  heldBy?: readonly string[] | undefined;
  tag?: string | undefined;
  /** Each of its words is in the name or the address; case and accents are ignored. */
  search?: string | undefined;
  /** Ids of monitors: only existing ones of these. */
  ids?: readonly string[] | undefined;
  /** Number of a digest of the team (db/deliveries/digests.ts): only its monitors. */
  digest?: number | undefined;
}

export const monitorOrders = ['worst', 'newest'] as const;

/** Where a page ended. `urgency` is that of its last row, which may have changed since or be deleted. */
export interface MonitorPosition {
  urgency: number;
  number: number;
}

/** As domain/verdict/condition.ts defines them. */
export const conditionHolds: Record<Condition, SQL> = {
  regional: sql`${monitors.verdict} IN ('up', 'degraded') AND EXISTS (
    SELECT 1 FROM json_each(${monitors.regions}) AS region, json_each(${monitors.regionHealth}) AS health
    WHERE health.key = region.value AND health.value = 'down'
      AND NOT EXISTS (SELECT 1 FROM region_distrusts AS d WHERE d.region = region.value AND d.until IS NULL))`,
  flapping: sql`${monitors.flapping} = 1`,
};

/**
 * The worst first and then the newest, or only the newest first: only that order is stable while somebody pages through it.
 * `after` is the position of the last monitor of the page before.
 */
export const listMonitors = (
  db: Database,
  {
    teamId,
    limit,
    after,
    order = 'worst',
    stale = [],
    ...filter
  }: MonitorFilter & {
    teamId: string;
    limit: number;
    order?: (typeof monitorOrders)[number] | undefined;
    after?: MonitorPosition | undefined;
  },
): Promise<MonitorRow[]> => {
  const isNewest = order === 'newest';
  const urgency = shownUrgency(stale);
  const later = after && (isNewest ? lt(monitors.number, after.number) : isAfter(urgency, after));
  return db
    .select({ ...monitorColumns, urgency: sql<number>`${urgency}` })
    .from(monitors)
    .where(and(isOfTeam(teamId, filter.digest), later, ...matching({ ...filter, stale })))
    .orderBy(...(isNewest ? [] : [desc(urgency)]), desc(monitors.number))
    .limit(limit);
};

/** Monitors that are unknown only because they are stale, whatever the verdict. */
const shownUrgency = (stale: readonly number[]) =>
  stale.length === 0
    ? sql`${monitors.urgency}`
    : sql`CASE WHEN ${isOneOf(stale)} THEN ${urgencies.unknown} ELSE ${monitors.urgency} END`;

const isAfter = (urgency: SQL, after: MonitorPosition) =>
  sql`${urgency} <= ${after.urgency} AND (${urgency} < ${after.urgency} OR ${monitors.number} < ${after.number})`;

const matching = ({ verdict, condition, stale = [], heldBy, tag, search, ids, digest }: MonitorFilter) => [
  verdict && isShownAs(verdict, stale),
  condition && conditionHolds[condition],
  condition === 'regional' ? not(isOneOf(stale)) : undefined,
  heldBy && and(ne(monitors.verdict, 'paused'), isHeld(heldBy)),
  hasTag(tag),
  isFound(search),
  ids && sql`${monitors.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
  isInDigest(digest),
];

/** `+` makes SQLite find the monitors of a digest one by one instead of scanning all of the team's: five rows each for a page. */
export const isOfTeam = (teamId: string, digest: number | undefined) =>
  digest === undefined ? eq(monitors.teamId, teamId) : sql`+${monitors.teamId} = ${teamId}`;

export const isInDigest = (digest: number | undefined) =>
  digest === undefined
    ? undefined
    : sql`${monitors.number} IN (SELECT ${deliveries.monitor} FROM ${deliveries} WHERE ${deliveries.digest} = ${digest})`;

export const hasTag = (tag: string | undefined) =>
  tag === undefined ? undefined : sql`EXISTS (SELECT 1 FROM json_each(${monitors.tags}) WHERE value = ${tag})`;

export const isFound = (search: string | undefined) => (search === undefined ? undefined : isFoundBy(search));

/** `instr` rather than LIKE: D1 takes LIKE patterns of at most 50 bytes, and nothing needs escaping. */
const isFoundBy = (search: string) =>
  sql`NOT EXISTS (SELECT 1 FROM json_each(${JSON.stringify(searchWords(search))}) AS word
        WHERE instr(coalesce(${monitors.searchText}, lower(${monitors.name} || char(10) || ${monitors.address})), word.value) = 0)`;

const isShownAs = (verdict: NonNullable<MonitorFilter['verdict']>, stale: readonly number[]) => {
  const isDecided = eq(monitors.urgency, urgencies[verdict]);
  return verdict === 'unknown' ? or(isDecided, isOneOf(stale)) : and(isDecided, not(isOneOf(stale)));
};

export const isOneOf = (numbers: readonly number[]) =>
  sql`${monitors.number} IN (SELECT value FROM json_each(${JSON.stringify(numbers)}))`;

export const isHeld = (windowIds: readonly string[]) =>
  sql`EXISTS (SELECT 1 FROM json_each(${JSON.stringify(windowIds)}) AS chosen
        JOIN maintenance_windows AS w ON w.id = chosen.value AND w.team_id = ${monitors.teamId}
        WHERE ${covers(windowColumns, monitors)})`;

/**
 * Throws `invalid_request` where a secret is masked, since nothing is stored yet, and where a dependency or the policy is none
 * of the team's. Throws `limit_reached`.
 */
export const insertMonitor = async (
  services: Services,
  { teamId, userId, input }: { teamId: string; userId: string; input: CreateMonitor },
): Promise<MonitorRow> => {
  const { db } = services;
  const now = services.now();
  const id = newId('mon');
  const definition = definitionOf(input.kind);
  const settings = newMonitorSettings(input.kind, input.settings);
  const address = definition.address(settings);
  const name = input.name ?? definition.nameFrom(address).slice(0, maxNameLength);
  const dependsOn = await requireDependencies(db, teamId, input.dependsOn);
  await requirePolicy(db, teamId, input.escalationPolicyId);
  const values = {
    ...columnsOf(input),
    ...(await sealMonitorSettings(services, { id, kind: input.kind, settings })),
    id,
    teamId,
    kind: input.kind,
    name,
    address,
    searchText: searchTextOf({ name, address }),
    ...domainColumns(teamId, domainOf(input.kind, settings)),
    cohort: cohortWithRoom(input),
    verdictSince: now,
    decision: now,
    createdAt: now,
    updatedAt: now,
  };
  await withinLimits(
    db.batch([
      guardOneMore(services, teamId, 'monitors'),
      ...guardChecks(services, { teamId, monitorId: id, next: input }),
      ensureCohort(db, input),
      db.insert(monitors).values(values),
      insertDependencies(db, id, dependsOn),
      ...(definition.token?.isSent(settings)
        ? [ensureCheckToken(db, teamId, await sealedToken(services, teamId))]
        : []),
      ...followCohort(db, id, now),
      recordSetVerdict(db, id, 'unknown', now),
      recordDone(db, { author: userId, at: now, action: 'monitor.created' }, eq(monitors.id, id)),
    ]),
  );
  return getMonitor(db, { teamId, id });
};

/** The maximal length of a name. */
const maxNameLength = 100;

/** The limits of the team's monitors of the domain apply to another one at once; the next sweep counts again. */
const domainColumns = (teamId: string, domain: string) => {
  const stretch = sql<number>`ifnull((SELECT stretch FROM monitors
    WHERE domain = ${domain} AND domain <> '' AND team_id = ${teamId} AND cohort IS NOT NULL LIMIT 1), 1)`;
  return { domain, stretch };
};

const columnsOf = (input: CreateMonitor) => ({
  timeoutMs: input.timeoutMs,
  intervalSeconds: input.intervalSeconds,
  regions: input.regions,
  degradedAboveMs: input.degradedAboveMs,
  tags: input.tags,
  runbookUrl: input.runbookUrl,
  escalationPolicy: input.escalationPolicyId,
  critical: input.critical,
  ...checkPolicySettingsOf(input),
});

/**
 * Deletes the monitor and its data, and returns what it was. The audit trail stays. Its ticks stay packed in the batches of its
 * cohort until retention deletes these: they are found by number only, and numbers are never reused.
 */
export const removeMonitor = async ({ db, now }: Services, { userId, ...own }: ActOnMonitor): Promise<MonitorRow> => {
  const row = await getMonitor(db, own);
  const { number } = row;
  await db.batch([
    recordDone(db, { author: userId, at: now(), action: 'monitor.deleted' }, eq(monitors.number, number)),
    db.update(monitors).set({ cohort: null }).where(eq(monitors.number, number)),
    ...followCohort(db, row.id, now()),
    db.delete(cohortMemberships).where(eq(cohortMemberships.monitor, number)),
    db.delete(reclassifications).where(eq(reclassifications.monitor, number)),
    db.delete(verdictChanges).where(eq(verdictChanges.monitor, number)),
    db.delete(incidents).where(eq(incidents.monitor, number)),
    db.delete(components).where(eq(components.monitor, number)),
    forgetDependencies(db, number),
    db.delete(maintenanceWindowMonitors).where(eq(maintenanceWindowMonitors.monitor, number)),
    db.delete(monitors).where(eq(monitors.number, number)),
  ]);
  return row;
};
