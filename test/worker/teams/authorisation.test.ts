import { Hono } from 'hono';
import { inspectRoutes } from 'hono/dev';
import { beforeAll, describe, expect, test } from 'vitest';
import { app } from '../../../worker/app.ts';
import { type Client, createClient, password, signUp } from '../support/client.ts';
import { type AllowedChange, type Case, routes } from './authorisation/routes.ts';
import { type Caller, rowsOfOthers, seedWorld, type World } from './authorisation/world.ts';

/** Generated from the app's own route table, so that no route can be forgotten: test/worker/teams/authorisation/routes.ts. */
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

test('an unknown route does nothing for any caller', async () => {
  const before = await rowsOfOthers([]);
  const open: string[] = [];
  for (const client of [createClient(), stranger])
    for (const [method, path] of unanswered) {
      const where = path.replaceAll(/:\w+/g, world.monitor).replace('*', 'x');
      const one = { path: () => where, body: () => ({}) } as unknown as Case;
      const response = await ask(client, method, one, 'visitor');
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

const ask = (client: Client, method: string, { path, body, headers = {} }: Case, caller: Caller): Promise<Response> => {
  const [where, given] = [path(world, caller), body?.(world)];
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

/** Text that no answer to anybody else may hold, unless the question held it. */
const secretsOf = ({ owner, tomorrow: _, occurrence: __, forCaller, ...rest }: World) => [
  owner.user.email,
  owner.user.id,
  'of the other team',
  ...[rest, ...Object.values(forCaller)].flatMap(Object.values).filter((value) => typeof value === 'string'),
];

const rowOf = (line: string): [table: string, row: Record<string, unknown>] => {
  const at = line.indexOf(' ');
  return [line.slice(0, at), JSON.parse(line.slice(at + 1))];
};

/** Each allowed change is one row, new or with other values in these columns, and nothing else is different. */
const expectOnly = (allowed: readonly AllowedChange[], before: readonly string[], after: readonly string[]) => {
  const gone = new Set(before.filter((line) => !after.includes(line)));
  const come = new Set(after.filter((line) => !before.includes(line)));
  for (const { table, names, columns } of allowed) {
    const [old, changed] = [gone, come].map((lines) =>
      [...lines].filter((line) => line.startsWith(`${table} `) && line.includes(names)),
    );
    expect([table, changed?.length]).toEqual([table, 1]);
    expect([table, old?.length]).toEqual([table, columns === 'all of a new row' ? 0 : 1]);
    const [was, is] = [old?.[0], changed?.[0]].map((line) => (line ? rowOf(line)[1] : {}));
    const different = Object.keys(is ?? {}).filter((key) => was?.[key] !== is?.[key]);
    if (columns !== 'all of a new row')
      expect([table, different.filter((key) => !columns.includes(key))]).toEqual([table, []]);
    for (const line of old ?? []) gone.delete(line);
    for (const line of changed ?? []) come.delete(line);
  }
  expect([...gone, ...come]).toEqual([]);
};

/** A session of the caller that the request may end, and others that it must end or leave alone. */
const sessionToEnd = async (caller: Caller, ends: NonNullable<Case['ends']>) => {
  if (caller === 'visitor') return { client: createClient(), others: [] };
  const known = caller === 'owner' ? world.owner : stranger;
  const person = ends === 'all sessions' ? await signUp() : known;
  const client = createClient();
  const { status } = await client.post('/api/v1/auth/signin', { email: person.user.email, password });
  expect(status).toBe(200);
  return { client, others: [person] };
};

/** The rest of a session: a copy of its cookies, because signing out removes them from the browser. */
const refreshLater = (client: Client) => {
  const copy = createClient();
  for (const [name, cookie] of client.jar) copy.jar.set(name, cookie);
  return async () => (await copy.post('/api/v1/auth/refresh')).status;
};

const expectEnded = async (method: string, one: Case, caller: Caller) => {
  const { client, others } = await sessionToEnd(caller, one.ends ?? 'one session');
  const refresh = refreshLater(client);
  const before = await rowsOfOthers([stranger.team.id, stranger.user.id, ...others.map(({ user }) => user.id)]);
  expect((await ask(client, method, one, caller)).status).toBe(one[caller]);
  expect(await rowsOfOthers([stranger.team.id, stranger.user.id, ...others.map(({ user }) => user.id)])).toEqual(
    before,
  );
  if (caller === 'visitor') return;
  expect(await refresh()).toBe(401);
  for (const other of others) {
    const { status } = await other.post('/api/v1/auth/refresh');
    expect(status).toBe(one.ends === 'all sessions' ? 401 : 204);
  }
};

/** Columns to come (roles, API tokens) are callers as well. */
const callers: [name: Exclude<Caller, 'owner'>, client: () => Client][] = [
  ['visitor', () => createClient()],
  ['stranger', () => stranger],
];

describe.for(callers)('%s', ([caller, client]) => {
  test.for(cells)('%s', async ([, method, one]) => {
    if (one.ends) return expectEnded(method, one, caller);
    const before = await rowsOfOthers([stranger.team.id, stranger.user.id]);
    const response = await ask(client(), method, one, caller);
    const text = await response.text();
    expect([response.status, text]).toEqual([one[caller], expect.anything()]);
    if (one[caller] >= 400 && !one.isPublic)
      expect(response.headers.get('content-type')).toBe('application/problem+json');
    const asked = one.path(world, caller) + JSON.stringify(one.body?.(world) ?? '');
    const leaked = one.isPublic
      ? []
      : secretsOf(world).filter((secret) => text.includes(secret) && !asked.includes(secret));
    expect(leaked).toEqual([]);
    const after = await rowsOfOthers([stranger.team.id, stranger.user.id]);
    expectOnly(one.allows?.(world, caller) ?? [], before, after);
  });
});

/** Shows that each refusal above was one of somebody else, and not of a wrong request. Reads first, deletions last. */
const rank = (method: string) => (method === 'GET' ? 0 : method === 'DELETE' ? 2 : 1);

describe('the owner', () => {
  test.for(cells.toSorted((a, b) => rank(a[1]) - rank(b[1])))('%s', async ([, method, one]) => {
    if (one.ends) return expectEnded(method, one, 'owner');
    const response = await ask(world.owner, method, one, 'owner');
    expect([response.status, await response.text()]).toEqual([one.owner, expect.anything()]);
  });
});
