import { definitionOf, type LimitName } from './domain/teams/limits.ts';

/**
 * What can go wrong, by code. Services throw these; api/http/problem.ts is the one place that turns them into HTTP.
 */
export type ErrorCode =
  | 'invalid_request'
  | 'invalid_json'
  | 'invalid_cursor'
  | 'body_too_large'
  | 'body_too_slow'
  | 'unauthenticated'
  | 'invalid_credentials'
  | 'session_ended'
  | 'origin_not_allowed'
  | 'forbidden'
  | 'limit_reached'
  | 'not_found'
  | 'email_taken'
  | 'slug_taken'
  | 'conflict'
  | 'version_conflict'
  | 'rate_limited'
  | 'loop_detected'
  | 'unavailable'
  | 'internal';

/** One field's problem: `path` is dotted (`headers.X-Token`). */
export interface FieldProblem {
  path: string;
  message: string;
  /** Times that the message names in UTC, as ISO 8601: the dashboard puts those of the reader's clock in their place. */
  times?: string[];
}

export class PharosError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldProblem[];
  /** For `rate_limited` and `unavailable`: the time until a retry makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, fields: FieldProblem[] = [], retryAfterSeconds?: number) {
    super(message);
    this.name = 'PharosError';
    this.code = code;
    this.fields = fields;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A team has all that it may have. `until` (ms): when a rate begins again. */
export class LimitReached extends PharosError {
  readonly limit: { name: LimitName; used: number; limit: number; until: string | null; howToRaise: string };

  constructor(name: LimitName, used: number, limit: number, until?: number) {
    const howToRaise = `The operator of this Pharos can raise the limit "${name}" (worker/SETTINGS.md).`;
    const relief = until === undefined ? 'Delete or pause something' : 'Wait until the limit resets';
    super(
      'limit_reached',
      `The team has reached a limit: ${definitionOf(name).label}, ${Math.round(used)} of ${limit}. ${relief}. ${howToRaise}`,
    );
    this.limit = { name, used, limit, until: until === undefined ? null : new Date(until).toISOString(), howToRaise };
  }
}
