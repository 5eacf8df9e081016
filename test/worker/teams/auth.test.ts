import { env } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import type { Problem } from '../../../worker/api/http/problem.ts';
import { app } from '../../../worker/app.ts';
import { requireGoodPassword } from '../../../worker/auth/passwordRules.ts';
import { countSignIn, countSignUp } from '../../../worker/auth/throttle.ts';
import { signIn as signInAccount } from '../../../worker/commands/teams/signIn.ts';
import { signUp as signUpAccount } from '../../../worker/commands/teams/signUp.ts';
import type { AccountView } from '../../../worker/contract/views.ts';
import { createServices } from '../../../worker/services.ts';
import type { Plan, Received } from '../../provided.ts';
import { bodyOf, type Client, createClient, newEmail, password, signUp } from '../support/client.ts';
import { asVisitor } from '../support/visitor.ts';

const path = (name: string) => `/api/v1/auth/${name}`;
const cookieOf = (response: Response, name: string) =>
  response.headers.getSetCookie().find((line) => line.startsWith(`${name}=`));
const codeOf = async (response: Response) => [response.status, (await bodyOf<Problem>(response)).code];

test('signing up answers with the user and a team of their own, and the session works at once', async () => {
  const client = createClient();
  const email = newEmail();
  const response = await client.post(path('signup'), { email: `  ${email} `, password });
  expect(response.status).toBe(201);
  const account = await bodyOf<AccountView>(response);
  expect(account).toEqual({
    user: { id: expect.stringMatching(/^usr_/), email, createdAt: expect.stringMatching(/^\d{4}-.*Z$/) },
    team: {
      id: expect.stringMatching(/^team_/),
      name: `${email.split('@')[0]}'s team`,
      timeZone: 'UTC',
      role: 'owner',
      isFirst: expect.any(Boolean),
    },
  });
  const me = await client.get('/api/v1/me');
  expect(me.status).toBe(200);
  expect(await bodyOf<AccountView>(me)).toEqual(account);
});

test('a team can be named on signing up', async () => {
  const response = await createClient().post(path('signup'), { email: newEmail(), password, teamName: 'Lamplighters' });
  expect((await bodyOf<AccountView>(response)).team.name).toBe('Lamplighters');
});

test.each([
  ['Asia/Tokyo', 'Asia/Tokyo'],
  ['Mars/Olympus', 'UTC'],
])('a browser in %s gives its team the time zone %s', async (timeZone, kept) => {
  const response = await createClient().post(path('signup'), { email: newEmail(), password, timeZone });
  expect((await bodyOf<AccountView>(response)).team.timeZone).toBe(kept);
});

test('the cookies are out of reach of scripts, plain connections and other sites', async () => {
  const response = await createClient().post(path('signup'), { email: newEmail(), password });
  const session = cookieOf(response, '__Host-pharos_session');
  const refresh = cookieOf(response, '__Host-pharos_refresh');
  for (const cookie of [session, refresh]) {
    expect(cookie).toMatch(/; HttpOnly(;|$)/);
    expect(cookie).toMatch(/; Secure(;|$)/);
    expect(cookie).toMatch(/; SameSite=Strict(;|$)/);
  }
  expect(session).toMatch(/; Max-Age=600; Path=\/;/);
  expect(refresh).toMatch(/; Max-Age=2592000; Path=\/;/);
});

test('neither password nor refresh token is stored as it is', async () => {
  const client = await signUp();
  const row = await env.DB.prepare(
    'SELECT u.password_hash, s.refresh_hash FROM users u JOIN sessions s ON s.user_id = u.id WHERE u.id = ?',
  )
    .bind(client.user.id)
    .first<{ password_hash: string; refresh_hash: string }>();
  expect(row?.password_hash).toMatch(/^\$2y\$04\$/);
  expect(row?.refresh_hash).toHaveLength(43);
  expect(client.jar.get('__Host-pharos_refresh')?.value).not.toContain(row?.refresh_hash);
});

test('two sign-ups with one e-mail in different case are one too many', async () => {
  const client = await signUp();
  const response = await createClient().post(path('signup'), { email: client.user.email.toUpperCase(), password });
  expect(response.status).toBe(409);
  const message = 'An account with this e-mail already exists.';
  expect(await bodyOf<Problem>(response)).toMatchObject({ code: 'email_taken', errors: [{ path: 'email', message }] });
});

