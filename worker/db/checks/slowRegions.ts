import type { Region } from '../../domain/checks/region.ts';

/** The latest stored tick counts when it is at most this many intervals old. */
const lookBackIntervals = 3;

/** A batch, and the bit of its region in `slow_regions`. */
interface OfBatch {
  cohort: number;
  slot: number;
  intervalSeconds: number;
  region: Region;
  bit: number;
}

export interface LaneMove {
  to: 'slow' | 'normal';
  /** Numbers of monitors. */
  monitors: readonly number[];
  /** Moved only where the latency (ms) of the tick before was above or below this. */
  before: { aboveMs: number } | { belowMs: number };
}

/** Moves monitors between the lanes of a region: one row for each that changes. */
export const moveLanes = async (d1: D1Database, of: OfBatch, moves: readonly LaneMove[]): Promise<void> => {
  const statements = moves.filter(({ monitors }) => monitors.length > 0).map((move) => statementOf(d1, of, move));
  if (statements.length > 0) await d1.batch(statements);
};

const statementOf = (d1: D1Database, of: OfBatch, { to, monitors, before }: LaneMove) => {
  const [compared, limitMs] = 'aboveMs' in before ? ['>', before.aboveMs] : ['<', before.belowMs];
  const changed = to === 'slow' ? 'slow_regions | ?2' : 'slow_regions & ~?2';
  return d1
    .prepare(
      `UPDATE monitors SET slow_regions = ${changed}
       WHERE number IN (SELECT value FROM json_each(?1)) AND slow_regions <> (${changed}) AND
         (SELECT json_extract(b.ticks, '$."' || number || '"[3]') AS latency FROM tick_batches AS b
          WHERE b.cohort = ?3 AND b.slot < ?4 AND b.slot >= ?4 - ?5 * monitors.stretch AND b.region = ?6 AND latency IS NOT NULL
          ORDER BY b.slot DESC LIMIT 1) ${compared} ?7`,
    )
    .bind(
      JSON.stringify(monitors),
      of.bit,
      of.cohort,
      of.slot,
      lookBackIntervals * of.intervalSeconds * 1000,
      of.region,
      limitMs,
    );
};
