import type { Policy } from './policy.ts';

type Flapping = Pick<Policy, 'flapping'>;

/** A monitor is stable again when nothing changed for half the time in which its changes were counted. */
export const stableAfterMs = ({ flapping }: Flapping) => Math.floor(flapping.withinMs / 2);

/** The changes that still count, ascending; no more than it takes to be flapping. */
export const recentChanges = (changes: readonly number[], { flapping }: Flapping, now: number) =>
  changes.filter((at) => at > now - flapping.withinMs).slice(-(flapping.changes + 1));

export const isFlapping = (wasFlapping: boolean, changes: readonly number[], policy: Flapping, now: number): boolean =>
  wasFlapping
    ? (changes.at(-1) ?? Number.NEGATIVE_INFINITY) + stableAfterMs(policy) > now
    : changes.length > policy.flapping.changes && recentChanges(changes, policy, now).length > policy.flapping.changes;
