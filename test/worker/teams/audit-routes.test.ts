import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { app } from '../../../worker/app.ts';
import { type Auditing, commands } from '../../../worker/commands/command.ts';
import type { AuditAction } from '../../../worker/domain/teams/audit.ts';
import { createClient, newEmail, password } from '../support/client.ts';
import { routes } from './authorisation/routes.ts';
import { seedWorld, type World } from './authorisation/world.ts';

/** Why a write leaves nothing in the trail. */
type Unaudited = { why: string };
const unaudited = (why: string): Unaudited => ({ why });

/** The route runs this command, which says itself what it audits. */
const by = (command: string) => ({ command });

const nothing = unaudited('it changes nothing that lasts');

/** How a monitor is called is not recorded, how it is checked is. */
const bodies: Record<string, object> = { 'PATCH /api/v1/monitors/:id': { timeoutMs: 5_000 } };

/** Every route that can write, and its entry in the trail. A new one without a line here fails. */
const audited: Record<string, AuditAction | Unaudited | { command: string }> = {
  'POST /a/:token': by('incident.acknowledge'),
  'POST /confirm/:token': by('recipient.confirm'),
  'POST /confirm/:token/refuse': by('recipient.refuse'),
  'POST /leave/:token': by('recipient.leave'),
  'POST /api/v1/auth/signup': by('account.sign-up'),
  'POST /api/v1/auth/signin': by('account.sign-in'),
  'POST /api/v1/auth/refresh': by('session.refresh'),
  'POST /api/v1/auth/signout': by('account.sign-out'),
  'PATCH /api/v1/me/team': by('team.change'),
  'DELETE /api/v1/me/sessions/:id': by('session.end'),
  'DELETE /api/v1/me/sessions': by('session.end-others'),
  'POST /api/v1/check-token/renew': by('check-token.renew'),
  'PATCH /api/v1/incidents/:id': by('incident.change'),
  'POST /api/v1/incidents/:id/acknowledge': by('incident.acknowledge'),
  'POST /api/v1/incidents/:id/comments': by('incident.comment'),
  'POST /api/v1/incidents/:id/resolve': by('incident.resolve'),
  'POST /api/v1/incidents/:id/reopen': by('incident.reopen'),
  'POST /api/v1/monitors': by('monitor.create'),
  'PATCH /api/v1/monitors/:id': by('monitor.change'),
  'DELETE /api/v1/monitors/:id': by('monitor.delete'),
  'POST /api/v1/monitors/:id/pause': by('monitor.pause'),
  'POST /api/v1/monitors/:id/resume': by('monitor.resume'),
  'POST /api/v1/monitors/:id/check': by('monitor.check'),
  'POST /api/v1/monitors/:id/reclassifications': by('reclassification.create'),
  'POST /api/v1/monitors/:id/reclassifications/:reclassification/revoke': by('reclassification.revoke'),
  'POST /api/v1/maintenance-windows': by('maintenance.create'),
  'POST /api/v1/maintenance-windows/preview': nothing,
  'PATCH /api/v1/maintenance-windows/:id': by('maintenance.change'),
  'DELETE /api/v1/maintenance-windows/:id': by('maintenance.delete'),
  'POST /api/v1/maintenance-windows/:id/skip': by('maintenance.skip'),
  'POST /api/v1/maintenance-windows/:id/unskip': by('maintenance.unskip'),
  'POST /api/v1/maintenance-windows/:id/end': by('maintenance.end'),
  'POST /api/v1/channels': by('channel.create'),
  'PATCH /api/v1/channels/:id': by('channel.change'),
  'DELETE /api/v1/channels/:id': by('channel.delete'),
  'POST /api/v1/channels/:id/test': by('channel.test'),
  'POST /api/v1/channels/:id/recipients/ask': by('channel.ask-recipient'),
  'POST /api/v1/people': by('person.create'),
  'PATCH /api/v1/people/:id': by('person.change'),
  'DELETE /api/v1/people/:id': by('person.delete'),
  'POST /api/v1/on-call': by('on-call.create'),
  'PATCH /api/v1/on-call/:id': by('on-call.change'),
  'POST /api/v1/on-call/:id/overrides': by('on-call.create-override'),
  'DELETE /api/v1/on-call/:id/overrides/:override': by('on-call.delete-override'),
  'POST /api/v1/on-call/:id/calendar/renew': by('on-call.renew-calendar'),
  'DELETE /api/v1/on-call/:id': by('on-call.delete'),
  'POST /api/v1/escalation-policies': by('escalation-policy.create'),
  'PATCH /api/v1/escalation-policies/:id': by('escalation-policy.change'),
  'DELETE /api/v1/escalation-policies/:id': by('escalation-policy.delete'),
  'POST /api/v1/deliveries/:id/retry': by('delivery.retry'),
  'POST /api/v1/status-pages': by('status-page.create'),
  'PATCH /api/v1/status-pages/:id': by('status-page.change'),
  'DELETE /api/v1/status-pages/:id': by('status-page.delete'),
};

const writes = [
  ...new Set(
    app.routes.filter(({ method }) => !['ALL', 'GET'].includes(method)).map(({ method, path }) => `${method} ${path}`),
  ),
];

test('every route that can write has a line', () => {
  expect(Object.keys(audited).toSorted()).toEqual(writes.toSorted());
});

test('every command is run by a route', () => {
  const run = Object.values(audited).flatMap((line) =>
    typeof line === 'object' && 'command' in line ? line.command : [],
  );
  expect([...new Set(run)].toSorted()).toEqual([...commands.keys()].toSorted());
});

