import type { Batch, CheckResult } from '../checks/pipeline/batch.ts';
import { slowAfterMs } from '../domain/checks/schedule.ts';
import { isBusy, noteTimer } from './pressure.ts';
import { WakeableSleep } from './wakeableSleep.ts';

/** Checks that end one after the other are answered together, within this multiple of the requested time. */
const patience = 3;

/** A busy machine gets longer: two answers would add to its load, and meanwhile its queue delivers nothing further. */
const busyPatience = 5;

/** Stragglers that end within this time are delivered together. */
const groupMs = 100;

/** State of the line before the slots, for checks of this call. */
export interface Line {
  /** When any check last got a slot, ms since the epoch. */
  movedAt: number;
  /** Checks of the call wait in the line, and may be handed back. */
  waits: boolean;
}

/** One call of a Prober: its open checks, and the results of the finished ones. */
export class Call {
  readonly batch: Batch;
  readonly #slowAfterMs: number;
  open: number;
  stalled = false;
  #results: CheckResult[] = [];
  readonly #begunAt = new Map<number, number>();
  #endedAt = 0;
  readonly #pause = new WakeableSleep();
  #wakeAtEach = false;

  /** `stallsAfterMs`: after so long without news, checks under way count as slow. */
  constructor(batch: Batch, checks: number, stallsAfterMs = slowAfterMs) {
    this.batch = batch;
    this.open = checks;
    this.#slowAfterMs = stallsAfterMs;
  }

  begin(monitor: number) {
    this.#begunAt.set(monitor, Date.now());
  }

  /** A check ended: with a result, or null where it was dropped. */
  end(result: CheckResult | null, monitor: number) {
    this.open--;
    this.#begunAt.delete(monitor);
    this.#endedAt = Date.now();
    if (result) this.#results.push(result);
    if (this.#wakeAtEach || this.open === 0) this.#pause.wake();
  }

  /** Removes checks that were taken back before they began. */
  forget(checks: number) {
    this.open -= checks;
  }

  /** Numbers of monitors whose checks have been under way for too long. */
  slow(): number[] {
    const since = Date.now() - this.#slowAfterMs;
    return [...this.#begunAt].filter(([, begunAt]) => begunAt < since).map(([monitor]) => monitor);
  }

  take(): CheckResult[] {
    return this.#results.splice(0);
  }

  /**
   * Waits until all are done, the time is up, or the call is stalled: checks wait and nothing moves. While checks keep
   * ending, the time is longer, because two answers cost two rows. On a busy machine nothing counts as stalled: handing
   * checks on to further objects would only add load.
   */
  async untilAnswer(withinMs: number, lineNow: () => Line): Promise<void> {
    const startedAt = Date.now();
    let busyAt = startedAt;
    while (this.open > 0) {
      const now = Date.now();
      const { movedAt, waits } = lineNow();
      const quietAt = Math.max(startedAt, movedAt, this.#endedAt) + this.#slowAfterMs;
      const stallAt = Math.max(quietAt, busyAt + this.#slowAfterMs);
      this.stalled = waits && now >= stallAt;
      const longestAt = startedAt + (isBusy() ? busyPatience : patience) * withinMs;
      const answerAt = this.#endedAt > 0 || waits ? Math.min(longestAt, waits ? stallAt : quietAt) : 0;
      const until = Math.max(startedAt + withinMs, answerAt);
      if (this.stalled || now >= until) return;
      const wakeAt = waits ? Math.min(until, stallAt) : until;
      await this.#pause.sleep(wakeAt - now);
      if (Date.now() >= wakeAt) noteTimer(wakeAt);
      if (isBusy()) busyAt = Date.now();
    }
  }

  /** Later results, in groups, until no check is open; available ones at `until()` (ms since the epoch) at the latest. */
  async *rest(until: () => number): AsyncGenerator<CheckResult[]> {
    this.#wakeAtEach = true;
    // Results that arrive during the delivery of a group are taken by the next iteration, even if no check is open then.
    while (this.open > 0 || this.#results.length > 0) {
      if (this.open > 0 && this.#results.length === 0)
        await this.#pause.sleep(Math.max(0, Math.min(60_000, until() - Date.now())));
      if (this.open > 0 && this.#results.length > 0) await scheduler.wait(groupMs);
      yield this.take();
    }
  }
}
