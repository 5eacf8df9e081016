import type { Policy } from './policy.ts';

/** A monitor is stable again when nothing changed for half the time in which its changes were counted. */
export const stableAfterMs = ({ flapping }: Pick<Policy, 'flapping'>) => Math.floor(flapping.withinMs / 2);

/** The changes that still count, ascending. */
export const recentChanges = (changes: readonly number[], { flapping }: Pick<Policy, 'flapping'>, now: number) =>
  changes.filter((at) => at > now - flapping.withinMs);

export const isFlapping = (
  wasFlapping: boolean,
  changes: readonly number[],
  policy: Pick<Policy, 'flapping'>,
  now: number,
): boolean =>
  wasFlapping
    ? (changes.at(-1) ?? Number.NEGATIVE_INFINITY) + stableAfterMs(policy) > now
    : changes.length > policy.flapping.changes;
