import { and, desc, eq, getTableColumns, lte, type SQL, sql } from 'drizzle-orm';
import { type Span, spansOf, type Verdict, type VerdictSpan } from '../../domain/history/uptime.ts';
import type { Database } from '../core/client.ts';
import { verdictChanges } from '../schema.ts';

/**
 * Records that a person set the verdict, in the batch of the write that set it: only where that write took effect, so
 * that pausing twice is recorded once.
 */
export const recordSetVerdict = (db: Database, monitorId: string, verdict: Verdict, now: number) =>
  db
    .insert(verdictChanges)
    .select(
      sql`SELECT number, ${now}, ${now}, ${verdict}, NULL FROM monitors
          WHERE id = ${monitorId} AND verdict = ${verdict} AND verdict_since = ${now}`,
    )
    .onConflictDoNothing();

/** A change in the history, with the incident of its time; times in ms. */
export type VerdictChange = Omit<typeof verdictChanges.$inferSelect, 'monitor'> & { incidentId: string | null };

/** Position of a change in the history of its monitor. */
export type ChangePosition = Pick<VerdictChange, 'at' | 'since' | 'verdict'>;

const { monitor: _, ...changeColumns } = getTableColumns(verdictChanges);

/**
 * The changes that were decided until `until` (ms), latest first; `before` is the position of the last change of the page
 * before.
 */
export const listVerdictChanges = (
  db: Database,
  { number, until, before, limit }: { number: number; until: number; before?: ChangePosition; limit: number },
): Promise<VerdictChange[]> =>
  db
    .select({ ...changeColumns, incidentId: incidentAt(number, sql`verdict_changes.at`) })
    .from(verdictChanges)
    .where(
      and(
        eq(verdictChanges.monitor, number),
        lte(verdictChanges.at, until),
        before &&
          sql`(${verdictChanges.at}, ${verdictChanges.since}, ${verdictChanges.verdict})
              < (${before.at}, ${before.since}, ${before.verdict})`,
      ),
    )
    .orderBy(desc(verdictChanges.at), desc(verdictChanges.since), desc(verdictChanges.verdict))
    .limit(limit)
    .all();

export const findIncidentAt = async (db: Database, number: number, at: number): Promise<string | null> =>
  (await db.get<{ id: string | null }>(sql`SELECT ${incidentAt(number, sql`${at}`)} AS id`))?.id ?? null;

/**
 * Id of the monitor's incident that was open at that time, its first failure and its end included; null where none was.
 * A column as `at` is to name its table itself: drizzle leaves that out in selected expressions.
 */
const incidentAt = (monitor: number, at: SQL) =>
  sql<string | null>`(
    SELECT incident.id FROM incidents AS incident
    WHERE incident.monitor = ${monitor} AND incident.started_at <= ${at} AND ifnull(incident.resolved_at, ${at}) >= ${at}
    ORDER BY incident.started_at DESC LIMIT 1)`;

/** Number of notified changes of a monitor in `[from, to)`; counts no further than `most` + 1. */
export const countVerdictChanges = async (
  db: Database,
  { number, from, to }: Span & { number: number },
  most: number,
): Promise<number> =>
  (
    await db.get<{ count: number }>(
      sql`SELECT count(*) AS count FROM (SELECT 1 FROM verdict_changes
          WHERE monitor = ${number} AND at >= ${from} AND at < ${to} LIMIT ${most + 1})`,
    )
  )?.count ?? 0;

export interface VerdictSpanRow {
  monitor: number;
  since: number;
  verdict: Verdict;
}

interface SpansOf {
  numbers: readonly number[];
  from: number;
}

/**
 * The verdicts of each monitor that reach into the time after `from` (ms), ascending. A change is notified at `at` and counts
 * from `since`, never later: the last one notified before `from` is the first that can still count. Its rows are for
 * `verdictSpansOf`.
 */
export const selectVerdictSpans = (db: Database, { numbers, from }: SpansOf) =>
  db.all<VerdictSpanRow>(
    sql`SELECT v.monitor, v.since, v.verdict
        FROM json_each(${JSON.stringify(numbers)}) AS wanted
        CROSS JOIN verdict_changes AS v
        WHERE v.monitor = wanted.value AND v.at >= ifnull(
          (SELECT max(past.at) FROM verdict_changes AS past WHERE past.monitor = wanted.value AND past.at <= ${from}), 0)
        ORDER BY v.monitor, v.at, v.since`,
  );

export const verdictSpansOf = (
  numbers: readonly number[],
  rows: readonly VerdictSpanRow[],
): Map<number, VerdictSpan[]> => {
  const spans = new Map<number, VerdictSpan[]>(numbers.map((number) => [number, []]));
  for (const { monitor, since, verdict } of rows) spans.get(monitor)?.push({ since, verdict });
  return new Map([...spans].map(([number, notified]) => [number, spansOf(notified)]));
};