test('somebody whose domain is in Cyrillic signs up, and signs in by either spelling', async () => {
  const local = crypto.randomUUID();
  const email = `${local}@xn--e1afmkfd.xn--p1ai`;
  const up = await createClient().post(path('signup'), { email: `${local}@пример.рф`, password });
  expect(up.status).toBe(201);
  expect(await bodyOf<AccountView>(up)).toMatchObject({ user: { email } });
  for (const typed of [`${local}@Пример.рф`, email]) {
    const response = await createClient().post(path('signin'), { email: typed, password });
    expect([typed, response.status]).toEqual([typed, 200]);
  }
  expect((await createClient().post(path('signup'), { email, password })).status).toBe(409);
});

test('two sign-ups with one e-mail at the same moment leave one account', async () => {
  const email = newEmail();
  const responses = await Promise.all([1, 2, 3].map(() => createClient().post(path('signup'), { email, password })));
  expect(responses.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  const teams = await env.DB.prepare('SELECT count(*) AS n FROM teams WHERE name = ?')
    .bind(`${email.split('@')[0]}'s team`)
    .first('n');
  expect(teams).toBe(1);
});

test.each([
  ['email', 'no-at-sign', 'This is not an e-mail address.'],
  ['email', 'a@b', 'This is not an e-mail address.'],
  ['email', `${'a'.repeat(250)}@example.com`, 'An e-mail address can have at most 254 characters.'],
  ['email', undefined, 'Enter your e-mail address.'],
  ['email', 7, 'Enter your e-mail address.'],
  ['password', 'ninechars', 'A password needs at least 10 characters.'],
  [
    'password',
    'x'.repeat(73),
    'A password can have at most 72 bytes; non-English letters take more than one byte each.',
  ],
  [
    'password',
    'é'.repeat(37),
    'A password can have at most 72 bytes; non-English letters take more than one byte each.',
  ],
  ['password', 'ten\0letters', 'A password cannot contain a NUL character.'],
  ['password', undefined, 'Enter a password.'],
  ['teamName', '   ', 'A team name cannot be empty.'],
])('signing up with the %s %j says what is wrong with it', async (field, value, message) => {
  const response = await createClient().post(path('signup'), { email: newEmail(), password, [field]: value });
  expect(response.status).toBe(400);
  expect((await bodyOf<Problem>(response)).errors).toContainEqual({ path: field, message });
});

test('72 bytes are a password, and a letter may be typed in either of its Unicode forms', async () => {
  const email = newEmail();
  const composed = 'Käse Öl Übung Lärm Äther Größe füllt Döner Mühe Rübe Zähne'.normalize('NFC');
  const whole = composed.padEnd(composed.length + 72 - new TextEncoder().encode(composed).length, 'z');
  expect(new TextEncoder().encode(whole)).toHaveLength(72);
  expect((await createClient().post(path('signup'), { email, password: whole })).status).toBe(201);
  const signIn = (text: string) => createClient().post(path('signin'), { email, password: text });
  expect((await signIn(whole.normalize('NFD'))).status).toBe(200);
  expect((await signIn(`${whole}x`)).status).toBe(401);
});

test.each([
  ['password1234', /common password/],
  ['P@ssw0rd2024', /common password/],
  [' '.repeat(12), /repeats/],
  ['aaaaaaaaaaaa', /repeats/],
  ['abcdefghijkl', /sequence/],
  ['qwertyuiop123', /common password/],
  ['Summer2026!!', /easy to guess|attackers try/],
  ['pharospharos', /attackers try|repeats/],
  ['Frühling2026!', /attackers try|easy to guess/],
  ['Fruehling2026', /attackers try|easy to guess/],
  ['contraseña1', /attackers try|easy to guess/],
  ['пароль1234', /attackers try|easy to guess/],
  ['ichliebedich1', /attackers try|easy to guess/],
])('the password %j is refused with a reason and with what to do', async (weak, reason) => {
  const response = await createClient().post(path('signup'), { email: newEmail(), password: weak });
  expect(response.status).toBe(400);
  const { errors } = await bodyOf<Problem>(response);
  expect(errors).toMatchObject([{ path: 'password', message: expect.stringMatching(reason) }]);
  expect(errors[0]?.message).toContain('Use several unrelated words');
});

test('a password that is the e-mail address is refused', async () => {
  const email = `ada.lovelace.${crypto.randomUUID().slice(0, 8)}@example.com`;
  expect((await createClient().post(path('signup'), { email, password: email })).status).toBe(400);
});

/** The receiver stands in for Have I Been Pwned; it answers one text for every address. */
const range = (answer: Plan) => {
  const plan = btoa(JSON.stringify(answer)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const run = crypto.randomUUID();
  const asked = async () => (await (await fetch(`${inject('receiver')}/${run}/received`)).json()) as Received[];
  return { url: `${inject('receiver')}/${run}/${plan}/range/`, asked };
};

const sha1 = async (text: string) =>
  [...new Uint8Array(await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text)))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();

const judge = (breachedPasswordsUrl: string | null) =>
  requireGoodPassword(
    { config: { ...createServices(env).config, breachedPasswordsUrl } },
    { email: newEmail(), password },
  );

test('a stolen password is refused, and only five digits of its hash are sent', async () => {
  const hash = await sha1(password);
  const { url, asked } = range({
    does: 'answer',
    body: `0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n${hash.slice(5)}:42\r\n`,
  });
  await expect(judge(url)).rejects.toMatchObject({
    fields: [{ path: 'password', message: expect.stringContaining('stolen') }],
  });
  const [request] = await asked();
  expect([request?.path, request?.headers['add-padding']]).toEqual([`/range/${hash.slice(0, 5)}`, 'true']);
});

test('padding in the answer, an error, and no answer keep nobody out', async () => {
  const hash = await sha1(password);
  await judge(range({ does: 'answer', body: `${hash.slice(5)}:0\r\n` }).url);
  await judge(range({ does: 'answer', status: 503 }).url);
  await judge(range({ does: 'close' }).url);
  await judge(range({ does: 'hang' }).url);
  await judge(null);
});

test('signing in works with the e-mail in any case and answers like signing up', async () => {
  const { user, team } = await signUp();
  const client = createClient();
  const response = await client.post(path('signin'), { email: user.email.toUpperCase(), password });
  expect(response.status).toBe(200);
  expect(await bodyOf<AccountView>(response)).toEqual({ user, team });
  expect((await client.get('/api/v1/me')).status).toBe(200);
});

test('an unknown e-mail and a wrong password get the same answer', async () => {
  const { user } = await signUp();
  const answers = await Promise.all(
    [user.email, newEmail()].map(async (email) => {
      const response = await createClient().post(path('signin'), { email, password: 'a wrong password' });
      const { requestId, ...problem } = await bodyOf<Problem>(response);
      return { status: response.status, cookies: response.headers.getSetCookie(), problem };
    }),
  );
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]).toMatchObject({ status: 401, cookies: [], problem: { code: 'invalid_credentials' } });
});

