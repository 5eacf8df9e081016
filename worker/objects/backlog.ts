import type { Batch } from '../checks/pipeline/batch.ts';
import { databaseRests, faultOf } from '../db/core/retrying.ts';
import { pauseMs } from '../domain/delivery/backoff.ts';
import { logFailure } from '../log.ts';
import type { Tick, TickPart } from '../ticks/tick.ts';

/** Maximum number of stored batches; with 64 Probers per region that is some hours of 10,000 monitors. */
const maxHeld = 2_000;
/** Ticks that are this late are of no use any more. */
const forgetAfterMs = 24 * 3_600_000;

/** Batches per transaction; after a failure, a single one shows whether the database works again. */
const atOnce = 40;
const pauses = { firstMs: 5_000, maxMs: 600_000 };

const linePrefix = 'held:';
/** Batches that D1 refuses for their content: out of the queue, so that those behind them are written. */
const refusedPrefix = 'refused:';

interface Held {
  batch: TickPart['batch'];
  ticks: Tick[];
}

interface State {
  count: number;
  failures: number;
  /** This many batches at the head of the queue are written alone, because D1 refuses one of them. */
  alone?: number;
}

/** A batch that D1 refused. */
export interface Refused {
  batch: TickPart['batch'];
  ticks: number;
  reason: string;
}

/** Where ticks go. */
export interface Destination {
  write(parts: readonly TickPart[]): Promise<void>;
  /** Reports a refused batch to operators. May be called more than once for it. */
  report(refused: Refused): Promise<void>;
}

/**
 * Ticks that D1 did not take, kept in the object's own storage until it does, so that their targets are not probed again. An
 * alarm writes many batches in one transaction, so that an overloaded database gets fewer requests than usual.
 */
export class Backlog {
  readonly #storage: DurableObjectStorage;
  readonly #to: Destination;

  constructor(storage: DurableObjectStorage, to: Destination) {
    this.#storage = storage;
    this.#to = to;
  }

  /** Stores ticks on disk before it returns. Idempotent. */
  async add({ cohort, slot, region, lane, correlationId }: Batch, ticks: readonly Tick[]): Promise<void> {
    const key = `${linePrefix}${slot}:${cohort}:${lane}`;
    const state = await this.#state();
    const known = await this.#storage.get<Held>(key);
    if (!known && state.count >= maxHeld)
      return logFailure('backlog', correlationId, 'Too many batches wait for the database', {
        slot,
        lost: ticks.length,
      });
    const byMonitor = new Map([...ticks, ...(known?.ticks ?? [])].map((tick) => [tick.monitor, tick]));
    const held: Held = { batch: { cohort, slot, region, lane }, ticks: [...byMonitor.values()] };
    void this.#storage.put<Held | State>({
      [key]: held,
      backlog: { ...state, count: state.count + (known ? 0 : 1) },
    });
    if ((await this.#storage.getAlarm()) === null) await this.#wakeAfter(1);
    await this.#storage.sync();
  }

  /** Writes some, and sets the alarm where some are left. Never throws. */
  async flush(): Promise<void> {
    const { failures } = await this.#state();
    // Another object of this isolate has just found the database unavailable.
    if (databaseRests()) return this.#wakeAfter(Math.max(1, failures));
    const held = await this.#next();
    if (held.size === 0) return;
    try {
      const since = Date.now() - forgetAfterMs;
      const young = [...held.values()].filter(({ batch }) => batch.slot >= since);
      if (young.length > 0) await this.#to.write(young);
      if (young.length < held.size)
        logFailure('backlog', 'none', 'The database took ticks for too long', { lost: held.size - young.length });
    } catch (error) {
      logFailure('backlog', 'none', error, { batches: held.size, failures: failures + 1 });
      if (faultOf(error) === 'permanent') return this.#stepAside(held, error);
      await this.#put({ failures: failures + 1 });
      return this.#wakeAfter(failures + 1);
    }
    await this.#forget(held);
  }

  /** The head of the queue. If it is empty, the batch that was refused longest ago, because the cause may be fixed by now. */
  async #next(): Promise<Map<string, Held>> {
    const { failures, alone = 0 } = await this.#state();
    const limit = failures + alone > 0 ? 1 : atOnce;
    const line = await this.#storage.list<Held>({ prefix: linePrefix, limit });
    return line.size > 0 ? line : this.#storage.list<Held>({ prefix: refusedPrefix, limit: 1 });
  }

  /**
   * Of several batches the refused one is unknown, so each is written alone. A refused one moves to the end, and the next is
   * due.
   */
  async #stepAside(held: Map<string, Held>, error: unknown): Promise<void> {
    const { failures, alone = 0 } = await this.#state();
    const [first] = held;
    if (held.size > 1 || !first) {
      await this.#put({ alone: held.size });
      return this.#storage.setAlarm(Date.now());
    }
    const [key, { batch, ticks }] = first;
    void this.#storage.delete(key);
    void this.#storage.put<Held>(`${refusedPrefix}${Date.now()}:${batch.slot}:${batch.cohort}:${batch.lane}`, {
      batch,
      ticks,
    });
    await this.#put({ failures: failures + 1, alone: Math.max(0, alone - 1) });
    // Where D1 refuses every batch, the content is not the cause.
    await (failures === 0 ? this.#storage.setAlarm(Date.now()) : this.#wakeAfter(failures));
    await this.#storage.sync();
    await this.#to
      .report({ batch, ticks: ticks.length, reason: String(error).slice(0, 500) })
      .catch((failure: unknown) => logFailure('backlog', 'none', failure, { slot: batch.slot }));
  }

  async #forget(held: Map<string, Held>): Promise<void> {
    // Batches that arrived during the write are still unwritten.
    const now = await this.#storage.get<Held>([...held.keys()]);
    const done = [...held].flatMap(([key, { ticks }]) => (now.get(key)?.ticks.length === ticks.length ? [key] : []));
    const { count, alone = 0 } = await this.#state();
    void this.#storage.delete(done);
    const left = count - done.length;
    if (left <= 0) return void this.#storage.delete('backlog');
    await this.#put({ count: left, failures: 0, alone: Math.max(0, alone - done.length) });
    await this.#storage.setAlarm(Date.now());
  }

  async #state(): Promise<State> {
    return (await this.#storage.get<State>('backlog')) ?? { count: 0, failures: 0 };
  }

  async #put(change: Partial<State>): Promise<void> {
    void this.#storage.put<State>('backlog', { ...(await this.#state()), ...change });
  }

  #wakeAfter(failures: number): Promise<void> {
    return this.#storage.setAlarm(Date.now() + pauseMs(failures, pauses, Math.random()));
  }
}
