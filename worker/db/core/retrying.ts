import { pauseMs } from '../../domain/delivery/backoff.ts';
import { type DatabaseFault, databaseFault, type Failure } from '../../domain/operations/databaseFault.ts';

/** Somebody waits for the statement: longer waits are up to the caller. */
const deadlineMs = 5_000;

const tries = {
  transient: { attempts: 4, firstMs: 100, maxMs: 1_000 },
  overloaded: { attempts: 2, firstMs: 2_000, maxMs: 4_000 },
  full: { attempts: 1, firstMs: 0, maxMs: 0 },
  permanent: { attempts: 1, firstMs: 0, maxMs: 0 },
} as const satisfies Record<DatabaseFault, object>;

/** After an overload, writes that can wait do so for this long. */
const rest = { firstMs: 1_000, maxMs: 15_000 };

/**
 * Retries of an isolate are a fifth of its statements at most, so that a database that fails gets no more work than
 * one that does not. All requests of an isolate share the numbers, and never a promise; tests put them back between files.
 */
const budget = { most: 50, perSuccess: 0.2 };
export const retrying = { retriesLeft: budget.most, overloads: 0, restUntil: 0 };

/** The database was overloaded a moment ago: deferrable writes should wait. */
export const databaseRests = (): boolean => Date.now() < retrying.restUntil;

/** The database's error in an exception; Drizzle wraps that of D1. */
export const faultOf = (error: unknown): DatabaseFault => {
  if (!(error instanceof Error)) return 'permanent';
  const { message, retryable, overloaded } = causeOf(error) as Error & Failure;
  return databaseFault({ message, retryable, overloaded });
};

/** The same of any exception; null where it did not come from the database. */
export const databaseFaultOf = (error: unknown): DatabaseFault | null =>
  error instanceof Error && isOfDatabase(causeOf(error)) ? faultOf(error) : null;

const isOfDatabase = ({ message }: Error) => message.startsWith('D1_');

const causeOf = (error: Error): Error =>
  error.cause instanceof Error && !isOfDatabase(error) ? causeOf(error.cause) : error;

/**
 * Runs idempotent statements, and retries them after transient failures: D1 itself retries only reads. `most`: other numbers of
 * attempts, by kind of failure. Throws the last failure.
 */
export const retryWrite = async <T>(
  write: () => Promise<T>,
  most: Partial<Record<DatabaseFault, number>> = {},
): Promise<T> => {
  const endsAt = Date.now() + deadlineMs;
  for (let failures = 1; ; failures++) {
    try {
      const result = await write();
      noteSuccess();
      return result;
    } catch (error) {
      const fault = faultOf(error);
      if (fault === 'overloaded') noteOverload();
      const { attempts, ...pauses } = tries[fault];
      const waitMs = pauseMs(failures, pauses, Math.random());
      if (failures >= (most[fault] ?? attempts) || retrying.retriesLeft < 1 || Date.now() + waitMs >= endsAt)
        throw error;
      retrying.retriesLeft--;
      await scheduler.wait(waitMs);
    }
  }
};

const noteSuccess = () => {
  retrying.retriesLeft = Math.min(budget.most, retrying.retriesLeft + budget.perSuccess);
  retrying.overloads = 0;
};

const noteOverload = () => {
  // Simultaneous failures count as one overload.
  if (Date.now() < retrying.restUntil) return;
  retrying.overloads++;
  retrying.restUntil = Date.now() + pauseMs(retrying.overloads, rest, Math.random());
};