test('an unknown e-mail takes as long as a wrong password', async () => {
  const services = createServices(env);
  const costly = { ...services, config: { ...services.config, bcryptCost: 10 } };
  const email = newEmail();
  await signUpAccount(asVisitor(costly), { email, password });
  const timeOf = async (input: { email: string; password: string }) => {
    const startedAt = Date.now();
    await expect(signInAccount(asVisitor(costly, { network: '10.0.0.2' }), input)).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
    await env.DB.prepare('SELECT 1').run(); // workerd's clock only moves with I/O
    return Date.now() - startedAt;
  };
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
  const ratio = () => Math.min(...times.unknown) / Math.min(...times.known);
  // The shortest of many: a busy machine makes some longer, and none shorter than the work that is done.
  for (let n = 0; n < 5 || (n < 40 && Math.abs(Math.log2(ratio())) > 0.9); n++) {
    times.known.push(await timeOf({ email, password: 'a wrong password' }));
    times.unknown.push(await timeOf({ email: newEmail(), password: 'a wrong password' }));
  }
  expect(ratio()).toBeGreaterThan(0.5);
  expect(ratio()).toBeLessThan(2);
});

test('without a session there is nothing to see', async () => {
  const client = createClient();
  expect(await codeOf(await client.get('/api/v1/me'))).toEqual([401, 'unauthenticated']);
  client.jar.set('__Host-pharos_session', { value: 'garbage', path: '/' });
  expect(await codeOf(await client.get('/api/v1/me'))).toEqual([401, 'unauthenticated']);
});

test('signing out ends the session, also for who kept its token', async () => {
  const client = await signUp();
  const kept = client.jar.get('__Host-pharos_session');
  expect((await client.post(path('signout'))).status).toBe(204);
  expect([...client.jar.keys()]).toEqual(['__Host-pharos_device']);
  if (kept) client.jar.set('__Host-pharos_session', kept);
  expect(await codeOf(await client.get('/api/v1/me'))).toEqual([401, 'unauthenticated']);
  expect((await client.post(path('signout'))).status).toBe(204);
});

