import type { MonitorRef } from '../checks/dispatch/monitorRef.ts';
import type { Outcome } from '../domain/checks/outcome.ts';
import { pauseMs } from '../domain/delivery/backoff.ts';

const pauses = { firstMs: 5_000, maxMs: 120_000 };

/** Enough for one monitor until its regions send new outcomes; later ones replace the oldest. */
const maxParked = 20;

/** An outcome that could not be folded, because the monitor's context could not be read. */
export interface Parked {
  ref: MonitorRef;
  outcome: Outcome;
  changedAt: number;
  correlationId: string;
}

interface Retry {
  /** In a row. */
  failures: number;
  /** Ms since the epoch. */
  at: number;
  parked: Parked[];
}

/** Failed work of a Monitor object and the time of its next attempt; kept in its storage, so that no target is probed again. */
export class Retrying {
  readonly #storage: DurableObjectStorage;
  #retry: Retry | undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Must run before anything else in the object. */
  async load(): Promise<void> {
    this.#retry = await this.#storage.get<Retry>('retry');
  }

  /** When the next attempt is due, ms since the epoch; null where nothing failed. */
  get at(): number | null {
    return this.#retry?.at ?? null;
  }

  /** Nothing failed, or the next attempt is due: otherwise each outcome of an outage would try again. */
  get mayTry(): boolean {
    return !this.#retry || this.#retry.at <= Date.now();
  }

  /** Oldest first. */
  get parked(): readonly Parked[] {
    return this.#retry?.parked ?? [];
  }

  /**
   * Sets the alarm for the next attempt; `log` gets the number of failures in a row. The pause is exponential and has jitter,
   * since with an overloaded database ten thousand objects fail at once. Concurrent calls that fail before it is due count as
   * one failure.
   */
  async fail(log: (failures: number) => void): Promise<void> {
    const retry = this.#afterFailure();
    log(retry.failures);
    this.#keep(retry);
    await this.#storage.setAlarm(retry.at);
  }

  /** Stores an outcome on disk before it returns. */
  async park(parked: Parked): Promise<void> {
    const retry = this.#retry ?? this.#afterFailure();
    this.#keep({ ...retry, parked: [...retry.parked, parked].slice(-maxParked) });
    await this.#storage.sync();
  }

  /** Folds parked outcomes in order. Throws what `observe` throws; the rest stays parked. */
  async observeParked(observe: (parked: Parked) => Promise<void>): Promise<void> {
    for (;;) {
      const [first] = this.parked;
      if (!first) return;
      await observe(first);
      if (this.#retry) this.#keep({ ...this.#retry, parked: this.#retry.parked.filter((one) => one !== first) });
    }
  }

  /** Resets after a success. */
  end(): void {
    this.#retry = undefined;
    void this.#storage.delete('retry');
  }

  #afterFailure(): Retry {
    const now = Date.now();
    const before = this.#retry;
    if (before && before.at > now) return before;
    const failures = (before?.failures ?? 0) + 1;
    return { failures, at: now + pauseMs(failures, pauses, Math.random()), parked: before?.parked ?? [] };
  }

  #keep(retry: Retry): void {
    this.#retry = retry;
    void this.#storage.put('retry', retry);
  }
}
