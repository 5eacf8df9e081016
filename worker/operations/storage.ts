import { dropTicks, noteStorage, oldestSlot, readStorage } from '../db/operations/storage.ts';
import { dropBefore, storageLevel, usedPercent } from '../domain/operations/storage.ts';
import { newId } from '../ids.ts';
import { log } from '../log.ts';
import type { Services } from '../services.ts';

/** 10,000 monitors in three regions at 30 s write 600 batches a minute: this is more than that. */
const batchesPerStep = 500;
const stepsPerMinute = 4;

/**
 * Deletes level 0 of the ticks when it is too old, or when the database has no room for it, a little in each minute, and stores
 * the size of the database.
 */
export const keepStorage = async ({ config, d1, now }: Services): Promise<void> => {
  const at = now();
  const limitBytes = config.databaseLimitBytes;
  let sizeBytes = (await readStorage(d1))?.sizeBytes ?? 0;
  const { at: before, forRoom } = dropBefore({
    ...{ now: at, days: config.tickDays, sizeBytes, limitBytes },
    oldest: await oldestSlot(d1),
  });
  let dropped = 0;
  for (let step = 0; step < stepsPerMinute; step++) {
    const done = await dropTicks(d1, before, batchesPerStep);
    sizeBytes = done.sizeBytes;
    dropped += done.dropped;
    if (done.dropped < batchesPerStep) break;
  }
  await noteStorage(d1, { at, sizeBytes, dropped: dropped > 0 ? { before, forRoom } : null });
  const level = storageLevel(sizeBytes, limitBytes);
  if (dropped > 0 || level === 'full')
    log('storage', newId('run'), { level, usedPercent: usedPercent(sizeBytes, limitBytes), dropped, before, forRoom });
};
