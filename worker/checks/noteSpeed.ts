import { slowAfterMs } from '../domain/schedule.ts';
import type { Services } from '../services.ts';
import { type Batch, type CheckResult, regionBit } from './check.ts';

/** A slow monitor travels in the slow lane of its region until it is quicker than this: not at each side of one border. */
const quickBelowMs = 1_200;

/** Writes one row for each monitor that changes lanes in the batch's region, and none otherwise. */
export const noteSpeed = async ({ d1 }: Services, batch: Batch, results: readonly CheckResult[]) => {
  const numbers = (changed: readonly CheckResult[]) => JSON.stringify(changed.map(({ check }) => check.monitor));
  const slower = results.filter((r) => !r.check.known.slow && isSlow(r));
  const quicker = results.filter((r) => r.check.known.slow && isQuick(r));
  const bit = regionBit(batch.region);
  const statements = [
    ...(slower.length > 0
      ? [
          d1
            .prepare(
              'UPDATE monitors SET slow_regions = slow_regions | ?2 WHERE number IN (SELECT value FROM json_each(?1))',
            )
            .bind(numbers(slower), bit),
        ]
      : []),
    ...(quicker.length > 0
      ? [
          d1
            .prepare(
              'UPDATE monitors SET slow_regions = slow_regions & ~?2 WHERE number IN (SELECT value FROM json_each(?1))',
            )
            .bind(numbers(quicker), bit),
        ]
      : []),
  ];
  if (statements.length > 0) await d1.batch(statements);
};

const isSlow = ({ outcome }: CheckResult) => outcome.latencyMs > slowAfterMs;
const isQuick = ({ outcome }: CheckResult) => outcome.health !== 'down' && outcome.latencyMs < quickBelowMs;
