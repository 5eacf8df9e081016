import { expect, test } from 'vitest';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { intervalsSeconds, regionStaggerMs } from '../../../worker/domain/checks/schedule.ts';
import { type LastSeen, staleRegions, storedWithinMs } from '../../../worker/domain/verdict/freshness.ts';

const all: Region[] = ['weur', 'enam', 'apac', 'oc'];
const lostSlot = 3;

/** The data at `now`, when ticks are stored as late as they may be and one check of the first region is lost. */
const lastSeenAt = (regions: readonly Region[], intervalMs: number, timeoutMs: number, now: number): LastSeen => {
  const latest = regions.map((region, index) => {
    const staggerMs = regionStaggerMs(index, regions.length, intervalMs / 1000);
    const slots = [0, 1, 2, 3, 4, 5].filter((slot) => index > 0 || slot !== lostSlot);
    const stored = slots
      .map((slot) => slot * intervalMs + staggerMs)
      .filter((at) => at + storedWithinMs({ timeoutMs }) <= now);
    return [region, Math.max(0, ...stored)] as const;
  });
  return Object.fromEntries(latest);
};

test('ticks that wait as long as they may do not count as stale, even when one check is lost', () => {
  for (const count of [1, 2, 3, 4])
    for (const seconds of intervalsSeconds)
      for (const timeoutMs of [1_000, 10_000, 60_000]) {
        const [regions, intervalMs] = [all.slice(0, count), seconds * 1000];
        const policy = { regions, intervalMs, timeoutMs };
        for (let now = storedWithinMs({ timeoutMs }) + intervalMs; now < 5 * intervalMs; now += intervalMs / 10) {
          const heard = lastSeenAt(regions, intervalMs, timeoutMs, now);
          expect(staleRegions(regions, heard, policy, now), `${count} regions, ${seconds} s, ${now} ms`).toEqual([]);
        }
      }
});
