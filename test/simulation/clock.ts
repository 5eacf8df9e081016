/** A virtual clock: simultaneous events run in the order in which they were scheduled. */
export class Clock {
  now: number;
  #turn = 0;
  readonly #heap: { at: number; turn: number; run: () => void }[] = [];

  constructor(now: number) {
    this.now = now;
  }

  /** Runs `run` at `at`, or next where that has passed. */
  at(at: number, run: () => void): void {
    const heap = this.#heap;
    heap.push({ at: Math.max(at, this.now), turn: this.#turn++, run });
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.#isBefore(i, parent)) break;
      this.#swap(i, parent);
      i = parent;
    }
  }

  /** Runs everything that is due before `end`, and ends there. */
  runUntil(end: number): void {
    for (let next = this.#heap[0]; next && next.at < end; next = this.#heap[0]) {
      this.#removeFirst();
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }

  #removeFirst() {
    const heap = this.#heap;
    this.#swap(0, heap.length - 1);
    heap.pop();
    for (let i = 0; ; ) {
      let first = i;
      for (const child of [2 * i + 1, 2 * i + 2])
        if (child < heap.length && this.#isBefore(child, first)) first = child;
      if (first === i) return;
      this.#swap(i, first);
      i = first;
    }
  }

  #isBefore(a: number, b: number) {
    const [x, y] = [this.#heap[a], this.#heap[b]];
    return x !== undefined && y !== undefined && (x.at < y.at || (x.at === y.at && x.turn < y.turn));
  }

  #swap(a: number, b: number) {
    const [x, y] = [this.#heap[a], this.#heap[b]];
    if (x && y) {
      this.#heap[a] = y;
      this.#heap[b] = x;
    }
  }
}

/** Numbers in [0, 1) from a seed. mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export const randomFrom = (seed: number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};