test('signing out here leaves the other sessions alone; signing out everywhere ends them at once', async () => {
  const { user, ...here } = await signUp();
  const others = await Promise.all(
    [1, 2].map(async () => {
      const client = createClient();
      await client.post(path('signin'), { email: user.email, password });
      return client;
    }),
  );
  const stranger = await signUp();
  await here.post(path('signout'));
  expect((await others[0]?.get('/api/v1/me'))?.status).toBe(200);
  expect((await others[0]?.post(`${path('signout')}?everywhere=true`))?.status).toBe(204);
  expect((await others[1]?.get('/api/v1/me'))?.status).toBe(401);
  expect((await others[1]?.post(path('refresh')))?.status).toBe(401);
  expect((await stranger.get('/api/v1/me')).status).toBe(200);
});

test('signing out everywhere without a session does not pretend', async () => {
  expect(await codeOf(await createClient().post(`${path('signout')}?everywhere=true`))).toEqual([
    401,
    'unauthenticated',
  ]);
});

test('a removed member has no session in the team any more', async () => {
  const client = await signUp();
  await env.DB.prepare('DELETE FROM members WHERE user_id = ?').bind(client.user.id).run();
  expect(await codeOf(await client.get('/api/v1/me'))).toEqual([401, 'unauthenticated']);
});

const guess = (email: string, address?: string) =>
  createClient(address).post(path('signin'), { email, password: 'a wrong guess' });

test('one network may guess ten times at an account, known or not, and learns how long to wait', async () => {
  const { user } = await signUp();
  for (const email of [user.email, newEmail()]) {
    const statuses = [];
    for (let n = 0; n < 10; n++)
      statuses.push((await guess(n % 2 ? email : email.toUpperCase(), `2001:db8:7:7::${n}`)).status);
    expect(statuses).toEqual(Array(10).fill(401));
    const limited = await guess(email, '2001:db8:7:7::ffff');
    const seconds = Number(limited.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(15 * 60);
    expect(await codeOf(limited)).toEqual([429, 'rate_limited']);
    expect((await guess(email)).status).toBe(401);
  }
});

test('guesses at the same moment cannot pass together', async () => {
  const { user } = await signUp();
  const statuses = await Promise.all(
    Array.from({ length: 25 }, async () => (await guess(user.email, '10.1.1.1')).status),
  );
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
});

test('guesses from many networks are limited, and the owner gets in by device and by network anyway', async () => {
  const owner = await signUp();
  const { user } = owner;
  const statuses = [];
  for (let n = 0; n < 61; n++) statuses.push((await guess(user.email)).status);
  expect(statuses).toEqual([...Array(60).fill(401), 429]);
  const signIn = (client: Client) => client.post(path('signin'), { email: user.email, password });
  // Signed out, in the same browser, wherever it is now.
  await owner.post(path('signout'));
  const abroad = createClient('203.0.113.9');
  for (const [name, cookie] of owner.jar) abroad.jar.set(name, cookie);
  expect((await signIn(abroad)).status).toBe(200);
  // In another browser at the place from where they signed in before.
  expect((await signIn(createClient('203.0.113.9'))).status).toBe(200);
  // Even the right password does not help somebody unknown: else guesses could go on.
  expect(await codeOf(await signIn(createClient()))).toEqual([429, 'rate_limited']);
});

test('a stranger with the device cookie of another account, or a made-up one, is a stranger', async () => {
  const [owner, other] = [await signUp(), await signUp()];
  for (let n = 0; n < 60; n++) await guess(owner.user.email);
  const stolen = other.jar.get('__Host-pharos_device');
  for (const value of [stolen?.value ?? '', `${'A'.repeat(22)}.${'A'.repeat(22)}`, 'x']) {
    const client = createClient();
    client.jar.set('__Host-pharos_device', { value, path: '/' });
    expect((await client.post(path('signin'), { email: owner.user.email, password })).status).toBe(429);
  }
});

test('a known device guesses within its own bound', async () => {
  const { jar, user } = await signUp();
  const device = jar.get('__Host-pharos_device');
  const statuses = [];
  for (let n = 0; n < 21; n++) {
    const client = createClient();
    if (device) client.jar.set('__Host-pharos_device', device);
    statuses.push((await client.post(path('signin'), { email: user.email, password: 'a wrong guess' })).status);
  }
  expect(statuses).toEqual([...Array(20).fill(401), 429]);
});

test('one network at many accounts is bounded as well, and what succeeds is not counted', async () => {
  const statuses = [];
  for (let n = 0; n < 101; n++) statuses.push((await guess(newEmail(), '198.51.100.1')).status);
  expect(statuses).toEqual([...Array(100).fill(401), 429]);
  const { user } = await signUp();
  for (let n = 0; n < 12; n++)
    expect((await createClient('198.51.100.2').post(path('signin'), { email: user.email, password })).status).toBe(200);
});

test('neither e-mails nor addresses are kept where failures are counted', async () => {
  const email = newEmail();
  await guess(email, '198.51.100.77');
  const { results } = await env.DB.prepare('SELECT * FROM sign_in_failures').all();
  expect(results.length).toBeGreaterThan(0);
  expect(JSON.stringify(results)).not.toMatch(new RegExp(`${email}|198\\.51`));
});

test.each([
  ['user-agent', 'Pharos/1.0 (+uptime monitor)'],
  ['cf-worker', 'pharos.example.workers.dev'],
])('Pharos itself cannot sign in or up (%s: %s), and counts for nobody', async (name, value) => {
  const { user } = await signUp();
  const headers = { [name]: value };
  for (let n = 0; n < 12; n++) {
    const tried = await createClient('10.2.2.2').post(
      path('signin'),
      { email: user.email, password: 'x' },
      { headers },
    );
    expect(await codeOf(tried)).toEqual([403, 'forbidden']);
  }
  expect((await createClient().post(path('signup'), { email: newEmail(), password }, { headers })).status).toBe(403);
  expect((await guess(user.email, '10.2.2.2')).status).toBe(401);
});

test('signing up is limited per address, of which an IPv6 network counts as one', async () => {
  const attempt = (address: string) => createClient(address).post(path('signup'), { email: newEmail(), password });
  const statuses = [];
  for (let n = 0; n < 11; n++) statuses.push((await attempt(`2001:db8:1:2::${n}`)).status);
  expect(statuses).toEqual([...Array(10).fill(201), 429]);
  expect((await attempt('2001:db8:1:3::1')).status).toBe(201);
});

test('if only the first may sign up, the second is refused with the reason', async () => {
  await signUp();
  const open = createServices(env);
  const closed = { ...open, config: { ...open.config, signUp: { kind: 'first' as const } } };
  const second = signUpAccount(asVisitor(closed), { email: newEmail(), password });
  await expect(second).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('closed') });
});

