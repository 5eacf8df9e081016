/** A deadline that can be cancelled. */
export interface Deadline {
  lift(): void;
}

/**
 * Deadlines of an object that share one timer. Each probe has a deadline, nearly all are cancelled early, and a timer for
 * each costs about as much as the rest of a probe's bookkeeping. No timer runs when none is pending: it would keep the object
 * alive.
 */
export class Deadlines {
  readonly #pending = new Set<{ at: number; pass: () => void }>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #firesAt = Number.POSITIVE_INFINITY;

  /** Calls `pass` after `ms`, unless the deadline is cancelled before. */
  set(ms: number, pass: () => void): Deadline {
    const one = { at: Date.now() + ms, pass };
    this.#pending.add(one);
    this.#arm();
    return {
      lift: () => {
        this.#pending.delete(one);
        if (this.#pending.size === 0) this.#disarm();
      },
    };
  }

  /** A timer that fires too early, because its deadline was cancelled, is set again; so cancelling sets none. */
  #arm() {
    const next = Math.min(...[...this.#pending].map(({ at }) => at));
    if (next >= this.#firesAt) return;
    this.#disarm();
    if (next === Number.POSITIVE_INFINITY) return;
    this.#firesAt = next;
    this.#timer = setTimeout(() => this.#fire(), Math.max(0, next - Date.now()));
  }

  #disarm() {
    clearTimeout(this.#timer);
    this.#firesAt = Number.POSITIVE_INFINITY;
  }

  #fire() {
    this.#firesAt = Number.POSITIVE_INFINITY;
    const now = Date.now();
    for (const one of [...this.#pending].filter(({ at }) => at <= now)) {
      this.#pending.delete(one);
      one.pass();
    }
    this.#arm();
  }
}
