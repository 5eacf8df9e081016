import { moveLanes } from '../../db/checks/slowRegions.ts';
import { regionBit } from '../../domain/checks/region.ts';
import type { Services } from '../../services.ts';
import type { Batch, Check, CheckResult } from './batch.ts';

/** Well above the latency of a healthy distant target, even on a busy machine: each change of lanes is a row. */
const slowAboveMs = 2_500;

/** A slow monitor stays in the slow lane of its region until it is faster than this: two limits prevent constant changes. */
const quickBelowMs = 1_200;

/** With a larger share of slow checks, separating them is pointless; and perhaps only this machine is busy. */
const mostSlowShare = 1 / 4;

/** Speed of a batch when its calls have answered. */
export interface Speed {
  checks: readonly Check[];
  results: readonly CheckResult[];
  /** Numbers of monitors with open checks that take longer than usual for such targets. */
  underWay: readonly number[];
}

/**
 * Moves monitors between the lanes of the batch's region when they were slow, or fast again, twice in a row. Writes one row
 * per changed monitor, because a row for every fluctuation would cost more than the lanes save.
 */
export const noteSpeed = async ({ d1 }: Services, batch: Batch, speed: Speed): Promise<void> => {
  const of = { ...batch, bit: regionBit(batch.region) };
  await moveLanes(d1, of, [
    { to: 'slow', monitors: slowerOf(batch, speed), before: { aboveMs: slowAboveMs } },
    { to: 'normal', monitors: quickerOf(speed), before: { belowMs: quickBelowMs } },
  ]);
};

/** A failing monitor is in the slow lane anyway. */
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
