/**
 * How full the database may become. D1 takes no more rows at its limit, which cannot be raised: 10 GB, or 500 MB on the
 * free plan. https://developers.cloudflare.com/d1/platform/limits/
 */
const warnAt = 0.7;
const dropAt = 0.8;
const fullAt = 0.95;

/** `warning`: the operator should act; `full`: writes are about to fail. */
export const storageLevels = ['ok', 'warning', 'full'] as const;
type StorageLevel = (typeof storageLevels)[number];

export const storageLevel = (sizeBytes: number, limitBytes: number): StorageLevel => {
  const used = sizeBytes / limitBytes;
  if (used >= fullAt) return 'full';
  return used >= warnAt ? 'warning' : 'ok';
};

/** Floors, so that a limit that is not reached never displays as 100. */
export const usedPercent = (sizeBytes: number, limitBytes: number): number =>
  Math.floor((sizeBytes * 100) / limitBytes);

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface Kept {
  now: number;
  /** How many days ticks are to be kept. */
  days: number;
  sizeBytes: number;
  limitBytes: number;
  /** Slot of the oldest tick; null where there are none. */
  oldest: number | null;
}

/**
 * The time before which ticks are deleted (ms), and whether because the database is nearly full. Then the oldest hour is
 * deleted, whatever its age, but never anything of the last day: charts and the sweep for stale regions read it.
 */
export const dropBefore = ({ now, days, sizeBytes, limitBytes, oldest }: Kept): { at: number; forRoom: boolean } => {
  const byAge = now - days * dayMs;
  if (oldest === null || sizeBytes < dropAt * limitBytes) return { at: byAge, forRoom: false };
  const forRoom = Math.min(oldest + hourMs, now - dayMs);
  return forRoom > byAge ? { at: forRoom, forRoom: true } : { at: byAge, forRoom: false };
};
