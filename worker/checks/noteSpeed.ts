import type { Services } from '../services.ts';
import { type Batch, type Check, type CheckResult, regionBit } from './check.ts';

/** Well above what a healthy distant target takes, even on a busy machine: each change of lanes is a row. */
const slowAboveMs = 2_500;

/** A slow monitor stays in the slow lane of its region until it is quicker than this: not at each side of one border. */
const quickBelowMs = 1_200;

/** Where more of a batch is slow, there are no few to keep apart; and it may well be that only this machine is busy. */
const mostSlowShare = 1 / 4;

/** The latest stored tick counts when it is no older than so many intervals. */
const lookBackIntervals = 3;

/** What is known of a batch's speed when its calls have answered. */
export interface Speed {
  checks: readonly Check[];
  results: readonly CheckResult[];
  /** Numbers of monitors whose checks have been under way for longer than `slowAfterMs`. */
  underWay: readonly number[];
}

/**
 * Moves monitors between the lanes of the batch's region: those that were slow, or quick again, twice in a row. Writes one
 * row for each that changes, because a row for every change of the weather would cost more than the lanes save.
 */
export const noteSpeed = async ({ d1 }: Services, batch: Batch, speed: Speed): Promise<void> => {
  const statements = [
    ...moveTo(d1, batch, slowerOf(batch, speed), 'slow_regions | ?2', `> ${slowAboveMs}`),
    ...moveTo(d1, batch, quickerOf(speed), 'slow_regions & ~?2', `< ${quickBelowMs}`),
  ];
  if (statements.length > 0) await d1.batch(statements);
};

/** A failing monitor travels in the slow lane anyhow. */
const slowerOf = ({ lane }: Batch, { checks, results, underWay }: Speed): number[] => {
  if (lane !== 'normal') return [];
  const answered = results.filter(({ outcome }) => outcome.latencyMs > slowAboveMs).map(({ check }) => check.monitor);
  const slow = [...new Set([...answered, ...underWay])];
  return slow.length <= checks.length * mostSlowShare ? slow : [];
};

const quickerOf = ({ results }: Speed): number[] =>
  results
    .filter(({ check, outcome }) => check.known.slow && outcome.health !== 'down' && outcome.latencyMs < quickBelowMs)
    .map(({ check }) => check.monitor);

const moveTo = (d1: D1Database, batch: Batch, monitors: readonly number[], changed: string, alsoBefore: string) =>
  monitors.length === 0
    ? []
    : [
        d1
          .prepare(
            `UPDATE monitors SET slow_regions = ${changed}
             WHERE number IN (SELECT value FROM json_each(?1)) AND slow_regions <> (${changed}) AND
               (SELECT json_extract(b.ticks, '$."' || number || '"[3]') AS latency FROM tick_batches AS b
                WHERE b.cohort = ?3 AND b.slot < ?4 AND b.slot >= ?5 AND b.region = ?6 AND latency IS NOT NULL
                ORDER BY b.slot DESC LIMIT 1) ${alsoBefore}`,
          )
          .bind(
            JSON.stringify(monitors),
            regionBit(batch.region),
            batch.cohort,
            batch.slot,
            batch.slot - lookBackIntervals * batch.intervalSeconds * 1000,
            batch.region,
          ),
      ];
