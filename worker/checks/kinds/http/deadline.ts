import type { SetDeadline } from '../probe.ts';

/** Aborts after so many ms of the target's own time. `set` may share a timer between many. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #set: SetDeadline;
  #pending: ReturnType<SetDeadline> | null = null;
  #endsAt = 0;

  constructor(ms: number, set: SetDeadline = ownTimer) {
    this.#set = set;
    this.resume(ms);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Returns how much of it is left, ms. */
  pause(): number {
    this.#pending?.lift();
    return Math.max(0, this.#endsAt - Date.now());
  }

  resume(ms: number): void {
    this.#endsAt = Date.now() + ms;
    this.#pending = this.#set(ms, () => this.#controller.abort());
  }
}

const ownTimer: SetDeadline = (ms, pass) => {
  const timer = setTimeout(pass, ms);
  return { lift: () => clearTimeout(timer) };
};

const steps = 6;

/**
 * Aborts with `outer`, or after `ms` in several steps: where the machine itself stood still meanwhile, what has arrived is
 * read between them, and does not count as late.
 */
export const abortInSteps = (ms: number, outer: AbortSignal): AbortSignal => {
  const controller = new AbortController();
  const step = (left: number) => {
    if (left === 0) controller.abort();
    else if (!outer.aborted) setTimeout(() => step(left - 1), ms / steps);
  };
  step(steps);
  return AbortSignal.any([outer, controller.signal]);
};
