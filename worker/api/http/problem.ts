import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { timestamp } from '../../contract/common.ts';
import { requireShape, responseSchema, type Shape } from '../../contract/responseSchema.ts';
import { limitNames } from '../../domain/teams/limits.ts';
import { type ErrorCode, LimitReached, PharosError } from '../../errors.ts';
import { logFailure } from '../../log.ts';
import type { ApiEnv } from './context.ts';
import { databaseProblem } from './databaseProblem.ts';

const problems: Record<ErrorCode, [status: ContentfulStatusCode, title: string]> = {
  invalid_request: [400, 'Invalid request'],
  invalid_json: [400, 'Invalid JSON'],
  invalid_cursor: [400, 'Invalid cursor'],
  unauthenticated: [401, 'Sign-in required'],
  invalid_credentials: [401, 'Wrong e-mail or password'],
  session_ended: [401, 'Session ended'],
  forbidden: [403, 'Not allowed'],
  limit_reached: [403, 'Limit reached'],
  origin_not_allowed: [403, 'Origin not allowed'],
  not_found: [404, 'Not found'],
  email_taken: [409, 'E-mail already in use'],
  slug_taken: [409, 'Address already in use'],
  conflict: [409, 'Conflict'],
  version_conflict: [409, 'Changed by another user'],
  body_too_large: [413, 'Request body too large'],
  body_too_slow: [408, 'Request body too slow'],
  rate_limited: [429, 'Too many requests'],
  internal: [500, 'Internal error'],
  loop_detected: [508, 'Request loop detected'],
  unavailable: [503, 'Temporarily unavailable'],
};

/** The body of every failed request, as `application/problem+json`. https://www.rfc-editor.org/rfc/rfc9457 */
export const problemSchema = responseSchema(() =>
  z.strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(problems) as ErrorCode[]),
    errors: z.array(
      z.strictObject({
        path: z.string().describe('Dotted: `headers.X-Token`.'),
        message: z.string(),
        times: z.array(z.string()).optional().describe('Times that the message names in UTC, as ISO 8601.'),
      }),
    ),
    requestId: z.string(),
    limit: z
      .strictObject({
        name: z.enum(limitNames),
        used: z.number(),
        limit: z.number(),
        until: timestamp().nullable(),
        howToRaise: z.string(),
      })
      .optional()
      .describe('Where `code` is `limit_reached`.'),
  }),
);
export type Problem = Shape<typeof problemSchema>;

/** The rate limit bindings return only yes or no, so this is their whole period (wrangler.toml). */
const limitPeriodSeconds = 60;

/** Maps every exception to its response. Internal errors are logged, and their text is not sent. */
export const answerProblem = (thrown: unknown, c: Context<ApiEnv>) => {
  const known = asPharosError(thrown);
  if (!known) logFailure('request', c.var.requestId, thrown);
  const error = known ?? databaseProblem(thrown, c.req.method);
  const code = error?.code ?? 'internal';
  const [status, title] = problems[code];
  const problem: Problem = {
    type: `urn:pharos:problem:${code}`,
    title,
    status,
    detail: error?.message ?? 'The error was logged under this request id.',
    code,
    errors: error?.fields ?? [],
    requestId: c.var.requestId,
    ...(error instanceof LimitReached && { limit: error.limit }),
  };
  if (c.var.services?.config.strictResponses) requireShape(`Problem ${code}`, problemSchema, problem);
  const retryAfter = error?.retryAfterSeconds ?? (code === 'rate_limited' ? limitPeriodSeconds : undefined);
  if (retryAfter !== undefined) c.header('retry-after', String(retryAfter));
  return c.body(JSON.stringify(problem), status, { 'content-type': 'application/problem+json' });
};

export const answerNotFound = (c: Context<ApiEnv>) =>
  answerProblem(new PharosError('not_found', 'Nothing exists at this address.'), c);

const asPharosError = (thrown: unknown) => {
  if (thrown instanceof PharosError) return thrown;
  if (!(thrown instanceof HTTPException)) return null;
  const code = (Object.keys(problems) as ErrorCode[]).find((known) => problems[known][0] === thrown.status);
  return code && code !== 'internal' ? new PharosError(code, thrown.message || problems[code][1]) : null;
};
