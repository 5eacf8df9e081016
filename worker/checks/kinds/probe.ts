import type { Health } from '../../domain/checks/outcome.ts';
import type { Reason } from '../../domain/checks/reasons.ts';
import type { TargetRules } from '../../domain/checks/target.ts';
import type { Kind, SettingsOf } from './kind.ts';

/** What is probed: a kind with its settings, secrets in clear. */
export type Target = { [K in Kind]: { kind: K } & SettingsOf<K> }[Kind];
export type HttpTarget = Extract<Target, { kind: 'http' }>;

/** Calls `pass` after `ms`, unless it is lifted before. */
export type SetDeadline = (ms: number, pass: () => void) => { lift(): void };

export interface ProbeRequest {
  target: Target;
  timeoutMs: number;
  degradedAboveMs: number | null;
  /** Where it may look, redirects included (domain/checks/target.ts). */
  allowPrivateTargets: TargetRules | boolean;
  /** Headers that say who asks. */
  identity?: Record<string, string>;
  /** workerd on somebody's machine: its exceptions show faults of targets (failure.ts). Never in a deployment. */
  localRuntime: boolean;
  /**
   * Whether it may follow a redirect to this address now; may wait, which counts for no latency. Left out: always.
   * What it throws is a fault of ours.
   */
  mayFollow?: (url: string) => Promise<boolean>;
  /** A failure would be news: what was answered is kept as evidence. */
  keepAnswer: boolean;
  /** Where many probes share a timer; without it each has its own. */
  deadlines?: SetDeadline;
}

/** The beginning of what a target answered, as it came. */
export interface RawEvidence {
  headers: readonly (readonly [name: string, value: string])[];
  /** Null where it could not be read. */
  body: string | null;
  cut: boolean;
  retried?: true;
  /** Secrets beside the monitor's own, such as cookies that the target set on the way. */
  secrets?: readonly string[];
}

/** Of one attempt. `evidence` is as the target sent it: the pipeline takes the monitor's secrets out (evidence.ts). */
export interface Finding {
  health: Health | 'unknown';
  reason: Reason;
  /** HTTP status of the last hop, or what else the kind has, where an answer came. */
  status: number | null;
  latencyMs: number;
  evidence?: RawEvidence;
}

/** Ends at `timeoutMs` and never throws: a failing target is a finding. */
export type Probe<T extends Target> = (request: ProbeRequest & { target: T }) => Promise<Finding>;
