import { zValidator } from '@hono/zod-validator';
import type { Context, MiddlewareHandler, ValidationTargets } from 'hono';
import type { z } from 'zod';
import type { Command } from '../../commands/command.ts';
import { PharosError } from '../../errors.ts';
import { invalidRequest } from '../../invalidRequest.ts';
import type { ApiEnv } from './context.ts';

/** A schema, or a function that makes it for this request where it depends on the configuration. */
type SchemaFor<S> = S | ((c: Context<ApiEnv>) => S);

type Validated<T extends keyof ValidationTargets, S extends z.ZodType> = MiddlewareHandler<
  ApiEnv,
  string,
  { in: { [K in T]: z.input<S> }; out: { [K in T]: z.output<S> } }
>;

/** The body, parsed by the schema: `c.req.valid('json')`. Throws `invalid_json` or `invalid_request` with a line per field. */
export const validJson = <S extends z.ZodType>(schema: SchemaFor<S>): Validated<'json', S> => {
  const validated = valid('json', schema);
  return async (c, next) => {
    await requireJson(c);
    return validated(c, next);
  };
};

/** Also of a union, whose members have keys of their own. */
type OmitFromEach<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

type BodyFor<S extends z.ZodType, K extends PropertyKey> = MiddlewareHandler<
  ApiEnv,
  string,
  { in: { json: OmitFromEach<z.input<S>, K> }; out: { json: OmitFromEach<z.input<S>, K> } }
>;

/**
 * The body as the client sent it, for the command to parse: `c.req.valid('json')`. `fromPath`: fields of the command's
 * input that the route takes from the path, so that a body may not contain them. Throws `invalid_json`, `invalid_request`.
 */
export const bodyFor =
  <S extends z.ZodType, K extends keyof z.input<S> & string = never>(
    _: Pick<Command<S, unknown, never>, 'schema'>,
    ...fromPath: K[]
  ): BodyFor<S, K> =>
  async (c, next) => {
    const body = await requireJson(c);
    const misplaced = fromPath.filter((name) => name in body);
    if (misplaced.length > 0)
      throw invalidRequest([{ code: 'unrecognized_keys', keys: misplaced, path: [], message: '' }]);
    c.req.addValidatedData('json', body);
    await next();
  };

/** The query, parsed by the schema: `c.req.valid('query')`. Throws `invalid_request` with a line per parameter. */
export const validQuery = <S extends z.ZodType>(schema: SchemaFor<S>): Validated<'query', S> => valid('query', schema);

const valid =
  <T extends 'json' | 'query', S extends z.ZodType>(target: T, schema: SchemaFor<S>): Validated<T, S> =>
  (c, next) => {
    const validator = zValidator(target, typeof schema === 'function' ? schema(c) : schema, (result) => {
      if (!result.success) throw invalidRequest(result.error.issues);
    });
    return (validator as unknown as Validated<T, S>)(c, next);
  };

/** Hono reads a body of another type as `{}`, so the error would name fields instead of the header. */
const requireJson = async (c: Context<ApiEnv>): Promise<object> => {
  const mediaType = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json')
    throw new PharosError('invalid_json', 'Send a JSON body with the header "content-type: application/json".');
  const body: unknown = await c.req.json().catch((error: unknown) => {
    if (error instanceof SyntaxError) throw new PharosError('invalid_json', 'The body is not valid JSON.');
    throw error;
  });
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new PharosError('invalid_request', 'The body must be a JSON object.');
  return body;
};
