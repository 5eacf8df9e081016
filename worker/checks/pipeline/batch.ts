import type { Lane } from '../../db/schema.ts';
import type { Outcome } from '../../domain/checks/outcome.ts';
import type { RedirectDomains } from '../../domain/checks/redirects.ts';
import type { Region } from '../../domain/checks/region.ts';
import type { DecidedVerdict } from '../../domain/verdict/state.ts';
import type { Target } from '../kinds/probe.ts';

/** Where a group of checks belongs: the key of its row of ticks, and the id that follows it through the logs. */
export interface Batch {
  correlationId: string;
  cohort: number;
  intervalSeconds: number;
  region: Region;
  slot: number;
  lane: Lane;
}

/** One check, ready to be probed from one region. */
export interface Check {
  monitor: number;
  monitorId: string;
  teamId: string;
  target: Target;
  timeoutMs: number;
  /** Other domains to which its target redirects. */
  redirectDomains: RedirectDomains;
  /** One check per this many intervals. */
  stretch: number;
  degradedAboveMs: number | null;
  /** When the monitor, or anything else it is judged by, was last changed by a person, as the check found it. */
  changedAt: number;
  /** The monitor's known state in this region: an outcome that confirms it is quiet. */
  known: { health: DecidedVerdict; suspect: boolean; slow: boolean; isNew?: boolean };
  /** Its latency in the batch's previous check; null where that is not known. */
  lastMs: number | null;
  /** A member of the team has a dashboard open. */
  watched: boolean;
}

export interface CheckResult {
  check: Check;
  outcome: Outcome;
}
