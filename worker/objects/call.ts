import type { Batch, CheckResult } from '../checks/check.ts';

/** One call of a Prober: which of its checks are still open, and what those that ended brought. */
export class Call {
  readonly batch: Batch;
  open: number;
  stalled = false;
  #results: CheckResult[] = [];
  #wake: (() => void) | undefined;
  #wakeAtEach = false;

  constructor(batch: Batch, checks: number) {
    this.batch = batch;
    this.open = checks;
  }

  /** A check ended: with a result, or null where it was dropped. */
  end(result: CheckResult | null) {
    this.open--;
    if (result) this.#results.push(result);
    if (this.#wakeAtEach || this.open === 0) this.#wake?.();
  }

  /** These were taken back before they began. */
  forget(checks: number) {
    this.open -= checks;
  }

  take(): CheckResult[] {
    return this.#results.splice(0);
  }

  /**
   * Until all are done, the time is up, or `stallAt` (asked again each time, ms since the epoch) has come. While checks
   * wait and their line moves, the time is twice as long: what is only busy is better answered in one piece.
   */
  async untilAnswer(withinMs: number, stallAt: () => number | null): Promise<void> {
    const startedAt = Date.now();
    while (this.open > 0) {
      const now = Date.now();
      const stall = stallAt();
      const deadline = startedAt + (stall === null ? withinMs : 2 * withinMs);
      this.stalled = stall !== null && now >= stall;
      if (this.stalled || now >= deadline) return;
      await this.#sleep(Math.min(deadline, stall ?? deadline) - now);
    }
  }

  /** What ends from now on, until nothing is open: in groups of what ends within `gatherMs` of their first. */
  async *rest(gatherMs: number): AsyncGenerator<CheckResult[]> {
    this.#wakeAtEach = true;
    // What ends while a group is being delivered is there when the loop comes round, though nothing may be open then.
    while (this.open > 0 || this.#results.length > 0) {
      while (this.open > 0 && this.#results.length === 0) await this.#sleep(60_000);
      if (this.open > 0) await scheduler.wait(gatherMs);
      const group = this.take();
      if (group.length > 0) yield group;
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.#wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}
