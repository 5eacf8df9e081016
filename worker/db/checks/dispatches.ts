import { desc, isNotNull, type SQL, sql } from 'drizzle-orm';
import { dispatchGap, dispatchLeadMs, dispatchWindowMs } from '../../domain/checks/schedule.ts';
import type { Span } from '../../domain/history/uptime.ts';
import { type Stall, stallAt } from '../../domain/verdict/stall.ts';
import type { Database } from '../core/client.ts';
import { retryWrite } from '../core/retrying.ts';
import { dispatches } from '../schema.ts';

/**
 * Times in `[from, to)` (ms) in which no checks were dispatched, ascending. A dispatched minute covers the minute of
 * due times that begins `dispatchLeadMs` after it. Costs some rows per gap, however long the period is.
 */
export const listDispatchGaps = async (db: Database, span: Span): Promise<Span[]> =>
  dispatchGapsOf(await selectDispatchGaps(db, span));

/** A finished minute, and the one before it. */
export interface DispatchPair {
  previous: number;
  minute: number;
}

/** Its rows are for `dispatchGapsOf`. */
export const selectDispatchGaps = (db: Database, { from, to }: Span) => {
  // Two minutes that never ran stand for the edges: one whose cover ends at `from`, one whose cover begins at `to`.
  const first = from - (dispatchLeadMs + dispatchWindowMs);
  const last = to - dispatchLeadMs;
  return db.all<DispatchPair>(
    sql`WITH edges AS (
          SELECT minute FROM dispatches INDEXED BY dispatches_maybe_after_gap
          WHERE finished_at IS NOT NULL AND follows = 0 AND minute > ${first} AND minute < ${last}
          UNION ALL SELECT ${last}
        ), pairs AS (SELECT minute, ifnull(${finishedBefore(sql`edges.minute`, first)}, ${first}) AS previous FROM edges)
        SELECT previous, minute FROM pairs WHERE minute - previous > ${dispatchWindowMs} ORDER BY minute`,
  );
};

export const dispatchGapsOf = (pairs: readonly DispatchPair[]): Span[] =>
  pairs.flatMap(({ previous, minute }) => dispatchGap(previous, minute) ?? []);

const finishedBefore = (minute: SQL, after: number) => sql`(
  SELECT before.minute FROM dispatches AS before
  WHERE before.minute < ${minute} AND before.minute > ${after} AND before.finished_at IS NOT NULL
  ORDER BY before.minute DESC LIMIT 1)`;

/**
 * Claims a minute at `now` (ms) for `claimMs`. `done`: its checks were sent; `sent`: it is ours, and these regions (bits)
 * have their messages from a run that failed; `until`: another run has it for so long.
 */
export const claimMinute = async (
  { d1 }: { d1: D1Database },
  minute: number,
  now: number,
  claimMs: number,
): Promise<'done' | { sent: number } | { until: number }> => {
  // The name identifies a claim whose answer was lost.
  const statement = d1
    .prepare(
      `INSERT INTO dispatches (minute, claimed_at, claim) VALUES (?1, ?2, ?4)
       ON CONFLICT DO UPDATE SET claimed_at = ?2, claim = ?4
         WHERE finished_at IS NULL AND (claimed_at <= ?2 - ?3 OR claim = ?4)
       RETURNING sent_regions AS sent`,
    )
    .bind(minute, now, claimMs, crypto.randomUUID());
  const claim = await retryWrite(() => statement.all<{ sent: number }>());
  if (claim.results[0]) return claim.results[0];
  const { results } = await d1
    .prepare('SELECT claimed_at, finished_at FROM dispatches WHERE minute = ?1')
    .bind(minute)
    .all<{ claimed_at: number; finished_at: number | null }>();
  const [row] = results;
  return row?.finished_at ? 'done' : { until: (row?.claimed_at ?? now) + claimMs };
};

/** Releases a claim of `claimedAt` for the next run. `sent`: the regions (bits) that have all their messages. */
export const releaseMinute = ({ d1 }: { d1: D1Database }, minute: number, claimedAt: number, sent: number) => {
  const statement = d1
    .prepare(
      `UPDATE dispatches SET claimed_at = 0, sent_regions = ?3
       WHERE minute = ?1 AND claimed_at = ?2 AND finished_at IS NULL`,
    )
    .bind(minute, claimedAt, sent);
  return retryWrite(() => statement.run());
};

