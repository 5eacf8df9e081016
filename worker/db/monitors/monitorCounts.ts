import { and, sql } from 'drizzle-orm';
import type { Verdict } from '../../domain/history/uptime.ts';
import { type Condition, conditions } from '../../domain/verdict/condition.ts';
import type { Database } from '../core/client.ts';
import { monitors } from '../schema.ts';
import { conditionHolds, hasTag, isFound, isHeld, isInDigest, isOfTeam, isOneOf } from './monitors.ts';

export interface MonitorCounts {
  total: number;
  /** Counts as shown; `maintenance` counts monitors held by a window, which have another verdict as well. */
  verdicts: Record<Verdict, number>;
  conditions: Record<Condition, number>;
}

interface CountedTeam {
  teamId: string;
  /** Numbers of stale monitors: shown as unknown, whatever the verdict. */
  stale: readonly number[];
  /** Ids of the maintenance windows that are running. */
  heldBy: readonly string[];
  /** Only monitors with this tag, those that the search finds and those of a digest, as in `listMonitors`. */
  tag?: string | undefined;
  search?: string | undefined;
  digest?: number | undefined;
}

/** Counts a team's monitors, all or those found, as `listMonitors` filters them. Reads each of the team's rows once. */
export const countMonitors = async (
  db: Database,
  { teamId, stale, heldBy, tag, search, digest }: CountedTeam,
): Promise<MonitorCounts> => {
  const isStale = stale.length > 0 ? isOneOf(stale) : sql`0`;
  const rows = await db
    .select({
      verdict: sql<Verdict>`CASE WHEN ${isStale} THEN 'unknown' ELSE ${monitors.verdict} END`.as('shown'),
      total: sql<number>`count(*)`,
      held:
        heldBy.length > 0 ? sql<number>`sum(${monitors.verdict} <> 'paused' AND ${isHeld(heldBy)})` : sql<number>`0`,
      regional: sql<number>`sum(NOT ${isStale} AND ${conditionHolds.regional})`,
      flapping: sql<number>`sum(${conditionHolds.flapping})`,
    })
    .from(monitors)
    .where(and(isOfTeam(teamId, digest), hasTag(tag), isFound(search), isInDigest(digest)))
    .groupBy(sql`shown`);
  const sumOf = (key: 'total' | 'held' | Condition) => rows.reduce((sum, row) => sum + row[key], 0);
  const verdictCount = (verdict: Verdict) => rows.find((row) => row.verdict === verdict)?.total ?? 0;
  return {
    total: sumOf('total'),
    verdicts: {
      up: verdictCount('up'),
      degraded: verdictCount('degraded'),
      down: verdictCount('down'),
      unknown: verdictCount('unknown'),
      paused: verdictCount('paused'),
      maintenance: sumOf('held'),
    },
    conditions: Object.fromEntries(conditions.map((condition) => [condition, sumOf(condition)])) as Record<
      Condition,
      number
    >,
  };
};

const maxTags = 1_000;

/** Each tag of a team's monitors once, in alphabetical order. Reads each of the team's rows once. */
export const listMonitorTags = async (db: Database, teamId: string): Promise<string[]> => {
  const rows = await db.all<{ tag: string }>(
    sql`SELECT DISTINCT tag.value AS tag FROM monitors, json_each(monitors.tags) AS tag
        WHERE monitors.team_id = ${teamId} ORDER BY tag.value COLLATE NOCASE, tag.value LIMIT ${maxTags}`,
  );
  return rows.map(({ tag }) => tag);
};
