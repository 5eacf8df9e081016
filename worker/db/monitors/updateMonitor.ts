import { type SQL, sql } from 'drizzle-orm';
import { type AnySettings, definitionOf, type Kind } from '../../checks/kinds/kind.ts';
import { targetRulesOf } from '../../config.ts';
import { type ChangeMonitor, changedSettingsSchema, newContradictions } from '../../contract/monitorInput.ts';
import { searchTextOf } from '../../domain/fields/searchText.ts';
import type { AuditChange } from '../../domain/teams/audit.ts';
import { checkPolicySettingsOf } from '../../domain/verdict/checkPolicy.ts';
import { PharosError } from '../../errors.ts';
import { invalidRequest } from '../../invalidRequest.ts';
import type { Services } from '../../services.ts';
import { type Done, recordDone } from '../audit/audit.ts';
import { cohortWithRoom, ensureCohort, followCohort, sameClass } from '../checks/cohorts.ts';
import { updateUnchanged } from '../core/updateUnchanged.ts';
import { versionConflict } from '../core/versionConflict.ts';
import { releaseCritical } from '../deliveries/holds.ts';
import { requirePolicy } from '../escalation/resolvePolicy.ts';
import { keepTaggedPast } from '../maintenance/maintenancePast.ts';
import { monitors } from '../schema.ts';
import { ensureCheckToken, sealedToken } from '../teams/checkToken.ts';
import { guardChecks, withinLimits } from '../teams/limits.ts';
import { planDependencies, replaceDependencies } from './dependencies.ts';
import { domainOf } from './domainOf.ts';
import { judgedChanges } from './monitorChanges.ts';
import type { MonitorRow } from './monitorRow.ts';
import { changeMonitorSettings } from './monitorSecrets.ts';
import type { ActOnMonitor } from './monitors.ts';

/**
 * Applies a change. Another interval or other regions move the monitor to another cohort; `differs` names the consequences:
 * other checks, or only another judgement, other recipients, or whether it is critical. `seenAt` is the `updatedAt` of the
 * version that the change is based on, where the caller sends it. Throws `not_found`; `invalid_request` where the result does
 * not fit together; `version_conflict`; `limit_reached`.
 */
export const updateMonitor = async (
  services: Services,
  { teamId, id, userId, seenAt, change }: ActOnMonitor & { seenAt?: number | undefined; change: ChangeMonitor },
): Promise<{ monitor: MonitorRow; differs: { checks: boolean; policy: boolean; critical: boolean } }> => {
  let keepsPast = change.tags;
  const { before, after } = await updateUnchanged(services, { teamId, id }, async (row, unchanged, now) => {
    if (seenAt !== undefined && seenAt !== row.updatedAt) throw versionConflict('the monitor');
    const { dependsOn, escalationPolicyId: escalationPolicy, settings: given = {}, ...columns } = change;
    if (escalationPolicy !== undefined && escalationPolicy !== row.escalationPolicy)
      await requirePolicy(services.db, teamId, escalationPolicy);
    const definition = definitionOf(row.kind);
    const changed = await changeMonitorSettings(
      services,
      row,
      withoutToken(row, parseSettings(services, row.kind, given)),
    );
    const { settings } = changed;
    refuseContradiction(row, { ...row, ...definedOf(columns), settings });
    const dependencies = dependsOn && (await planDependencies(services.db, row, dependsOn));
    const changes = judgedChanges(row, {
      ...row,
      ...definedOf({ ...columns, dependsOn, escalationPolicy }),
      ...changed,
    });
    const done = { author: userId, at: now, action: 'monitor.changed', detail: { changes } } as const;
    const address = definition.address(settings);
    const written = {
      columns: {
        ...columns,
        ...definedOf({ escalationPolicy }),
        ...changed,
        address,
        searchText: searchTextOf({ name: columns.name ?? row.name, address }),
        domain: domainOf(row.kind, settings),
        ...(address !== row.address && { place: null, redirectDomains: null }),
      },
      dependencies,
      done,
      token: definition.token?.isSent(settings) ? await sealedToken(services, teamId) : undefined,
    };
    // Only here: a refused change must leave maintenance windows alone.
    if (keepsPast) await keepTaggedPast(services, { teamId, id }, keepsPast);
    keepsPast = undefined;
    return write(services, row, unchanged, written, now);
  });
  return {
    monitor: after,
    differs: {
      checks: whatIsChecked(before) !== whatIsChecked(after),
      policy: howItIsJudged(before) !== howItIsJudged(after),
      critical: before.critical !== after.critical,
    },
  };
};

