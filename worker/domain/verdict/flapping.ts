import type { CheckPolicy } from './checkPolicy.ts';

type Flapping = Pick<CheckPolicy, 'flapping'>;

/**
 * More changes than this within an hour are flapping under every policy. Each outage writes an incident and notifies up to
 * 100 channels, and the database is shared; six whole outages in an hour are a problem of their own.
 */
export const flappingFloor = { changes: 12, withinMs: 3_600_000, stableAfterMs: 1_800_000 } as const;

/** A monitor is stable again when nothing changed for half the time in which its changes were counted. */
export const stableAfterMs = ({ flapping }: Flapping) => Math.floor(flapping.withinMs / 2);

/** The changes that still count, ascending; at most as many as flapping takes. */
export const recentChanges = (changes: readonly number[], { flapping }: Flapping, now: number) =>
  changes.filter((at) => at > now - flapping.withinMs).slice(-(flapping.changes + 1));

export const isFlapping = (wasFlapping: boolean, changes: readonly number[], policy: Flapping, now: number): boolean =>
  wasFlapping
    ? (changes.at(-1) ?? Number.NEGATIVE_INFINITY) + stableAfterMs(policy) > now
    : changes.length > policy.flapping.changes && recentChanges(changes, policy, now).length > policy.flapping.changes;

/** A change as counted for the floor. Times are ms since the epoch. */
export interface Change {
  at: number;
  inMaintenance: boolean;
}

/** The latest changes and a further one, ascending; at most as many as flapping takes. */
export const withChange = (latest: readonly Change[], change: Change): Change[] =>
  [...latest, change].filter(({ at }) => at > change.at - flappingFloor.withinMs).slice(-(flappingFloor.changes + 1));

/**
 * The end of flapping by the floor alone, ms since the epoch; null where the monitor changes less often. Changes of
 * maintenance count only during it, so that a restart does not make the monitor flapping afterwards.
 */
export const flapsUntil = (latest: readonly Change[], inMaintenance: boolean): number | null => {
  const counted = latest.filter((change) => inMaintenance || !change.inMaintenance);
  const last = counted.at(-1);
  return last && counted.length > flappingFloor.changes ? last.at + flappingFloor.stableAfterMs : null;
};
