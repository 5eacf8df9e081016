import { openMonitorSettings } from '../../db/monitors/monitorSecrets.ts';
import { openToken } from '../../db/teams/checkToken.ts';
import type { RedirectDomains } from '../../domain/checks/redirects.ts';
import { type Region, regionBit } from '../../domain/checks/region.ts';
import type { DecidedVerdict } from '../../domain/verdict/state.ts';
import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import { type AnySettings, completeSettings, definitionOf, type Kind } from '../kinds/kind.ts';
import type { Target } from '../kinds/probe.ts';
import type { Batch, Check } from './batch.ts';

interface Row {
  number: number;
  id: string;
  team_id: string;
  kind: Kind;
  settings: string;
  sealed: string | null;
  check_token: string | null;
  timeout_ms: number;
  stretch: number;
  redirect_domains: string | null;
  degraded_above_ms: number | null;
  changed_at: number;
  health: DecidedVerdict | null;
  suspect: number;
  slow_regions: number;
  watched_until: number;
  last_ms: number | null;
}

interface Wanted {
  cohort: number;
  region: Region;
  monitors: readonly number[];
  /** The batch that they belong to: what the one before it found says how long they take. */
  before?: Pick<Batch, 'slot' | 'intervalSeconds' | 'lane'>;
}

/** From when to when (ms since the epoch) the slot before may lie; none where nothing is asked of it. */
const beforeOf = (before: Wanted['before']) =>
  before ? [before.slot - 2 * before.intervalSeconds * 1000, before.slot] : [0, 0];

/**
 * The checks of these monitors as they are now. Three rows are read for each, and of the batch before it one
 * per region and lane: the cross joins keep SQLite from walking the list once per monitor of the cohort. Monitors that were deleted or paused, that moved to another cohort, or
 * that cannot be read, are left out.
 */
export const loadChecks = async (
  services: Services,
  { cohort, region, monitors, before }: Wanted,
): Promise<Check[]> => {
  const { results } = await services.d1
    .prepare(
      `SELECT m.number, m.id, m.team_id, m.settings, m.sealed, m.kind, m.timeout_ms, m.stretch, m.redirect_domains, m.degraded_above_ms,
              max(m.updated_at, m.stretched_at, t.policy_changed_at) AS changed_at, m.suspect, m.slow_regions, m.region_health ->> ?3 AS health,
              t.watched_until, t.check_token,
              (SELECT ticks FROM tick_batches
               WHERE cohort = ?2 AND slot >= ?4 AND slot < ?5 AND region = ?6 AND lane = ?7 ORDER BY slot DESC LIMIT 1)
                ->> ('$."' || m.number || '"[3]') AS last_ms
       FROM json_each(?1) AS wanted
       CROSS JOIN monitors AS m ON m.number = wanted.value
       CROSS JOIN teams AS t ON t.id = m.team_id
       WHERE m.cohort = ?2`,
    )
    .bind(JSON.stringify(monitors), cohort, `$."${region}"`, ...beforeOf(before), region, before?.lane ?? '')
    .all<Row>();
  const now = services.now();
  const checks = await Promise.all(results.map((row) => toCheck(services, row, region, now)));
  return checks.filter((check) => check !== null);
};

/** Null where the monitor's secrets do not open: the others of its cohort, of whatever team, are checked all the same. */
const toCheck = async (services: Services, row: Row, region: Region, now: number): Promise<Check | null> => {
  const target = await targetOf(services, row).catch((error: unknown) => {
    logFailure('batch', 'none', error, { monitorId: row.id, region });
    return null;
  });
  if (!target) return null;
  return {
    monitor: row.number,
    monitorId: row.id,
    teamId: row.team_id,
    target,
    timeoutMs: row.timeout_ms,
    redirectDomains: JSON.parse(row.redirect_domains ?? '{}') as RedirectDomains,
    stretch: row.stretch,
    degradedAboveMs: row.degraded_above_ms,
    changedAt: row.changed_at,
    known: {
      health: row.health ?? 'unknown',
      suspect: row.suspect === 1,
      isNew: row.health === null,
      slow: (row.slow_regions & regionBit(region)) !== 0,
    },
    lastMs: row.last_ms,
    watched: row.watched_until > now,
  };
};

/** With the secrets in clear, and the token of the team where it is to be sent. */
const targetOf = async (services: Services, row: Row): Promise<Target> => {
  const { token } = definitionOf(row.kind);
  const stored = completeSettings(row.kind, JSON.parse(row.settings) as AnySettings);
  const settings = await openMonitorSettings(services, { ...row, settings: stored });
  const sent =
    row.check_token !== null && token?.isSent(settings)
      ? token.add(settings, await openToken(services, row.team_id, row.check_token))
      : settings;
  return { kind: row.kind, ...sent } as Target;
};
