import type { Region } from '../checks/region.ts';
import type { Span } from '../history/uptime.ts';
import type { Quorum } from './votesNeeded.ts';

/** How the health of a monitor is decided. */
export interface CheckPolicy {
  regions: readonly Region[];
  quorum: Quorum;
  /** Consecutive failing probes of a region before it counts as failing. */
  confirmations: number;
  /** Consecutive passing probes of a region before it counts as passing again. */
  recoveryConfirmations: number;
  /** Consecutive slow (or again quick) probes of a region before it counts as degraded (or as up). */
  degradedConfirmations: number;
  /** How long a quorum must hold before the verdict turns down, or away from down. */
  confirmationPeriodMs: number;
  recoveryPeriodMs: number;
  /** What is to be expected of regions: data that is much older is no longer fresh. */
  intervalMs: number;
  timeoutMs: number;
  /** More than so many changes between up and down within this time are flapping. */
  flapping: { changes: number; withinMs: number };
  /** Ascending and disjoint; ms since the epoch. In them nobody is alerted. */
  maintenance: readonly Span[];
  /** Regions whose own view is broken: their outcomes do not vote. */
  distrusted: readonly Region[];
  /** What the monitor depends on: while one of these is down, its own alerts are suppressed. */
  dependencies: readonly Dependency[];
}

/** Another monitor, as far as it matters to one that depends on it. */
export interface Dependency {
  monitorId: string;
  name: string;
  /** `suspect`: not down, but confirmation is running, so it may be in a moment. */
  standing: 'up' | 'suspect' | 'down';
}

/** What people choose of a policy, with the names and units of the API. */
export interface CheckPolicySettings {
  quorum: Quorum;
  confirmations: number;
  recoveryConfirmations: number;
  degradedConfirmations: number;
  confirmationPeriodSeconds: number;
  recoveryPeriodSeconds: number;
  flappingChanges: number;
  flappingWithinMinutes: number;
}

export const defaultPolicySettings: CheckPolicySettings = {
  quorum: 'majority',
  confirmations: 2,
  recoveryConfirmations: 2,
  degradedConfirmations: 3,
  confirmationPeriodSeconds: 0,
  recoveryPeriodSeconds: 0,
  flappingChanges: 6,
  flappingWithinMinutes: 30,
};

/** These of all that a monitor has. */
export const checkPolicySettingsOf = (given: CheckPolicySettings): CheckPolicySettings => ({
  quorum: given.quorum,
  confirmations: given.confirmations,
  recoveryConfirmations: given.recoveryConfirmations,
  degradedConfirmations: given.degradedConfirmations,
  confirmationPeriodSeconds: given.confirmationPeriodSeconds,
  recoveryPeriodSeconds: given.recoveryPeriodSeconds,
  flappingChanges: given.flappingChanges,
  flappingWithinMinutes: given.flappingWithinMinutes,
});

/** All that a monitor is judged by: what people chose, and what holds around it just now. */
export interface JudgeSettings
  extends CheckPolicySettings,
    Pick<CheckPolicy, 'maintenance' | 'distrusted' | 'dependencies'> {
  regions: Region[];
  intervalSeconds: number;
  timeoutMs: number;
}

export const checkPolicyFrom = ({
  regions,
  maintenance,
  distrusted,
  dependencies,
  ...chosen
}: JudgeSettings): CheckPolicy => ({
  regions,
  quorum: chosen.quorum,
  confirmations: chosen.confirmations,
  recoveryConfirmations: chosen.recoveryConfirmations,
  degradedConfirmations: chosen.degradedConfirmations,
  confirmationPeriodMs: chosen.confirmationPeriodSeconds * 1000,
  recoveryPeriodMs: chosen.recoveryPeriodSeconds * 1000,
  intervalMs: chosen.intervalSeconds * 1000,
  timeoutMs: chosen.timeoutMs,
  flapping: { changes: chosen.flappingChanges, withinMs: chosen.flappingWithinMinutes * 60_000 },
  maintenance,
  distrusted,
  dependencies,
});

const ordinary: JudgeSettings = {
  ...defaultPolicySettings,
  regions: [],
  intervalSeconds: 30,
  timeoutMs: 10_000,
  maintenance: [],
  distrusted: [],
  dependencies: [],
};

/** The defaults, for these regions, but for what is given. */
export const policyOf = (
  regions: CheckPolicy['regions'],
  given: Partial<Omit<CheckPolicy, 'regions'>> = {},
): CheckPolicy => ({
  ...checkPolicyFrom(ordinary),
  ...given,
  regions,
});
