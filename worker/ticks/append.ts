import type { Batch } from '../checks/pipeline/batch.ts';
import { retryWrite } from '../db/core/retrying.ts';
import { appendToTickRow } from '../db/history/tickRows.ts';
import type { Services } from '../services.ts';
import { packTicks } from './format.ts';
import type { Tick, TickPart } from './tick.ts';

/**
 * Stores the outcomes of a batch, or of the part of it that is known so far, in the batch's one row. Appending twice
 * changes nothing: what a row already says about a monitor stays. D1 bills one row for each call.
 */
export const appendTicks = async (
  { d1 }: Pick<Services, 'd1'>,
  batch: Batch,
  ticks: readonly Tick[],
): Promise<void> => {
  // A database that is overloaded is left alone: what it does not take is held (objects/backlog.ts).
  await retryWrite(() => appendToTickRow(d1, batch, packTicks(ticks)).run(), { overloaded: 1 });
};

/** The same for several batches in one transaction, and tried once. */
export const appendParts = async ({ d1 }: Pick<Services, 'd1'>, parts: readonly TickPart[]): Promise<void> => {
  const statements = parts.map(({ batch, ticks }) => appendToTickRow(d1, batch, packTicks(ticks)));
  await retryWrite(() => d1.batch(statements), { transient: 1, overloaded: 1 });
};
