import type { Services } from '../../services.ts';
import type { Batch } from '../pipeline/batch.ts';

/**
 * Which Prober takes a chunk of a batch: chunks go to shards in turn, the first of each batch to objects that gather its
 * ticks, the others to objects that gather none, and what is moved on to objects that only take what was moved.
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

/** The Prober that gathers and holds the ticks of a batch. */
export const gathererName = (services: Pick<Services, 'config'>, batch: Pick<Batch, 'cohort' | 'lane'>) =>
  proberName(services, batch, 0, 0);
