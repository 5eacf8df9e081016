import { moveLanes } from '../../db/checks/slowRegions.ts';
import { regionBit } from '../../domain/checks/region.ts';
import type { Services } from '../../services.ts';
import type { Batch, Check, CheckResult } from './batch.ts';

/** Well above what a healthy distant target takes, even on a busy machine: each change of lanes is a row. */
const slowAboveMs = 2_500;

/** A slow monitor stays in the slow lane of its region until it is quicker than this: not at each side of one border. */
const quickBelowMs = 1_200;

/** Where more of a batch is slow, there are no few to keep apart; and it may well be that only this machine is busy. */
const mostSlowShare = 1 / 4;

/** What is known of a batch's speed when its calls have answered. */
export interface Speed {
  checks: readonly Check[];
  results: readonly CheckResult[];
  /** Numbers of monitors whose checks have been under way for longer than such targets take. */
  underWay: readonly number[];
}

/**
 * Moves monitors between the lanes of the batch's region: those that were slow, or quick again, twice in a row. Writes one
 * row for each that changes, because a row for every change of the weather would cost more than the lanes save.
 */
export const noteSpeed = async ({ d1 }: Services, batch: Batch, speed: Speed): Promise<void> => {
  const of = { ...batch, bit: regionBit(batch.region) };
  await moveLanes(d1, of, [
    { to: 'slow', monitors: slowerOf(batch, speed), before: { aboveMs: slowAboveMs } },
    { to: 'normal', monitors: quickerOf(speed), before: { belowMs: quickBelowMs } },
  ]);
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