/** The entry in the trail for the line's route. */
const actionOf = (line: AuditAction | Unaudited | { command: string }): readonly AuditAction[] => {
  if (typeof line === 'string') return [line];
  if ('why' in line) return [];
  const auditing = commands.get(line.command) as Auditing;
  return 'unaudited' in auditing ? [] : [auditing.audits].flat();
};

test('a command that audits nothing gives the reason', () => {
  for (const [name, auditing] of commands)
    if ('unaudited' in auditing) expect([name, auditing.unaudited]).toEqual([name, expect.stringMatching(/\w+ \w+/)]);
});

/** Names of the commands that ran meanwhile, from their log lines. */
const commandsRunBy = async <T>(run: () => Promise<T>): Promise<{ ran: string[]; result: T }> => {
  const lines = vi.spyOn(console, 'log');
  const result = await run();
  const logged = lines.mock.calls.map(([line]) => JSON.parse(String(line)) as { unit: string; command: string });
  lines.mockRestore();
  return { ran: logged.filter(({ unit }) => unit === 'command').map(({ command }) => command), result };
};

let world: World;
beforeAll(async () => {
  world = await seedWorld();
});

const entries = async () => {
  const { results } = await env.DB.prepare('SELECT id, action, author FROM audit_entries WHERE team_id = ?')
    .bind(world.owner.team.id)
    .all<{ id: string; action: string; author: string }>();
  return results;
};

const isDeletion = (route: string) => route.startsWith('DELETE ');

/** Those that somebody does by a session; a refused one leaves nothing. */
const done = Object.entries(audited)
  .filter(([route]) => route.includes(' /api/v1/') && !route.includes('/auth/'))
  .toSorted(([a], [b]) => Number(isDeletion(a)) - Number(isDeletion(b)));

/** The input of a request besides the world. */
const prepare: Record<string, (world: World) => Promise<unknown>> = {
  'DELETE /api/v1/me/sessions': ({ owner }) =>
    createClient().post('/api/v1/auth/signin', { email: owner.user.email, password }),
};

/** In the order of the routes' table: a recipient who refused cannot leave. */
const links = Object.keys(routes)
  .filter((route) => route in audited && !route.includes(' /api/v1/'))
  .map((route) => [route, audited[route]] as const);

describe('the holder of a link', () => {
  test.for(links)('%s', async ([route, expected]) => {
    const given = routes[route]?.at(-1);
    if (!given || typeof expected !== 'object' || !('command' in expected)) throw new Error('A link runs a command.');
    const before = await entries();
    const { ran, result } = await commandsRunBy(() => createClient().post(given.path(world, 'owner')));
    expect([result.status, ran]).toEqual([200, [expected.command]]);
    expect(actionOf(expected)).toEqual([]);
    expect(await entries()).toEqual(before);
  });
});

describe('the owner', () => {
  test.for(done)('%s', async ([route, expected]) => {
    const [method = ''] = route.split(' ');
    const [given] = routes[route] ?? [];
    if (!given) throw new Error('The table of authorisation has no such request.');
    await prepare[route]?.(world);
    const before = (await entries()).map(({ id }) => id);
    const options = given.headers ? { headers: given.headers } : {};
    const { owner } = world;
    const { ran, result: response } = await commandsRunBy(() =>
      method === 'DELETE'
        ? owner.delete(given.path(world, 'owner'), options)
        : (method === 'PATCH' ? owner.patch : owner.post)(
            given.path(world, 'owner'),
            bodies[route] ?? given.body?.(world),
            options,
          ),
    );
    const added = (await entries()).filter(({ id }) => !before.includes(id));
    const actions = [...new Set(added.map(({ action }) => action))];
    const possible = actionOf(expected);
    expect([response.status, ran]).toEqual([
      given.owner,
      response.ok && typeof expected === 'object' && 'command' in expected ? [expected.command] : [],
    ]);
    if (response.ok && possible.length > 1) expect(possible).toEqual(expect.arrayContaining(actions));
    expect(actions).toHaveLength(response.ok ? Math.min(possible.length, 1) : 0);
    if (response.ok && possible.length === 1) expect(actions).toEqual(possible);
    for (const { author } of added) expect(author).toBe(owner.user.id);
  });
});

test('a visitor signs up, in and out', async () => {
  const client = createClient();
  const account = { email: newEmail(), password };
  const steps: [path: string, body: object | undefined, status: number, ran: string[], action: AuditAction | null][] = [
    ['signup', account, 201, ['account.sign-up'], 'team.created'],
    ['signin', { ...account, password: 'another password' }, 401, [], 'sign-in.failed'],
    ['signin', account, 200, ['account.sign-in'], 'sign-in.succeeded'],
    ['refresh', undefined, 204, ['session.refresh'], null],
    ['signout', undefined, 204, ['account.sign-out'], 'sign-out.here'],
    ['signin', account, 200, ['account.sign-in'], 'sign-in.succeeded'],
    ['signout?everywhere=true', undefined, 204, ['account.sign-out'], 'sign-out.everywhere'],
  ];
  const trail = async () => {
    const { results } = await env.DB.prepare(
      'SELECT a.id, a.action FROM audit_entries AS a JOIN users AS u ON u.id = a.author WHERE u.email = ?',
    )
      .bind(account.email)
      .all<{ id: string; action: AuditAction }>();
    return results;
  };
  for (const [path, body, status, ran, action] of steps) {
    const before = (await trail()).map(({ id }) => id);
    const done = await commandsRunBy(() => client.post(`/api/v1/auth/${path}`, body));
    const added = (await trail()).filter(({ id }) => !before.includes(id)).map((entry) => entry.action);
    expect([path, done.result.status, done.ran, added]).toEqual([path, status, ran, action === null ? [] : [action]]);
    for (const name of ran) if (action !== null) expect(actionOf({ command: name })).toContain(action);
  }
});
