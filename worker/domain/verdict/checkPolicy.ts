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
  /** The expected interval of data: much older data is stale. */
  intervalMs: number;
  timeoutMs: number;
  /** More than so many changes between up and down within this time are flapping. */
  flapping: { changes: number; withinMs: number };
  /** Ascending and disjoint; ms since the epoch. They suppress alerts. */
  maintenance: readonly Span[];
  /** Regions whose own view is broken: their outcomes do not vote. */
  distrusted: readonly Region[];
  /** What the monitor depends on: while one of these is down, its own alerts are suppressed. */
  dependencies: readonly Dependency[];
}

/** The parts of another monitor that matter to its dependents. */
export interface Dependency {
  monitorId: string;
  name: string;
  /** `suspect`: not down, but confirmation is running, so it may turn down soon. */
  standing: 'up' | 'suspect' | 'down';
}

/** The part of a policy that people set, with the names and units of the API. */
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

/** All inputs of a judgement: the settings, and the present context of the monitor. */
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

/** The policy of these regions: defaults, overridden by the given settings. */
export const policyOf = (
  regions: CheckPolicy['regions'],
  given: Partial<Omit<CheckPolicy, 'regions'>> = {},
): CheckPolicy => ({
  ...checkPolicyFrom(ordinary),
  ...given,
  regions,
});
