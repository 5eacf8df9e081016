import { env } from 'cloudflare:workers';
import { SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import type { Problem } from '../../../worker/api/http/problem.ts';
import { authenticate } from '../../../worker/auth/sessions.ts';
import { refreshSession } from '../../../worker/commands/teams/refreshSession.ts';
import { createServices } from '../../../worker/services.ts';
import { bodyOf, type Client, createClient, signUp } from '../support/client.ts';
import { asVisitor } from '../support/visitor.ts';

const key = (secret: string) => new TextEncoder().encode(secret);
const secretKey = key(env.SESSION_SECRET);
const services = createServices(env);
const refreshPath = '/api/v1/auth/refresh';

interface Claims {
  user: { id: string };
  team: { id: string };
  sessionId: string;
}

const build = ({ user, team, sessionId }: Claims, alg = 'HS256') =>
  new SignJWT({ sid: sessionId, tid: team.id })
    .setProtectedHeader({ alg })
    .setIssuer('pharos')
    .setAudience('pharos-api')
    .setSubject(user.id)
    .setIssuedAt()
    .setExpirationTime('10m');

const signedUp = async () => {
  const client = await signUp();
  const sessionId = client.jar.get('__Host-pharos_refresh')?.value.split('.')[0] ?? '';
  return { ...client, sessionId };
};

const askWith = async (token: string) => {
  const client = createClient();
  client.jar.set('__Host-pharos_session', { value: token, path: '/' });
  return (await client.get('/api/v1/me')).status;
};

test('a token that names all that it must is taken', async () => {
  expect(await askWith(await build(await signedUp()).sign(secretKey))).toBe(200);
});

test('a token without a signature is refused', async () => {
  const { user, team, sessionId } = await signedUp();
  const claims = new UnsecuredJWT({ sid: sessionId, tid: team.id })
    .setIssuer('pharos')
    .setAudience('pharos-api')
    .setSubject(user.id)
    .setExpirationTime('10m');
  expect(await askWith(claims.encode())).toBe(401);
});

type Build = (token: ReturnType<typeof build>) => Promise<string>;
const forgeries: [string, Build][] = [
  ['under another secret', (token) => token.sign(key('x'.repeat(45)))],
  ['for another audience', (token) => token.setAudience('elsewhere').sign(secretKey)],
  ['from another issuer', (token) => token.setIssuer('elsewhere').sign(secretKey)],
  ['that has run out', (token) => token.setExpirationTime('-1s').sign(secretKey)],
  ['for another user', (token) => token.setSubject('usr_somebodyelse').sign(secretKey)],
];

test.each(forgeries)('a token %s is refused', async (_, sign) => {
  const token = await sign(build(await signedUp()));
  await expect(authenticate(services, token)).rejects.toMatchObject({ code: 'unauthenticated' });
});

test.each(['HS384', 'HS512'])('a token signed with our secret by %s is refused', async (alg) => {
  expect(await askWith(await build(await signedUp(), alg).sign(secretKey))).toBe(401);
});

test('a token that never runs out is refused', async () => {
  const { user, team, sessionId } = await signedUp();
  const token = new SignJWT({ sid: sessionId, tid: team.id })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('pharos')
    .setAudience('pharos-api')
    .setSubject(user.id);
  expect(await askWith(await token.sign(secretKey))).toBe(401);
});

test("a token for somebody else's team is refused before any route is reached", async () => {
  const [one, other] = [await signedUp(), await signedUp()];
  const token = await build({ ...one, team: other.team }).sign(secretKey);
  await expect(authenticate(services, token)).rejects.toMatchObject({ code: 'unauthenticated' });
});

test("a token that names somebody else's session is refused", async () => {
  const [one, other] = [await signedUp(), await signedUp()];
  expect(await askWith(await build({ ...one, sessionId: other.sessionId }).sign(secretKey))).toBe(401);
});

const refreshToken = (client: Pick<Client, 'jar'>) => client.jar.get('__Host-pharos_refresh')?.value ?? '';
const later = (ms: number) => ({ ...services, now: () => Date.now() + ms });

test('refreshing gives new tokens, with which the session goes on', async () => {
  const client = await signUp();
  const before = refreshToken(client);
  client.jar.delete('__Host-pharos_session');
  expect((await client.post(refreshPath)).status).toBe(204);
  expect(refreshToken(client)).not.toBe(before);
  expect((await client.get('/api/v1/me')).status).toBe(200);
  expect((await client.post(refreshPath)).status).toBe(204);
});

test('two tabs that refresh at once both go on, and only one token is new', async () => {
  const client = await signUp();
  const token = refreshToken(client);
  const answers = await Promise.all([1, 2, 3].map(() => refreshSession(asVisitor(services), { refreshToken: token })));
  expect(answers.filter((tokens) => tokens.refreshToken !== undefined)).toHaveLength(1);
  for (const { accessToken } of answers) expect(await askWith(accessToken)).toBe(200);
});

test('a replaced token used after the grace ends the session, also for who holds the new one', async () => {
  const client = await signUp();
  const stolen = refreshToken(client);
  await client.post(refreshPath);
  expect((await client.get('/api/v1/me')).status).toBe(200);
  await expect(refreshSession(asVisitor(later(10_500)), { refreshToken: stolen })).rejects.toMatchObject({
    code: 'session_ended',
  });
  expect((await client.get('/api/v1/me')).status).toBe(401);
  expect((await client.post(refreshPath)).status).toBe(401);
});

test('a token replaced twice ends the session at once, and the answer clears the cookies', async () => {
  const client = await signUp();
  const stolen = refreshToken(client);
  await client.post(refreshPath);
  await client.post(refreshPath);
  const thief = createClient();
  thief.jar.set('__Host-pharos_refresh', { value: stolen, path: '/' });
  const response = await thief.post(refreshPath);
  expect(response.status).toBe(401);
  expect((await bodyOf<Problem>(response)).code).toBe('session_ended');
  expect(thief.jar.size).toBe(0);
  expect((await client.get('/api/v1/me')).status).toBe(401);
});

test.each([
  ['a made-up secret', (token: string) => `${token.split('.')[0]}.${'A'.repeat(43)}`],
  ['a made-up secret and tag', (token: string) => `${token.split('.')[0]}.${'A'.repeat(43)}.${'A'.repeat(22)}`],
  ['another secret under its tag', (token: string) => token.replace(/\.[\w-]{43}\./, `.${'A'.repeat(43)}.`)],
])('a refresh token with %s is refused, and the session goes on', async (_, forge) => {
  const client = await signUp();
  const attacker = createClient();
  const value = forge(refreshToken(client));
  for (const path of [refreshPath, '/api/v1/auth/signout?everywhere=true']) {
    attacker.jar.set('__Host-pharos_refresh', { value, path: '/' });
    expect((await attacker.post(path)).status).toBe(401);
  }
  expect((await client.get('/api/v1/me')).status).toBe(200);
  expect((await client.post(refreshPath)).status).toBe(204);
});

test('the token of another session does not pass under the id of this one', async () => {
  const [client, other] = [await signUp(), await signUp()];
  const [, ...rest] = refreshToken(other).split('.');
  const [id] = refreshToken(client).split('.');
  await expect(refreshSession(asVisitor(services), { refreshToken: [id, ...rest].join('.') })).rejects.toMatchObject({
    code: 'session_ended',
  });
  expect((await client.get('/api/v1/me')).status).toBe(200);
});

test('a token from before tags refreshes once more, and ends the session if it had been replaced', async () => {
  const client = await signUp();
  const [id, secret] = refreshToken(client).split('.');
  const old = `${id}.${secret}`;
  expect((await refreshSession(asVisitor(services), { refreshToken: old })).refreshToken).toBeDefined();
  await expect(refreshSession(asVisitor(later(10_500)), { refreshToken: old })).rejects.toMatchObject({
    code: 'session_ended',
  });
  expect((await client.get('/api/v1/me')).status).toBe(401);
});

test('a session that is not refreshed for 30 days has ended', async () => {
  const client = await signUp();
  const days = 24 * 60 * 60 * 1000;
  expect(
    (await refreshSession(asVisitor(later(29 * days)), { refreshToken: refreshToken(client) })).refreshToken,
  ).toBeDefined();
  const idle = await signUp();
  await expect(
    refreshSession(asVisitor(later(30 * days + 1000)), { refreshToken: refreshToken(idle) }),
  ).rejects.toMatchObject({
    code: 'session_ended',
  });
});

test.each(['', 'garbage', 'ses_x.y', `ses_unknown0000000000.${'a'.repeat(43)}`])(
  'the refresh token %j is refused',
  async (value) => {
    const client = createClient();
    if (value) client.jar.set('__Host-pharos_refresh', { value, path: '/' });
    const response = await client.post(refreshPath);
    expect(response.status).toBe(401);
    expect((await bodyOf<Problem>(response)).code).toBe('session_ended');
  },
);
