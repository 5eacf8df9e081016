import { type SQL, sql } from 'drizzle-orm';
import type { Region } from '../../domain/checks/region.ts';
import {
  type CountName,
  checksPerMinute,
  definitionOf,
  type LimitName,
  limitNames,
  limitPeriod,
  type RateName,
  teamLimits,
} from '../../domain/teams/limits.ts';
import { LimitReached } from '../../errors.ts';
import type { Services } from '../../services.ts';

/** A team's current count for each limit, as a scalar subquery. Sockets are in the team's Feed object, not here. */
const usedOf: Record<Exclude<CountName, 'sockets'>, (teamId: string, now: number) => SQL> = {
  monitors: (teamId) => sql`(SELECT count(*) FROM monitors WHERE team_id = ${teamId})`,
  checksPerMinute: (teamId) =>
    sql`(SELECT ifnull(sum(json_array_length(regions) * 60.0 / interval_seconds), 0) FROM monitors
         WHERE team_id = ${teamId} AND cohort IS NOT NULL)`,
  checkGroups: (teamId) =>
    sql`(SELECT count(*) FROM (SELECT DISTINCT interval_seconds, regions FROM monitors
         WHERE team_id = ${teamId} AND cohort IS NOT NULL))`,
  channels: (teamId) => sql`(SELECT count(*) FROM channels WHERE team_id = ${teamId})`,
  people: (teamId) => sql`(SELECT count(*) FROM people WHERE team_id = ${teamId})`,
  schedules: (teamId) => sql`(SELECT count(*) FROM on_call_schedules WHERE team_id = ${teamId})`,
  escalationPolicies: (teamId) => sql`(SELECT count(*) FROM escalation_policies WHERE team_id = ${teamId})`,
  statusPages: (teamId) => sql`(SELECT count(*) FROM status_pages WHERE team_id = ${teamId})`,
  maintenanceWindows: (teamId, now) =>
    sql`(SELECT count(*) FROM maintenance_windows
         WHERE team_id = ${teamId} AND ifnull(effective_until, ${now + 1}) > ${now})`,
};

/** A team's own number, else the installation's; never beyond the ceiling. */
const allowedOf = ({ config }: Pick<Services, 'config'>, teamId: string, name: LimitName) => {
  const { ceiling } = definitionOf(name);
  const chosen = sql`ifnull((SELECT value FROM team_limits WHERE team_id = ${teamId} AND name = ${name}), ${config.teamLimits[name]})`;
  return ceiling === undefined ? chosen : sql`min(${chosen}, ${ceiling})`;
};

/**
 * A statement for the batch of a write, before it: where `after` would be beyond the limit, and more than `before`, it
 * fails, and with it the whole transaction. So two writes at once cannot pass together, and a team that is above its
 * limit keeps what it has. The message of the error carries the numbers, since a batch answers nothing else.
 */
const guard = (
  services: Pick<Services, 'db' | 'config'>,
  { teamId, name, before, after }: { teamId: string; name: LimitName; before: SQL; after: SQL },
) =>
  services.db
    .select({ refused: sql`json_extract('{}', 'limit_reached ' || ${name} || ' ' || used || ' ' || allowed)` })
    .from(
      sql`(SELECT ${before} AS used, ${after} AS wanted, ${allowedOf(services, teamId, name)} AS allowed) AS limited`,
    )
    .where(sql`wanted > allowed AND wanted > used`);

type Guarded = Pick<Services, 'db' | 'config' | 'now'>;

/** Guards a write that adds one. */
export const guardOneMore = (services: Guarded, teamId: string, name: Exclude<CountName, 'sockets'>) => {
  const before = usedOf[name](teamId, services.now());
  return guard(services, { teamId, name, before, after: sql`${before} + 1` });
};

export interface CheckedAs {
  intervalSeconds: number;
  regions: readonly Region[];
}

/** Guards a write that makes a monitor be checked as `next`; `before` is the current schedule, if there is one. */
export const guardChecks = (
  services: Guarded,
  {
    teamId,
    monitorId,
    before,
    next,
  }: { teamId: string; monitorId: string; before?: CheckedAs | undefined; next: CheckedAs },
) => {
  const load = ({ intervalSeconds, regions }: CheckedAs) => checksPerMinute(intervalSeconds, regions.length);
  const checks = usedOf.checksPerMinute(teamId, 0);
  const groups = usedOf.checkGroups(teamId, 0);
  const groupsAfter = sql`(SELECT count(*) FROM (
    SELECT interval_seconds, regions FROM monitors WHERE team_id = ${teamId} AND cohort IS NOT NULL AND id <> ${monitorId}
    UNION SELECT ${next.intervalSeconds}, ${JSON.stringify(next.regions)}))`;
  const added = load(next) - (before ? load(before) : 0);
  return [
    guard(services, { teamId, name: 'checksPerMinute', before: checks, after: sql`${checks} + ${added}` }),
    guard(services, { teamId, name: 'checkGroups', before: groups, after: groupsAfter }),
  ] as const;
};

/** Turns the exception of a guard into `limit_reached`. */
export const withinLimits = async <T>(written: Promise<T>): Promise<T> => {
  try {
    return await written;
  } catch (error) {
    const [, name, used, limit] = numbersIn(error) ?? [];
    if (name) throw new LimitReached(name as LimitName, Number(used), Number(limit));
    throw error;
  }
};

