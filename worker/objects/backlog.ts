import type { Batch } from '../checks/check.ts';
import { databaseRests } from '../db/retrying.ts';
import { pauseMs } from '../domain/backoff.ts';
import { logFailure } from '../log.ts';
import type { Tick, TickPart } from '../ticks/append.ts';

/** Batches that an object holds; with 64 Probers per region that is some hours of 10,000 monitors. */
const maxHeld = 2_000;
/** Nobody looks for a tick any more that comes so late. */
const forgetAfterMs = 24 * 3_600_000;

/** Written in one transaction; after a failure one alone tells whether the database is well again. */
const atOnce = 40;
const pauses = { firstMs: 5_000, maxMs: 600_000 };

const prefix = 'held:';

interface Held {
  batch: TickPart['batch'];
  ticks: Tick[];
}

interface State {
  count: number;
  failures: number;
}

/**
 * Ticks that D1 did not take, kept in the object's own storage until it does: their targets are not probed again for it.
 * They are written by alarm, many batches in one transaction, so that a database in trouble gets fewer requests than
 * usual, and not more.
 */
export class Backlog {
  readonly #storage: DurableObjectStorage;
  readonly #write: (parts: readonly TickPart[]) => Promise<void>;

  constructor(storage: DurableObjectStorage, write: (parts: readonly TickPart[]) => Promise<void>) {
    this.#storage = storage;
    this.#write = write;
  }

  /** Keeps ticks on disk before it returns. Holding twice changes nothing. */
  async add({ cohort, slot, region, lane, correlationId }: Batch, ticks: readonly Tick[]): Promise<void> {
    const key = `${prefix}${slot}:${cohort}:${lane}`;
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
    // Another object of this isolate has just learned that it is no use.
    if (databaseRests()) return this.#wakeAfter(Math.max(1, failures));
    const held = await this.#storage.list<Held>({ prefix, limit: failures > 0 ? 1 : atOnce });
    if (held.size === 0) return;
    try {
      const since = Date.now() - forgetAfterMs;
      const young = [...held.values()].filter(({ batch }) => batch.slot >= since);
      if (young.length > 0) await this.#write(young);
      if (young.length < held.size)
        logFailure('backlog', 'none', 'The database took ticks for too long', { lost: held.size - young.length });
    } catch (error) {
      logFailure('backlog', 'none', error, { batches: held.size, failures: failures + 1 });
      void this.#storage.put<State>('backlog', { ...(await this.#state()), failures: failures + 1 });
      return this.#wakeAfter(failures + 1);
    }
    await this.#forget(held);
  }

  async #forget(held: Map<string, Held>): Promise<void> {
    // What came while these were written is not written yet.
    const now = await this.#storage.get<Held>([...held.keys()]);
    const done = [...held].flatMap(([key, { ticks }]) => (now.get(key)?.ticks.length === ticks.length ? [key] : []));
    const { count } = await this.#state();
    void this.#storage.delete(done);
    const left = count - done.length;
    if (left <= 0) return void this.#storage.delete('backlog');
    void this.#storage.put<State>('backlog', { count: left, failures: 0 });
    await this.#storage.setAlarm(Date.now());
  }

  async #state(): Promise<State> {
    return (await this.#storage.get<State>('backlog')) ?? { count: 0, failures: 0 };
  }

  #wakeAfter(failures: number): Promise<void> {
    return this.#storage.setAlarm(Date.now() + pauseMs(failures, pauses, Math.random()));
  }
}