/** Idempotent, and repeated once where it failed: sent messages must not be sent again because of that. */
export const finishMinute = async (
  { d1, now }: { d1: D1Database; now: () => number },
  minute: number,
  messages: number,
  checks: number,
): Promise<void> => {
  const statement = d1
    .prepare(
      `UPDATE dispatches SET finished_at = ?2, messages = ?3, checks = ?4, follows = EXISTS (
         SELECT 1 FROM dispatches AS before
         WHERE before.minute >= ?1 - ?5 AND before.minute < ?1 AND before.finished_at IS NOT NULL)
       WHERE minute = ?1`,
    )
    .bind(minute, now(), messages, checks, dispatchWindowMs);
  await retryWrite(() => statement.run());
};

/** The newest minute whose dispatch was finished, ms; null before the first. */
export const lastDispatchedMinute = async (db: Database): Promise<number | null> => {
  const [row] = await db
    .select({ minute: dispatches.minute })
    .from(dispatches)
    .where(isNotNull(dispatches.finishedAt))
    .orderBy(desc(dispatches.minute))
    .limit(1);
  return row?.minute ?? null;
};

/** Whether a cron run ever got this far. Costs one row read. */
export const hasCronRun = async (db: Database): Promise<boolean> =>
  (await db.select({ minute: dispatches.minute }).from(dispatches).limit(1)).length > 0;

/** After a stall, each monitor is checked, or found stale, within its interval, which is an hour at most. */
const settledAfterMs = 2 * 3_600_000;

/** The stall that lasts at `now` (ms), or the last one that ended in the hours before; null where there is none. */
export const readStall = async (db: Database, now: number): Promise<Stall | null> =>
  stallOf(await selectStall(db, now), now);

export interface StallRow {
  /** The newest minute whose dispatch was finished; null before the first. */
  lastMinute: number | null;
  /** Where nothing was ever dispatched: since the first monitor was created. */
  firstMonitorAt: number | null;
  /** The last hole between dispatched minutes that ended in these hours, with its true beginning. */
  previous: number | null;
  minute: number | null;
}

/** One row, for `stallOf`; reads some rows, whatever was dispatched. */
export const selectStall = (db: Database, now: number) =>
  db.all<StallRow>(
    sql`WITH edges AS (
          SELECT minute FROM dispatches INDEXED BY dispatches_maybe_after_gap
          WHERE finished_at IS NOT NULL AND follows = 0 AND minute >= ${now - settledAfterMs}
        ), pairs AS (SELECT minute, ${finishedBefore(sql`edges.minute`, 0)} AS previous FROM edges)
        SELECT ${lastFinished} AS lastMinute,
          CASE WHEN ${lastFinished} IS NULL THEN (SELECT min(since) FROM cohort_memberships WHERE until IS NULL) END AS firstMonitorAt,
          gap.previous, gap.minute
        FROM (SELECT 1) LEFT JOIN (
          SELECT previous, minute FROM pairs WHERE minute - previous > ${2 * dispatchWindowMs}
          ORDER BY minute DESC LIMIT 1) AS gap`,
  );

const lastFinished = sql`(SELECT minute FROM dispatches WHERE finished_at IS NOT NULL ORDER BY minute DESC LIMIT 1)`;

export const stallOf = ([row]: readonly StallRow[], now: number): Stall | null => {
  const lasting = stallAt(row?.lastMinute ?? row?.firstMonitorAt ?? now, now);
  if (lasting || !row || row.previous === null || row.minute === null) return lasting;
  return dispatchGap(row.previous, row.minute);
};

/** The latest minute that a run claimed at `at` (ms) or before; null where none did. */
export const latestMinuteClaimedBy = async (d1: D1Database, at: number): Promise<number | null> => {
  const row = await d1
    .prepare('SELECT max(minute) AS minute FROM dispatches WHERE claimed_at <= ?1')
    .bind(at)
    .first<{ minute: number | null }>();
  return row?.minute ?? null;
};
