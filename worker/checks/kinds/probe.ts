import type { Answer, Health, Reason } from '../../domain/checks/outcome.ts';
import type { TargetRules } from '../../domain/checks/target.ts';

export interface HttpTarget {
  kind: 'http';
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | null;
  /** As people write it: `200-399, 401`. */
  expectedStatus: string;
  /** 0: a redirect is the answer and is judged as it is. */
  maxRedirects: number;
  bodyContains: string | null;
  bodyNotContains: string | null;
  /** Whether an answer of its bot protection counts as down; else it says nothing. Older monitors have none. */
  challengeCountsAsDown?: boolean;
}

/** What is probed, by kind. A new kind is one file beside this one, one member here and one line in `probes`. */
export type Target = HttpTarget;

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
  /** workerd on somebody's machine: its exceptions tell of targets (failure.ts). Never in a deployment. */
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

export interface ProbeResult {
  health: Health | 'unknown';
  reason: Reason;
  /** HTTP status of the last hop, where an answer came. */
  status: number | null;
  latencyMs: number;
  answer?: Answer;
}

export type Probe<T extends Target> = (request: ProbeRequest & { target: T }) => Promise<ProbeResult>;
