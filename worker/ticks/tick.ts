import type { Batch } from '../checks/pipeline/batch.ts';
import type { Outcome } from '../domain/checks/outcome.ts';

/** An outcome on its way into its batch's row. `monitor` is the number of the monitor. */
export interface Tick {
  monitor: number;
  outcome: Outcome;
}

/** Ticks that belong into one row. */
export interface TickPart {
  batch: Pick<Batch, 'cohort' | 'slot' | 'region' | 'lane'>;
  ticks: readonly Tick[];
}
