import { within } from '../../within.ts';

/**
 * The slowest statement takes a second at 10,000 monitors, and D1 ends one of its own accord only after 30 s:
 * https://developers.cloudflare.com/d1/platform/limits/
 */
export const statementWithinMs = 10_000;

/** D1 did not answer in time. The statement may still be carried out, so only what may run twice is run again. */
export class DatabaseTimeout extends Error {
  /** The platform's own mark: an immediate retry makes it worse. */
  readonly overloaded = true;

  constructor(withinMs: number) {
    super(`D1_ERROR: No answer within ${withinMs} ms`);
    this.name = 'DatabaseTimeout';
  }
}

/** A statement whose every way of running has the deadline; the real one is for `batch`. */
class TimedStatement {
  readonly real: D1PreparedStatement;
  readonly #withinMs: number;

  constructor(real: D1PreparedStatement, withinMs: number) {
    this.real = real;
    this.#withinMs = withinMs;
  }

  bind(...values: unknown[]) {
    return new TimedStatement(this.real.bind(...values), this.#withinMs);
  }

  first(...columns: string[]) {
    return inTime(this.real.first(...(columns as [string])), this.#withinMs);
  }

  run() {
    return inTime(this.real.run(), this.#withinMs);
  }

  all() {
    return inTime(this.real.all(), this.#withinMs);
  }

  raw(...options: unknown[]) {
    return inTime(this.real.raw(...(options as [])), this.#withinMs);
  }
}

const inTime = <T>(work: Promise<T>, withinMs: number) => within(withinMs, work, () => new DatabaseTimeout(withinMs));

/**
 * `d1` with a deadline: every call ends within `withinMs`, with a `DatabaseTimeout` where D1 does not answer. D1 has no limit of
 * its own that a caller could set.
 */
export const withDeadline = (d1: D1Database, withinMs = statementWithinMs): D1Database => {
  const timed = {
    prepare: (query: string) => new TimedStatement(d1.prepare(query), withinMs),
    batch: (statements: TimedStatement[]) => inTime(d1.batch(statements.map(({ real }) => real)), withinMs),
    exec: (query: string) => inTime(d1.exec(query), withinMs),
  };
  return timed as unknown as D1Database;
};
