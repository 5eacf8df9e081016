import type { Batch, CheckResult } from '../checks/check.ts';

/** When no check of a call could begin for this long, the slots are held by targets that do not answer. */
const stalledAfterMs = 400;

/** One call of a Prober: which of its checks are still open, and what those that ended brought. */
export class Call {
  readonly batch: Batch;
  open: number;
  stalled = false;
  #results: CheckResult[] = [];
  #lastBegunAt = Date.now();
  #wake: (() => void) | undefined;
  #wakeAtEach = false;

  constructor(batch: Batch, checks: number) {
    this.batch = batch;
    this.open = checks;
  }

  begin(at: number) {
    this.#lastBegunAt = at;
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

  /** Until all are done, the time is up, or the call is stalled (only asked where checks may be handed back). */
  async untilAnswer(withinMs: number, mayHandBack: boolean, someWait: () => boolean): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (this.open > 0) {
      const now = Date.now();
      const stallAt = mayHandBack && someWait() ? this.#lastBegunAt + stalledAfterMs : Infinity;
      this.stalled = now >= stallAt;
      if (this.stalled || now >= deadline) return;
      await this.#sleep(Math.min(deadline, stallAt) - now);
    }
  }

  /** Until there is a result to take, or nothing is open any more. */
  async untilSome(): Promise<void> {
    this.#wakeAtEach = true;
    while (this.open > 0 && this.#results.length === 0) await this.#sleep(60_000);
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
