import type { Tick } from '../ticks/tick.ts';
import type { LatePart } from './rpc.ts';
import { WakeableSleep } from './wakeableSleep.ts';

/** Urgent ticks of other Probers may join the row within this time. */
const joinWithinMs = 500;

/** Longer than any timeout: without news for this long, no more ticks will come. */
const forgetAfterMs = 75_000;

/**
 * The ticks of one batch that ended after their calls had answered, gathered from all of its Probers. The row is written
 * once, when the last of them is done, or earlier for an urgent tick. Lost when the object dies: their outcomes were judged
 * before.
 */
export class Gathering {
  readonly #ticks = new Map<number, Tick>();
  #expected: number | null = null;
  #closed = 0;
  #storeAt = Number.POSITIVE_INFINITY;
  #forgetAt = Date.now() + forgetAfterMs;
  readonly #pause = new WakeableSleep();

  /** The number of calls that will send ticks. Set once all of them have answered. */
  expect(calls: number) {
    this.#expected = calls;
    this.#note();
  }

  add({ ticks, storeBy, closes }: LatePart) {
    for (const tick of ticks) this.#ticks.set(tick.monitor, tick);
    if (ticks.length > 0) this.#storeAt = Math.min(this.#storeAt, Math.max(storeBy, Date.now() + joinWithinMs));
    if (closes) this.#closed++;
    this.#note();
  }

  /** All calls have sent everything. */
  get isComplete() {
    return this.#expected !== null && this.#closed >= this.#expected;
  }

  /** The ticks to write, each time a write is due, until none are to come. */
  async *rows(): AsyncGenerator<Tick[]> {
    for (;;) {
      const now = Date.now();
      const isDue = this.isComplete || now >= this.#storeAt || now >= this.#forgetAt;
      if (!isDue) {
        await this.#pause.sleep(Math.min(this.#storeAt, this.#forgetAt) - now);
        continue;
      }
      const ticks = [...this.#ticks.values()];
      this.#ticks.clear();
      this.#storeAt = Number.POSITIVE_INFINITY;
      if (ticks.length > 0) yield ticks;
      // Ticks that arrive during the write are taken by the next iteration.
      if (this.#ticks.size === 0 && (this.isComplete || now >= this.#forgetAt)) return;
    }
  }

  #note() {
    this.#forgetAt = Date.now() + forgetAfterMs;
    this.#pause.wake();
  }
}
