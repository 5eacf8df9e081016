/**
 * One JSON line per unit of work. `correlationId` follows a check from the cron to its tick. Callers pass ids, counts
 * and times, never a target's headers, bodies, tokens or passwords.
 */
type Unit =
  | 'request'
  | 'command'
  | 'dispatch'
  | 'batch'
  | 'stragglers'
  | 'backlog'
  | 'transition'
  | 'alert'
  | 'delivery'
  | 'stale'
  | 'distrust'
  | 'dead-letter'
  | 'dead-man'
  | 'reseal'
  | 'health'
  | 'retention'
  | 'storage'
  | 'feed'
  | 'status-page'
  | 'effect';
type Value = string | number | boolean | null | undefined | readonly (string | number)[];

export const log = (unit: Unit, correlationId: string, fields: Record<string, Value>) =>
  console.log(JSON.stringify({ unit, correlationId, ...fields }));

export const logFailure = (unit: Unit, correlationId: string, error: unknown, fields: Record<string, Value> = {}) =>
  console.error(JSON.stringify({ unit, correlationId, ...fields, error: errorText(error) }));

/** The first cause only: what Drizzle wraps around it quotes the values of the statement, hashes and e-mails among them. */
const errorText = (error: unknown): string => {
  if (error instanceof Error && error.cause instanceof Error) return errorText(error.cause);
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 500);
};
