import type { Kind } from '../../checks/kinds/kind.ts';
import type { Region } from '../../domain/checks/region.ts';
import type { DecidedVerdict } from '../../domain/verdict/state.ts';
import type { Lane } from '../schema.ts';

/** The data of monitor, team and previous batch that a check needs. */
export interface CheckRow {
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

export interface WantedChecks {
  cohort: number;
  region: Region;
  /** Numbers. */
  monitors: readonly number[];
  /** The batch of the checks: the batch before it shows how long they take. */
  before?: { slot: number; intervalSeconds: number; lane: Lane };
}

/** Start and end (ms since the epoch) of the time that the previous slot lies in; empty where no batch is given. */
const beforeOf = (before: WantedChecks['before']) =>
  before ? [before.slot - 2 * before.intervalSeconds * 1000, before.slot] : [0, 0];

/**
 * Reads three rows for each monitor, and one batch per region and lane: the cross joins keep SQLite from walking the list once
 * per monitor of the cohort. Skips monitors that were deleted, paused, or moved to another cohort.
 */
export const listCheckRows = async (
  d1: D1Database,
  { cohort, region, monitors, before }: WantedChecks,
): Promise<CheckRow[]> => {
  const { results } = await d1
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
    .all<CheckRow>();
  return results;
};