test('the sign-up setting is public, and may be cached for a minute', async () => {
  const answer = await createClient().get(path('signup'));
  expect([answer.status, answer.headers.get('cache-control'), await answer.json()]).toEqual([
    200,
    'public, max-age=60',
    { signUp: 'open' },
  ]);
});

test('sign-ups of one network are limited across all locations of Cloudflare, of others not', async () => {
  const taken = await signUp();
  // Each location counts for itself: what is asked at another one each time is never too much there.
  const elsewhere = { ...env, SIGN_UP_LIMIT: { limit: async () => ({ success: true }) } };
  const ask = async (request: Request) => app.fetch(request, elsewhere);
  const prober = createClient('2001:db8:77:1::1', ask);
  const guess = async (client: Client) =>
    (await client.post(path('signup'), { email: taken.user.email, password })).status;
  const answers = await Promise.all(Array.from({ length: 63 }, () => guess(prober)));
  expect(answers.filter((status) => status === 409)).toHaveLength(60);
  expect(answers.filter((status) => status === 429)).toHaveLength(3);
  const refused = await createClient('2001:db8:77:1::2', ask).post(path('signup'), { email: newEmail(), password });
  expect(await codeOf(refused)).toEqual([429, 'rate_limited']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await guess(createClient('2001:db8:77:2::1', ask))).toBe(409);
});

test('an IPv6 site that takes another network for each attempt is limited as a whole', async () => {
  const services = { ...createServices(env), now: () => 1_764_417_600_000 };
  const networks = Array.from({ length: 520 }, (_, n) => `2001:db8:99:${n.toString(16)}::`);
  const signUps = [];
  for (const network of networks.slice(0, 310))
    signUps.push(await countSignUp(services, network).catch((error) => error.code));
  expect(signUps.indexOf('rate_limited')).toBe(300);
  expect(await countSignUp(services, '2001:db8:9a:1::')).toBeUndefined();
  const guesses = [];
  for (const [n, network] of networks.entries())
    guesses.push(
      await countSignIn(services, `nobody-${n}@example.com`, { network, device: undefined }).then(
        () => '',
        (error) => error.code,
      ),
    );
  expect(guesses.indexOf('rate_limited')).toBe(500);
});
