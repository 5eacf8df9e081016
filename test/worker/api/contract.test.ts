import { env } from 'cloudflare:workers';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { ApiEnv } from '../../../worker/api/http/context.ts';
import { provideServices, requireSchema } from '../../../worker/api/http/middleware.ts';
import { problemSchema } from '../../../worker/api/http/problem.ts';
import { reply } from '../../../worker/api/http/reply.ts';
import { page } from '../../../worker/contract/common.ts';
import { type ResponseSchema, requireShape, responseSchema } from '../../../worker/contract/responseSchema.ts';
import { publishLiveEvent } from '../../../worker/live/publishLiveEvent.ts';
import { services } from '../support/seed.ts';

const thing = responseSchema(() =>
  z.strictObject({ id: z.string(), parts: z.array(z.strictObject({ name: z.string() })) }),
);
const whole = { id: 'thing', parts: [{ name: 'part' }] };

const routes = new Hono<ApiEnv>()
  .use(provideServices, requireSchema)
  .onError((error, c) => c.text(error.message, 500))
  .get('/whole', (c) => reply(c, thing, whole, 201))
  .get('/page', (c) => reply(c, page(thing), { data: [whole], nextCursor: null }))
  .get('/leak', (c) => reply(c, thing, { ...whole, secret: 'hunter2' } as typeof whole))
  .get('/deep-leak', (c) =>
    reply(c, page(thing), { data: [{ ...whole, secret: 1 } as typeof whole], nextCursor: null }),
  )
  .get('/lack', (c) => reply(c, thing, { id: 'thing' } as typeof whole))
  .get('/undefined', (c) => reply(c, thing, { id: 'thing', parts: undefined as never }))
  .get('/unknown', (c) => c.json({ any: 'thing' }));

const get = async (path: string) => {
  const response = await routes.request(path, {}, env);
  return [response.status, await response.text()];
};

test('a response that fits its schema is sent', async () => {
  expect(await get('/whole')).toEqual([201, JSON.stringify(whole)]);
  expect(await get('/page')).toEqual([200, JSON.stringify({ data: [whole], nextCursor: null })]);
});

test.each([
  ['/leak', 'secret'],
  ['/deep-leak', 'secret'],
  ['/lack', 'parts'],
  ['/undefined', 'parts'],
  ['/unknown', 'responds without a schema'],
])('%s fails: %s', async (path, said) => {
  expect(await get(path)).toEqual([500, expect.stringContaining(said)]);
});

test('in production the value is sent as it is', async () => {
  const response = await routes.request('/leak', {}, { ...env, STRICT_RESPONSES: 'false' } as never);
  expect(response.status).toBe(200);
});

test('a live event that does not fit its schema fails', async () => {
  const event = { type: 'monitors-changed', secret: 'hunter2' } as never;
  await expect(publishLiveEvent(services, 'tem_none', 'none', event)).rejects.toThrow('secret');
});

test('a value is parsed as JSON shows it', () => {
  expect(() =>
    requireShape('A time', () => z.strictObject({ at: z.string() }), { at: new Date(0), gone: undefined }),
  ).not.toThrow();
});

const modules = import.meta.glob('../../../worker/contract/*.ts', { eager: true });

const isZod = (value: unknown): value is z.ZodType => typeof value === 'object' && value !== null && '_zod' in value;

const schemas = Object.entries(modules)
  .filter(([file]) => !file.endsWith('/responseSchema.ts'))
  .flatMap(([file, exports]) => Object.entries(exports).map(([name, one]) => ({ name: `${file} ${name}`, one })))
  .filter(({ one }) => typeof one === 'function' && one.length === 0)
  .map(({ name, one }): [string, z.ZodType] => [name, (one as ResponseSchema)()])
  .filter(([, schema]) => isZod(schema));

/** Where any value may be, with the reason. */
const open = [
  // Values of any changed field.
  ...['auditEntryView: unknown', 'auditEntryView: unknown'].map((part) => `../../../worker/contract/audit.ts ${part}`),
];

const partsOf = (schema: z.ZodType): z.ZodType[] => {
  // Checks only narrow what a schema takes.
  const { shape, checks: _, ...def } = schema._zod.def as unknown as Record<string, unknown>;
  return [...Object.values(shape ?? {}), ...Object.values(def).flat()].filter(isZod);
};

const looseParts = (schema: z.ZodType, path: string, seen = new Set<z.ZodType>()): string[] => {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { type, catchall } = schema._zod.def as { type: string; catchall?: z.ZodType };
  const isLoose =
    ['any', 'unknown', 'custom'].includes(type) || (type === 'object' && catchall?._zod.def.type !== 'never');
  return [...(isLoose ? [`${path}: ${type}`] : []), ...partsOf(schema).flatMap((part) => looseParts(part, path, seen))];
};

test('schemas of responses are strict all the way down', () => {
  expect(schemas.length).toBeGreaterThan(5);
  expect(looseParts(z.object({ a: z.array(z.object({})) }), 'x')).toEqual(['x: object', 'x: object']);
  expect(schemas.flatMap(([name, schema]) => looseParts(schema, name))).toEqual(open);
});

test('a problem has no field that its schema does not know', () => {
  const problem = { type: 'urn:pharos:problem:not_found', title: 'Not found', status: 404, detail: 'None.' };
  const whole = { ...problem, code: 'not_found', errors: [], requestId: 'req_1' };
  expect(() => requireShape('Problem', problemSchema, whole)).not.toThrow();
  expect(() => requireShape('Problem', problemSchema, { ...whole, stack: 'at worker' })).toThrow('stack');
});