/** Throws `invalid_request` with a problem per setting. */
const parseSettings = ({ config }: Services, kind: Kind, given: AnySettings): AnySettings => {
  const parsed = changedSettingsSchema(kind, targetRulesOf(config)).safeParse(given);
  if (parsed.success) return definedOf(parsed.data);
  throw invalidRequest(parsed.error.issues, ['settings']);
};

/** A token is for the destination that somebody chose to send it to. */
const withoutToken = ({ kind, settings }: MonitorRow, given: AnySettings): AnySettings => {
  const { destination, token } = definitionOf(kind);
  const moves = destination({ ...settings, ...given }) !== destination(settings);
  return moves && token ? { ...token.none, ...given } : given;
};

type Columns = Omit<ChangeMonitor, 'settings' | 'dependsOn' | 'escalationPolicyId'> &
  Partial<Pick<MonitorRow, 'escalationPolicy'>> &
  Pick<MonitorRow, 'settings' | 'sealed' | 'address' | 'searchText' | 'domain'> &
  Partial<Pick<MonitorRow, 'place' | 'redirectDomains'>>;

interface Written {
  columns: Columns;
  dependencies: Awaited<ReturnType<typeof planDependencies>> | undefined;
  /** Gives the team a token where it has none. */
  token: string | undefined;
  /** The change of settings, for the audit trail; undefined where there is none. */
  done: Done & { detail: { changes: AuditChange[] } };
}

const write = async (
  services: Services,
  row: MonitorRow,
  unchanged: SQL,
  { columns, dependencies, done, token }: Written,
  now: number,
) => {
  const { db } = services;
  const next = {
    intervalSeconds: columns.intervalSeconds ?? row.intervalSeconds,
    regions: columns.regions ?? row.regions,
  };
  const moves = row.cohort !== null && !sameClass(row, next);
  const condition = dependencies ? sql`${unchanged} AND ${dependencies.acyclic}` : unchanged;
  const update = db
    .update(monitors)
    .set({
      ...columns,
      ...(moves && { cohort: cohortWithRoom(next), place: null }),
      updatedAt: Math.max(now, row.updatedAt + 1),
    })
    .where(condition);
  // Before the update, which ends the time in which the condition holds.
  const before = [
    ...(moves ? guardChecks(services, { teamId: row.teamId, monitorId: row.id, before: row, next }) : []),
    ...(done.detail.changes.length > 0 ? [recordDone(db, done, condition)] : []),
    ...(moves ? [ensureCohort(db, next)] : []),
    ...(token ? [ensureCheckToken(db, row.teamId, token)] : []),
    ...(dependencies ? replaceDependencies(db, row.number, dependencies.numbers, condition) : []),
  ];
  const after = [
    ...(moves ? followCohort(db, row.id, now) : []),
    ...(columns.critical && !row.critical ? [releaseCritical(db, row.number, now)] : []),
  ];
  const batch = db.batch([...before, update, ...after] as unknown as [typeof update, ...(typeof update)[]]);
  const results = await withinLimits(batch);
  return results[before.length] as D1Result;
};

const definedOf = <T extends object>(given: T) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** Checked on the result: a change of the method, or of the regions, alone can contradict what is stored. */
const refuseContradiction = (before: MonitorRow, after: MonitorRow) => {
  const problems = newContradictions(before, after).map(({ path, message }) => ({ path, message }));
  if (problems.length > 0) throw new PharosError('invalid_request', 'Some fields are invalid.', problems);
};

const whatIsChecked = (row: MonitorRow) =>
  JSON.stringify([row.settings, row.sealed, row.timeoutMs, row.intervalSeconds, row.regions, row.degradedAboveMs]);

const howItIsJudged = (row: MonitorRow) =>
  JSON.stringify([checkPolicySettingsOf(row), row.dependsOn, row.escalationPolicy, row.tags, row.runbookUrl]);
