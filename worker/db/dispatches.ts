import { desc, isNotNull, sql } from 'drizzle-orm';
import { dispatchGap, dispatchLeadMs, dispatchWindowMs } from '../domain/schedule.ts';
import { type Standstill, standstillAt } from '../domain/standstill.ts';
import type { Span } from '../domain/uptime.ts';
import type { Database } from './client.ts';
import { oldestMembership } from './cohorts.ts';
import { dispatches } from './schema.ts';

/**
 * Times in `[from, to)` (ms) in which no checks were dispatched, ascending. A dispatched minute covers the minute of
 * due times that begins `dispatchLeadMs` after it. Found inside SQL, since a year has half a million minutes.
 */
export const listDispatchGaps = async (db: Database, { from, to }: Span): Promise<Span[]> => {
  const coveredAfterMs = dispatchLeadMs + dispatchWindowMs;
  // Two minutes that never ran stand for the edges: one whose cover ends at `from`, one whose cover begins at `to`.
  const first = from - coveredAfterMs;
  const last = to - dispatchLeadMs;
  const pairs = await db.all<{ previous: number; minute: number }>(
    sql`WITH covered AS (
          SELECT minute FROM dispatches WHERE minute > ${first} AND minute < ${last} AND finished_at IS NOT NULL
          UNION ALL SELECT ${first} UNION ALL SELECT ${last}
        ), pairs AS (SELECT minute, lag(minute) OVER (ORDER BY minute) AS previous FROM covered)
        SELECT previous, minute FROM pairs WHERE minute - previous > ${dispatchWindowMs} ORDER BY minute`,
  );
  return pairs.flatMap(({ previous, minute }) => dispatchGap(previous, minute) ?? []);
};

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
  const claim = await d1
    .prepare(
      `INSERT INTO dispatches (minute, claimed_at) VALUES (?1, ?2)
       ON CONFLICT DO UPDATE SET claimed_at = ?2 WHERE finished_at IS NULL AND claimed_at <= ?2 - ?3
       RETURNING sent_regions AS sent`,
    )
    .bind(minute, now, claimMs)
    .all<{ sent: number }>();
  if (claim.results[0]) return claim.results[0];
  const { results } = await d1
    .prepare('SELECT claimed_at, finished_at FROM dispatches WHERE minute = ?1')
    .bind(minute)
    .all<{ claimed_at: number; finished_at: number | null }>();
  const [row] = results;
  return row?.finished_at ? 'done' : { until: (row?.claimed_at ?? now) + claimMs };
};

/** Gives up a claim of `claimedAt`, for the next run to take. `sent`: the regions (bits) that have all their messages. */
export const releaseMinute = ({ d1 }: { d1: D1Database }, minute: number, claimedAt: number, sent: number) =>
  d1
    .prepare(
      `UPDATE dispatches SET claimed_at = 0, sent_regions = ?3
       WHERE minute = ?1 AND claimed_at = ?2 AND finished_at IS NULL`,
    )
    .bind(minute, claimedAt, sent)
    .run();

/** May be done twice, and is once more where it failed: what was sent is not to be sent again because of that. */
export const finishMinute = async (
  { d1, now }: { d1: D1Database; now: () => number },
  minute: number,
  messages: number,
  checks: number,
): Promise<void> => {
  const finish = () =>
    d1
      .prepare('UPDATE dispatches SET finished_at = ?2, messages = ?3, checks = ?4 WHERE minute = ?1')
      .bind(minute, now(), messages, checks)
      .run();
  await finish().catch(finish);
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

/** Whether a cron run ever came this far. Costs one row read. */
export const hasCronRun = async (db: Database): Promise<boolean> =>
  (await db.select({ minute: dispatches.minute }).from(dispatches).limit(1)).length > 0;

/** After a standstill each monitor is checked, and found silent where it was not, within its interval, which is an hour at most. */
const settledAfterMs = 2 * 3_600_000;

/** The standstill that lasts at `now` (ms), or the last one that ended in the hours before; null where there is none. */
export const readStandstill = async (db: Database, now: number): Promise<Standstill | null> => {
  // Where nothing was ever dispatched, the first monitor has waited for it since it was created.
  const lastMinute = (await lastDispatchedMinute(db)) ?? (await oldestMembership(db)) ?? now;
  return standstillAt(lastMinute, now) ?? lastGap(db, now - settledAfterMs);
};

/** The last hole between dispatched minutes that ended after `since`, with its true beginning. */
const lastGap = async (db: Database, since: number): Promise<Span | null> => {
  const [pair] = await db.all<{ previous: number; minute: number }>(
    sql`WITH lately AS (
          SELECT minute, lag(minute) OVER (ORDER BY minute) AS previous FROM dispatches
          WHERE finished_at IS NOT NULL AND minute >= ifnull(
            (SELECT minute FROM dispatches WHERE finished_at IS NOT NULL AND minute < ${since}
             ORDER BY minute DESC LIMIT 1), 0))
        SELECT previous, minute FROM lately WHERE minute - previous > ${2 * dispatchWindowMs}
        ORDER BY minute DESC LIMIT 1`,
  );
  return pair ? dispatchGap(pair.previous, pair.minute) : null;
};
