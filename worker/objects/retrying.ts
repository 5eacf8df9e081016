import type { MonitorRef } from '../checks/monitorRef.ts';
import { pauseMs } from '../domain/backoff.ts';
import type { Outcome } from '../domain/outcome.ts';

const pauses = { firstMs: 5_000, maxMs: 120_000 };

/** More than come of one monitor before its regions have been heard again: later ones replace the oldest. */
const maxParked = 20;

/** An outcome that could not be folded, because what holds around the monitor could not be read. */
export interface Parked {
  ref: MonitorRef;
  outcome: Outcome;
  changedAt: number;
  correlationId: string;
}

/** What a Monitor object could not do, and when it tries again. */
export interface Retry {
  /** In a row. */
  failures: number;
  /** Ms since the epoch. */
  at: number;
  parked: Parked[];
}

/**
 * The next attempt after a failure: exponential, and with jitter, since with a database in trouble ten thousand objects
 * fail at once. Calls that fail before it is due, beside one another, are one failure.
 */
export const afterFailure = (before: Retry | undefined, now: number, random: number): Retry => {
  if (before && before.at > now) return before;
  const failures = (before?.failures ?? 0) + 1;
  return { failures, at: now + pauseMs(failures, pauses, random), parked: before?.parked ?? [] };
};

export const withParked = (retry: Retry, parked: Parked): Retry => ({
  ...retry,
  parked: [...retry.parked, parked].slice(-maxParked),
});
