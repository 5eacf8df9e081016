import type { Services } from '../../services.ts';
import type { Batch } from '../pipeline/batch.ts';

/**
 * The Prober for a chunk of a batch: chunks rotate through shards, the first of each batch to objects that gather its ticks,
 * the others to objects that gather none, and moved chunks to objects for moved chunks only.
 */
export const proberName = (
  { config }: Pick<Services, 'config'>,
  batch: Pick<Batch, 'cohort' | 'lane'>,
  index: number,
  move: number,
) => {
  const shard = (batch.cohort * 5 + index) % config.proberShards;
  return `${batch.lane}:${move}:${shard}${index > 0 && move === 0 ? ':aside' : ''}`;
};

/** The Prober that gathers and keeps the ticks of a batch. */
export const gathererName = (services: Pick<Services, 'config'>, batch: Pick<Batch, 'cohort' | 'lane'>) =>
  proberName(services, batch, 0, 0);
