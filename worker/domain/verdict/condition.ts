import type { Region } from '../checks/region.ts';
import type { Verdict } from '../history/uptime.ts';
import type { DecidedVerdict } from './state.ts';

/** Conditions of a monitor beside its verdict, derived from the health of its regions. */

export const conditions = ['regional', 'flapping'] as const;
export type Condition = (typeof conditions)[number];

/** How urgently a verdict asks for attention; lists show the highest first. The database derives the same (db/schema/monitors.ts). */
export const urgencies: Record<Verdict, number> = {
  down: 5,
  degraded: 4,
  unknown: 3,
  up: 2,
  maintenance: 1,
  paused: 0,
};

export interface Judged {
  verdict: Verdict;
  regions: readonly Region[];
  regionHealth: Partial<Record<Region, DecidedVerdict>>;
}

export interface RegionalProblem {
  failing: Region[];
  /** How many others pass. */
  passing: number;
}

/** Regions that fail while the monitor as a whole passes; null where there are none. Distrusted regions do not count. */
export const regionalProblem = (
  { verdict, regions, regionHealth }: Judged,
  distrusted: readonly Region[],
): RegionalProblem | null => {
  if (verdict !== 'up' && verdict !== 'degraded') return null;
  const trusted = regions.filter((region) => !distrusted.includes(region));
  const failing = trusted.filter((region) => regionHealth[region] === 'down');
  const passing = trusted.filter((region) => regionHealth[region] === 'up' || regionHealth[region] === 'degraded');
  return failing.length > 0 ? { failing, passing: passing.length } : null;
};

/** Unknown because a region has not sent its first outcome yet, not because its data became stale. */
export const isWaiting = ({ verdict, regions, regionHealth }: Judged): boolean =>
  verdict === 'unknown' && regions.some((region) => regionHealth[region] === undefined);

export const conditionsOf = (monitor: Judged & { flapping: boolean }, distrusted: readonly Region[]): Condition[] => [
  ...(regionalProblem(monitor, distrusted) ? (['regional'] as const) : []),
  ...(monitor.flapping ? (['flapping'] as const) : []),
];
