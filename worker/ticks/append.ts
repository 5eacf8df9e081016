import type { Batch, CheckResult } from '../checks/check.ts';
import type { Services } from '../services.ts';
import { packTicks } from './format.ts';

/**
 * Stores the outcomes of a batch, or of the part of it that is known so far, in the batch's one row. Appending twice
 * changes nothing: what a row already says about a monitor stays.
 */
export const appendTicks = async ({ d1 }: Services, batch: Batch, results: readonly CheckResult[]): Promise<void> => {
  const packed = packTicks(results.map(({ check, outcome }) => ({ monitor: check.monitor, outcome })));
  await d1
    .prepare(
      `INSERT INTO tick_batches (cohort, slot, region, lane, ticks) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT DO UPDATE SET ticks = json_patch(excluded.ticks, ticks)`,
    )
    .bind(batch.cohort, batch.slot, batch.region, batch.lane, packed)
    .run();
};
