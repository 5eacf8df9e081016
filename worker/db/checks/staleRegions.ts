import type { Region } from '../../domain/checks/region.ts';
import { dispatchLeadMs, dispatchWindowMs } from '../../domain/checks/schedule.ts';
import { blindAfterMs, freshForMs } from '../../domain/verdict/freshness.ts';

/** A stale region is detected at most this much too late: its last tick has to be found even then. */
const sweepEveryMs = 60_000;

/** No monitor's timeout is longer. */
const longestTimeoutMs = 60_000;

const allowanceMs = freshForMs({ intervalMs: 0, timeoutMs: 0 });

/** Changes and stretches this old should have produced data since; `?1` is now. */
const mustHaveReported = `max(m.updated_at, m.stretched_at + ${dispatchLeadMs + dispatchWindowMs})
  < ?1 - 2000 * m.interval_seconds * m.stretch - m.timeout_ms - ${allowanceMs}`;

const stretchOfCohort = '(SELECT max(stretch) FROM monitors WHERE cohort = c.id)';

export interface RegionsToMark {
  id: string;
  /** JSON: `LastSeen` of the domain, 0 for a region without data. */
  lastSeen: string;
  /** Between two checks, stretched. */
  interval_seconds: number;
}

/**
 * At most `limit` monitors with a region that has sent no data for too long; teams take turns. Two passes: the first reads a row
 * for each monitor and each batch of about one interval, the second the ticks of the monitors that are in doubt after it.
 */
export const listStaleRegions = async (d1: D1Database, now: number, limit: number): Promise<RegionsToMark[]> => {
  const doubtful = await listDoubtful(d1, now);
  if (doubtful.length === 0) return [];
  const { results } = await d1.prepare(staleAmong).bind(now, JSON.stringify(doubtful), limit).all<RegionsToMark>();
  return results;
};

interface Watched {
  number: number;
  cohort: number;
  interval_seconds: number;
  timeout_ms: number;
  /** JSON: how each region counts. */
  region_health: string;
}

interface Batch {
  cohort: number;
  slot: number;
  region: Region;
  ticks: string;
}

/** The fields of packed ticks (ticks/format.ts) that are read. */
type Ticks = Record<
  string,
  [health: number, reason: string, status: number | null, latencyMs: number, delayMs: number]
>;

/** Numbers of monitors by cohort: those without data from some region within their latest interval. */
type Doubtful = [cohort: number, monitors: number[]][];

/** Ticks are read as text and unpacked here: D1 bills a row for each that a statement unpacks. */
const listDoubtful = async (d1: D1Database, now: number): Promise<Doubtful> => {
  const [batches, watched] = await d1.batch([
    d1
      .prepare(
        `SELECT b.cohort, b.slot, b.region, b.ticks FROM cohorts AS c CROSS JOIN tick_batches AS b
         WHERE c.size > 0 AND b.cohort = c.id AND b.slot >= ?1 - 1000 * c.interval_seconds * ${stretchOfCohort} - ${allowanceMs}`,
      )
      .bind(now),
    d1
      .prepare(
        `SELECT m.number, m.cohort, m.interval_seconds * m.stretch AS interval_seconds, m.timeout_ms, m.region_health
         FROM monitors AS m WHERE m.cohort IS NOT NULL AND ${mustHaveReported}`,
      )
      .bind(now),
  ]);
  const lastSeen = latestOf((batches?.results ?? []) as unknown as Batch[]);
  const doubtful = ((watched?.results ?? []) as unknown as Watched[]).filter((monitor) => {
    const reporting = regionsOf(monitor).filter(([, health]) => health !== 'unknown');
    const since =
      now -
      blindAfterMs({ intervalMs: monitor.interval_seconds * 1000, timeoutMs: monitor.timeout_ms, regions: several });
    return reporting.some(([region]) => (lastSeen.get(region)?.get(monitor.number) ?? 0) < since);
  });
  return [...Map.groupBy(doubtful, ({ cohort }) => cohort)].map(([cohort, own]) => [
    cohort,
    own.map(({ number }) => number),
  ]);
};

/** The shorter of the two periods of `staleRegions`: a monitor with data from all regions in it is not stale by either. */
const several = ['weur', 'enam'] as const satisfies Region[];

const regionsOf = ({ region_health }: Watched) => Object.entries(JSON.parse(region_health)) as [Region, string][];

const latestOf = (batches: readonly Batch[]): Map<Region, Map<number, number>> => {
  const lastSeen = new Map<Region, Map<number, number>>();
  for (const { region, slot, ticks } of batches) {
    const own = lastSeen.get(region) ?? new Map<number, number>();
    lastSeen.set(region, own);
    for (const [monitor, [health, , , , delayMs]] of Object.entries(JSON.parse(ticks) as Ticks))
      if (health < 3) own.set(Number(monitor), Math.max(own.get(Number(monitor)) ?? 0, slot + delayMs));
  }
  return lastSeen;
};

/**
 * The rule is `staleRegions` of the domain, in one statement. It reads the ticks of the last intervals before the latest of each
 * cohort, a range of the primary key: counted from now, they would be empty after minutes without a run, and objects would take
 * the last loud outcome, however old, for the latest. A monitor that was changed just now may have moved between cohorts, so it
 * gets time to send data again; so does one whose stretch was changed, once everything dispatched before is over. So a change of
 * the stretch delays the detection of a stale region by two minutes more than the new interval would; the next change comes
 * after a whole stretched interval at the earliest (db/checks/domainLoads.ts).
 */
const staleAmong = `WITH doubtful AS MATERIALIZED (
  SELECT d.value ->> 0 AS cohort, d.value -> 1 AS monitors FROM json_each(?2) AS d),
lastSeen AS MATERIALIZED (
  SELECT n.value AS monitor, b.region, max(b.slot + json_extract(b.ticks, '$."' || n.value || '"[4]')) AS at
  FROM doubtful AS d CROSS JOIN cohorts AS c CROSS JOIN tick_batches AS b CROSS JOIN json_each(d.monitors) AS n
  WHERE c.id = d.cohort AND b.cohort = c.id AND json_extract(b.ticks, '$."' || n.value || '"[0]') < 3
    AND b.slot >= min(?1, (SELECT max(slot) FROM tick_batches WHERE cohort = c.id))
      - 2000 * c.interval_seconds * ${stretchOfCohort}
      - ${freshForMs({ intervalMs: 0, timeoutMs: longestTimeoutMs }) + sweepEveryMs}
  GROUP BY 1, 2)
SELECT m.id, m.interval_seconds * m.stretch AS interval_seconds,
  json_group_object(h.key, ifnull(lastSeen.at, 0)) AS lastSeen,
  row_number() OVER (PARTITION BY m.team_id ORDER BY random()) AS place
FROM doubtful AS d CROSS JOIN json_each(d.monitors) AS n CROSS JOIN monitors AS m ON m.number = n.value
CROSS JOIN json_each(m.region_health) AS h
LEFT JOIN lastSeen ON lastSeen.monitor = m.number AND lastSeen.region = h.key
WHERE m.cohort IS NOT NULL AND h.value <> 'unknown' AND ${mustHaveReported}
GROUP BY m.number
HAVING min(ifnull(lastSeen.at, 0)) < ?1 - 2000 * m.interval_seconds * m.stretch - m.timeout_ms - ${allowanceMs}
  OR max(ifnull(lastSeen.at, 0)) < ?1 - iif(json_array_length(m.regions) > 1, 1000, 2000) * m.interval_seconds * m.stretch
    - m.timeout_ms - ${allowanceMs}
ORDER BY place, random() LIMIT ?3`;
