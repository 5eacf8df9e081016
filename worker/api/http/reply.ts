import type { Context, TypedResponse } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { JSONParsed } from 'hono/utils/types';
import type { z } from 'zod';
import { type ResponseSchema, requireShape } from '../../contract/responseSchema.ts';
import type { ApiEnv } from './context.ts';

/**
 * A JSON response with its schema, from which the typed client takes its type. Tests set `STRICT_RESPONSES`, which makes an
 * unknown or missing field an error; production sends the value without parsing it.
 */
export const reply = <S extends z.ZodType, Status extends ContentfulStatusCode = 200>(
  c: Context<ApiEnv>,
  schema: ResponseSchema<S>,
  value: z.output<S>,
  status?: Status,
): Response & TypedResponse<JSONParsed<z.output<S>>, Status, 'json'> => {
  c.set('responseSchema', schema);
  if (c.var.services.config.strictResponses) requireShape(c.req.routePath, schema, value);
  return c.json(value as object, status) as never;
};