const numbersIn = (error: unknown): RegExpExecArray | null =>
  error instanceof Error
    ? (/bad JSON path: '(?:limit_reached )(\w+) ([\d.]+) ([\d.]+)'/.exec(error.message) ?? numbersIn(error.cause))
    : null;

/**
 * Takes `amount` of the team's quota in the current period. False, with nothing taken, where that exceeds it. One row written.
 */
export const tryAllowance = async (
  services: Services,
  teamId: string,
  name: RateName,
  amount = 1,
): Promise<{ taken: boolean; used: number; limit: number; until: number }> => {
  const { from, to } = limitPeriod(teamLimits[name].periodMs, services.now());
  const allowed = allowedOf(services, teamId, name);
  const row = await services.db.get<{ used: number; allowed: number } | undefined>(
    sql`INSERT INTO team_allowances (team_id, name, period_start, used)
        SELECT ${teamId}, ${name}, ${from}, ${amount} WHERE ${amount} <= ${allowed}
        ON CONFLICT DO UPDATE SET used = iif(period_start = ${from}, used, 0) + ${amount}, period_start = ${from}
          WHERE iif(period_start = ${from}, used, 0) + ${amount} <= ${allowed}
        RETURNING used, ${allowed} AS allowed`,
  );
  if (row) return { taken: true, used: row.used, limit: row.allowed, until: to };
  const now = await services.db.get<{ used: number; allowed: number }>(
    sql`SELECT ifnull((SELECT used FROM team_allowances
          WHERE team_id = ${teamId} AND name = ${name} AND period_start = ${from}), 0) AS used, ${allowed} AS allowed`,
  );
  return { taken: false, used: now.used, limit: now.allowed, until: to };
};

/** The same. Throws `limit_reached` where that exceeds the quota. */
export const takeAllowance = async (services: Services, teamId: string, name: RateName, amount = 1): Promise<void> => {
  const { taken, used, limit, until } = await tryAllowance(services, teamId, name, amount);
  if (!taken) throw new LimitReached(name, used, limit, until);
};

/** Throws `limit_reached` where nothing is left in the current period; takes nothing. */
export const requireAllowance = async (services: Services, teamId: string, name: RateName): Promise<void> => {
  const { from, to } = limitPeriod(teamLimits[name].periodMs, services.now());
  const { used, allowed } = await services.db.get<{ used: number; allowed: number }>(
    sql`SELECT ifnull((SELECT used FROM team_allowances
          WHERE team_id = ${teamId} AND name = ${name} AND period_start = ${from}), 0) AS used,
        ${allowedOf(services, teamId, name)} AS allowed`,
  );
  if (used >= allowed) throw new LimitReached(name, used, allowed, to);
};

/** Returns quota that was taken for something that did not happen. */
export const giveAllowanceBack = async (services: Services, teamId: string, name: RateName, amount = 1) => {
  const { from } = limitPeriod(teamLimits[name].periodMs, services.now());
  await services.db.run(
    sql`UPDATE team_allowances SET used = max(0, used - ${amount})
        WHERE team_id = ${teamId} AND name = ${name} AND period_start = ${from}`,
  );
};

export interface LimitUse {
  name: LimitName;
  used: number;
  limit: number;
  /** When the period of a rate ends (ms); null for a count. */
  until: number | null;
}

/** A team's use of each limit, and the limit. `sockets` is counted by its Feed. */
export const readLimits = async (services: Services, teamId: string, sockets: number): Promise<LimitUse[]> => {
  const now = services.now();
  const usedSql = (name: LimitName) => {
    if (name === 'sockets') return sql`${sockets}`;
    if (!isRate(name)) return usedOf[name](teamId, now);
    const { from } = limitPeriod(teamLimits[name].periodMs, now);
    return sql`ifnull((SELECT used FROM team_allowances WHERE team_id = ${teamId} AND name = ${name} AND period_start = ${from}), 0)`;
  };
  const columns = limitNames.map((name) => sql`${usedSql(name)} AS ${sql.identifier(name)}`);
  const [used, own] = await Promise.all([
    services.db.get<Record<LimitName, number>>(sql`SELECT ${sql.join(columns, sql`, `)}`),
    services.db.all<{ name: LimitName; value: number }>(
      sql`SELECT name, value FROM team_limits WHERE team_id = ${teamId}`,
    ),
  ]);
  return limitNames.map((name) => {
    const chosen = own.find((one) => one.name === name)?.value ?? services.config.teamLimits[name];
    return {
      name,
      used: Math.round(used[name] * 10) / 10,
      limit: Math.min(chosen, definitionOf(name).ceiling ?? chosen),
      until: isRate(name) ? limitPeriod(teamLimits[name].periodMs, now).to : null,
    };
  });
};

const isRate = (name: LimitName): name is RateName => teamLimits[name].kind === 'rate';

/** How many sockets a team may have open. */
export const socketLimit = async (services: Services, teamId: string): Promise<number> =>
  (await services.db.get<{ allowed: number }>(sql`SELECT ${allowedOf(services, teamId, 'sockets')} AS allowed`))
    .allowed;
