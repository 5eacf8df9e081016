import { Hono } from 'hono';
import { inspectRoutes } from 'hono/dev';
import { beforeAll, describe, expect, test } from 'vitest';
import { app } from '../../worker/app.ts';
import { type Case, routes } from './authorisation/routes.ts';
import { rowsOfOthers, seedWorld, type World } from './authorisation/world.ts';
import { type Client, createClient, signUp } from './client.ts';

/** Generated from the app's own route table, so that no route can be forgotten: test/worker/authorisation/routes.ts. */
const handlers = inspectRoutes(app).filter(({ isMiddleware }) => !isMiddleware);
const known = [...new Set(handlers.map(({ method, path }) => `${method} ${path}`))];

let world: World;
let stranger: Awaited<ReturnType<typeof signUp>>;

beforeAll(async () => {
  world = await seedWorld();
  stranger = await signUp();
});

test('every route has a line, and every line a route', () => {
  expect(Object.keys(routes).toSorted()).toEqual(known.toSorted());
});

test('a route for all methods counts as a route, and middleware does not', () => {
  const one = new Hono().use('/api/*', (_, next) => next()).all('/api/any', (c) => c.text('any'));
  const found = inspectRoutes(new Hono().route('/', one)).filter(({ isMiddleware }) => !isMiddleware);
  expect(found.map(({ method, path }) => `${method} ${path}`)).toEqual(['ALL /api/any']);
});

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const unanswered = [...new Set(handlers.map(({ path }) => path))].flatMap((path) =>
  methods
    .filter((method) => !known.includes(`${method} ${path}`) && !known.includes(`ALL ${path}`))
    .map((method): [method: string, path: string] => [method, path]),
);

test('what is no route does nothing, whoever asks', async () => {
  const before = await rowsOfOthers([]);
  const open: string[] = [];
  for (const client of [createClient(), stranger])
    for (const [method, path] of unanswered) {
      const where = path.replaceAll(/:\w+/g, world.monitor).replace('*', 'x');
      const response = await ask(client, method, { path: () => where, body: () => ({}) } as unknown as Case);
      if (![401, 404, 405].includes(response.status)) open.push(`${method} ${path}: ${response.status}`);
    }
  // A path of another route can fit as well: then its own rules hold, which the cells below test.
  expect(open).toEqual([]);
  expect(unanswered.length).toBeGreaterThan(100);
  expect(await rowsOfOthers([])).toEqual(before);
});

const cells = Object.entries(routes).flatMap(([route, cases]) =>
  cases.map((one, i): [name: string, method: string, one: Case] => [
    cases.length > 1 ? `${route} (${i + 1})` : route,
    route.split(' ')[0] ?? '',
    one,
  ]),
);

const ask = (client: Client, method: string, { path, body, headers = {} }: Case): Promise<Response> => {
  const [where, given] = [path(world), body?.(world)];
  const send: Record<string, () => Promise<Response>> = {
    GET: () => client.get(where, { headers }),
    DELETE: () => client.delete(where, { headers }),
    POST: () => client.post(where, given, { headers }),
    PATCH: () => client.patch(where, given, { headers }),
    PUT: () => client.put(where, given, { headers }),
  };
  const sent = send[method]?.();
  if (!sent) throw new Error(`No request can be made with ${method} yet.`);
  return sent;
};

/** What no answer to anybody else may hold, wherever it was not in the question. */
const secretsOf = ({ owner, tomorrow: _, occurrence: __, ...rest }: World) => [
  owner.user.email,
  owner.user.id,
  'of the other team',
  ...Object.values(rest).filter((value) => typeof value === 'string'),
];

/** Columns to come (roles, API tokens) are callers as well. */
const callers: [name: 'visitor' | 'stranger', client: () => Client][] = [
  ['visitor', () => createClient()],
  ['stranger', () => stranger],
];

describe.for(callers)('%s', ([caller, client]) => {
  test.for(cells)('%s', async ([, method, one]) => {
    const before = await rowsOfOthers([stranger.team.id, stranger.user.id]);
    const response = await ask(client(), method, one);
    const text = await response.text();
    expect([response.status, text]).toEqual([one[caller], expect.anything()]);
    if (one[caller] >= 400 && !one.isPublic)
      expect(response.headers.get('content-type')).toBe('application/problem+json');
    const asked = one.path(world) + JSON.stringify(one.body?.(world) ?? '');
    const leaked = one.isPublic
      ? []
      : secretsOf(world).filter((secret) => text.includes(secret) && !asked.includes(secret));
    expect(leaked).toEqual([]);
    expect(await rowsOfOthers([stranger.team.id, stranger.user.id])).toEqual(before);
  });
});

/** Shows that each refusal above was one of somebody else, and not of a wrong request. Reads first, deletions last. */
const rank = (method: string) => (method === 'GET' ? 0 : method === 'DELETE' ? 2 : 1);

describe('the owner', () => {
  test.for(cells.toSorted((a, b) => rank(a[1]) - rank(b[1])))('%s', async ([, method, one]) => {
    const response = await ask(world.owner, method, one);
    expect([response.status, await response.text()]).toEqual([one.owner, expect.anything()]);
  });
});
