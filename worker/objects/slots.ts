/** A place in the line before the slots. */
export interface Ticket {
  readonly waiting: boolean;
  /** Leaves the line; false where the task has begun already. */
  withdraw(): boolean;
}

/** Runs at most `size` tasks at a time, first come first served. Tasks must not throw. */
export class Slots {
  readonly #size: number;
  readonly #line: (() => Promise<void>)[] = [];
  #busy = 0;
  #lastBegunAt = Date.now();

  constructor(size: number) {
    this.#size = size;
  }

  /** When a task last got a slot, ms since the epoch: with a line before them, full slots that do not change are stuck. */
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
    while (this.#busy < this.#size) {
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
}
