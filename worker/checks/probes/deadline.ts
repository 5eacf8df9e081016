/** Aborts after so many ms of the target's own time. */
export class Deadline {
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #endsAt = 0;

  constructor(ms: number) {
    this.resume(ms);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Returns how much of it is left, ms. */
  pause(): number {
    clearTimeout(this.#timer);
    return Math.max(0, this.#endsAt - Date.now());
  }

  resume(ms: number): void {
    this.#endsAt = Date.now() + ms;
    this.#timer = setTimeout(() => this.#controller.abort(), ms);
  }
}
