import { dispatchLeadMs, dispatchWindowMs } from '../domain/schedule.ts';
import { freshForMs, type Heard } from '../domain/verdict.ts';
import { newId } from '../ids.ts';
import { log, logFailure } from '../log.ts';
import type { Services } from '../services.ts';

/**
 * A run tells so many objects at most; those that are left are found again by the next. Teams take turns, so that none
 * waits behind the silent monitors of another.
 */
const objectsPerSweep = 500;

/** So much later than it could be is a silent region found at the most: its last tick has to be found even then. */
const sweepEveryMs = 60_000;

/** No monitor's timeout is longer. */
const longestTimeoutMs = 60_000;

interface Row {
  id: string;
  heard: string;
  interval_seconds: number;
}

/**
 * Finds monitors of which some region was not heard for too long, and tells their objects. Quiet outcomes cost no call
 * of an object, so it cannot notice silence itself: this asks D1, once a minute for all monitors, and only of those
 * that fell silent since the last run an object is called.
 */
export const sweepSilence = async (services: Services): Promise<void> => {
  const rows = await listSilent(services);
  if (rows.length === 0) return;
  const correlationId = newId('run');
  const told = await Promise.allSettled(
    rows.map(({ id, heard, interval_seconds }) =>
      services.monitor(id).hear(JSON.parse(heard) as Heard, interval_seconds * 1000, correlationId),
    ),
  );
  const failed = told.filter((t) => t.status === 'rejected');
  if (failed[0])
    logFailure('silence', correlationId, failed[0].reason, { objects: rows.length, failed: failed.length });
  else log('silence', correlationId, { objects: rows.length });
};

/**
 * The rule is `silentRegions` of the domain, for all monitors in one statement. It reads the ticks of the last
 * intervals before the latest of each cohort, a range of the primary key: counted from now, they would hold nothing
 * after minutes without a run, and objects would take the last loud outcome, however old, for the last one. A monitor
 * that was changed just now may have moved between cohorts: it gets its time to be heard again, as does
 * one whose stretch was lowered, once what was dispatched before is over.
 */
const listSilent = async ({ d1, now }: Services): Promise<Row[]> => {
  const { results } = await d1
    .prepare(
      `WITH heard AS MATERIALIZED (
         SELECT CAST(t.key AS INTEGER) AS monitor, b.region, max(b.slot + (t.value ->> 4)) AS at
         FROM cohorts AS c CROSS JOIN tick_batches AS b CROSS JOIN json_each(b.ticks) AS t
         WHERE c.size > 0 AND b.cohort = c.id AND t.value ->> 0 < 3
           AND b.slot >= min(?1, (SELECT max(slot) FROM tick_batches WHERE cohort = c.id))
             - 2000 * c.interval_seconds * (SELECT max(stretch) FROM monitors WHERE cohort = c.id) - ?2
         GROUP BY 1, 2)
       SELECT m.id, m.interval_seconds * m.stretch AS interval_seconds,
         json_group_object(h.key, ifnull(heard.at, 0)) AS heard,
         row_number() OVER (PARTITION BY m.team_id ORDER BY random()) AS place
       FROM monitors AS m CROSS JOIN json_each(m.region_health) AS h
       LEFT JOIN heard ON heard.monitor = m.number AND heard.region = h.key
       WHERE m.cohort IS NOT NULL AND h.value <> 'unknown'
         AND max(m.updated_at, m.stretched_at + ?4) < ?1 - 2000 * m.interval_seconds * m.stretch - m.timeout_ms - ?3
       GROUP BY m.number
       HAVING min(ifnull(heard.at, 0)) < ?1 - 2000 * m.interval_seconds * m.stretch - m.timeout_ms - ?3
         OR max(ifnull(heard.at, 0))
            < ?1 - iif(json_array_length(m.regions) > 1, 1000, 2000) * m.interval_seconds * m.stretch - m.timeout_ms - ?3
       ORDER BY place, random() LIMIT ${objectsPerSweep}`,
    )
    .bind(
      now(),
      freshForMs({ intervalMs: 0, timeoutMs: longestTimeoutMs }) + sweepEveryMs,
      freshForMs({ intervalMs: 0, timeoutMs: 0 }),
      dispatchLeadMs + dispatchWindowMs,
    )
    .all<Row>();
  return results;
};
