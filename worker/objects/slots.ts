import { capacityOf, noteTimer } from './pressure.ts';

/** A place in the line before the slots. */
export interface Ticket {
  readonly waiting: boolean;
  /** Leaves the line; false where the task has begun already. */
  withdraw(): boolean;
}

/** On a busy machine, this is the pause before the next attempt to take more slots. */
const lookAgainMs = 250;

/** Runs at most `size()` tasks at a time, fewer on a busy machine, first come first served. Tasks must not throw. */
export class Slots {
  readonly #size: () => number;
  readonly #line: (() => Promise<void>)[] = [];
  #busy = 0;
  #lastBegunAt = Date.now();
  #looksAgain = false;

  constructor(size: () => number) {
    this.#size = size;
  }

  /** When a task last got a slot, ms since the epoch: if tasks wait and full slots do not change, they are stuck. */
  get lastBegunAt() {
    return this.#lastBegunAt;
  }

  enter(task: () => Promise<void>): Ticket {
    this.#line.push(task);
    this.#fill();
    const line = this.#line;
    return {
      get waiting() {
        return line.includes(task);
      },
      withdraw() {
        const at = line.indexOf(task);
        if (at >= 0) line.splice(at, 1);
        return at >= 0;
      },
    };
  }

  #fill() {
    const size = this.#size();
    while (this.#line.length > 0 && this.#busy < size) {
      if (this.#busy >= capacityOf(size)) return this.#lookAgain();
      const task = this.#line.shift();
      if (!task) return;
      this.#busy++;
      this.#lastBegunAt = Date.now();
      void task().finally(() => {
        this.#busy--;
        this.#fill();
      });
    }
  }

  /** The end of a busy period triggers no event of its own. */
  #lookAgain() {
    if (this.#looksAgain) return;
    this.#looksAgain = true;
    const dueAt = Date.now() + lookAgainMs;
    setTimeout(() => {
      noteTimer(dueAt);
      this.#looksAgain = false;
      this.#fill();
    }, lookAgainMs);
  }
}
