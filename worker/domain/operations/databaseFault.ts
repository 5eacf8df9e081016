/**
 * What a failed statement says about the database. `transient`: the same statement may well pass in a moment.
 * `overloaded`: it may pass later, and to ask at once makes it worse. `full`: no write passes until there is room again.
 * `permanent`: this statement fails again, because of what it says or writes.
 * https://developers.cloudflare.com/d1/observability/debug-d1/#error-list
 */
export type DatabaseFault = 'transient' | 'overloaded' | 'full' | 'permanent';

/** As the platform marks exceptions: https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
export interface Failure {
  message: string;
  retryable?: boolean | undefined;
  overloaded?: boolean | undefined;
}

const full = /disk is full|SQLITE_FULL|maximum DB size|daily (row|read|write|limit)|free tier|quota/i;

const permanent = /SQLITE_(?!BUSY)|constraint|too many SQL variables|D1_(TYPE|EXEC|COLUMN)/i;

/** Also a statement that takes too much time or memory: it gets another chance, and not at once. */
const overloaded = /overloaded|queued|exceeded timeout|(CPU time|memory) limit|too many requests|please back off/i;

const transient =
  /Network connection lost|caused object to be reset|code was updated|internal error|transient issue|client disconnected|SQLITE_BUSY|storage.*reset/i;

export const databaseFault = ({ message, ...marks }: Failure): DatabaseFault => {
  if (full.test(message)) return 'full';
  if (permanent.test(message)) return 'permanent';
  if (marks.overloaded || overloaded.test(message)) return 'overloaded';
  return marks.retryable || transient.test(message) ? 'transient' : 'permanent';
};
