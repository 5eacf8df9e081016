import { env } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import { testMessage } from '../../../worker/alerts/messages/message.ts';
import { send } from '../../../worker/alerts/outbox/send.ts';
import { sendDepsOf } from '../../../worker/alerts/outbox/sendDeps.ts';
import type { LimitView, Page } from '../../../worker/contract/views.ts';
import { takeAllowance, tryAllowance } from '../../../worker/db/teams/limits.ts';
import type { LimitName } from '../../../worker/domain/teams/limits.ts';
import { httpMonitor } from '../../httpMonitor.ts';
import { layerOf, type Owner, seedPerson, wallIn } from '../escalation/onCall.ts';
import { base, create } from '../monitors/monitorApi.ts';
import { bodyOf, type Client, signUp } from '../support/client.ts';
import { services } from '../support/seed.ts';

const allow = async ({ team }: Owner, name: LimitName, value: number) => {
  await env.DB.prepare('INSERT OR REPLACE INTO team_limits (team_id, name, value) VALUES (?1, ?2, ?3)')
    .bind(team.id, name, value)
    .run();
};

const useOf = async (client: Client, name: LimitName) => {
  const { data } = await bodyOf<Page<LimitView>>(await client.get('/api/v1/limits'));
  return data.find((one) => one.name === name);
};

const quiet = { intervalSeconds: 3600, regions: ['weur'] };
const unique = () => crypto.randomUUID().slice(0, 8);

const ownPerson = async (owner: Owner) =>
  (await env.DB.prepare('SELECT id FROM people WHERE team_id = ?').bind(owner.team.id).first<string>('id')) ??
  (await seedPerson(owner, 'Ada')).id;

const ownMonitor = async (owner: Owner) =>
  (await env.DB.prepare('SELECT id FROM monitors WHERE team_id = ?').bind(owner.team.id).first<string>('id')) ??
  (await create(owner, quiet)).id;

const hook = { kind: 'webhook', name: 'Hook', settings: { url: 'https://hook.invalid/' } };

/** How one more of each comes to be. Each team has a default escalation policy from the start. */
const ways: [name: LimitName, had: number, add: (owner: Owner) => Promise<Response>][] = [
  ['monitors', 0, (owner) => owner.post(base, httpMonitor({ url: inject('target'), ...quiet }))],
  ['channels', 0, (owner) => owner.post('/api/v1/channels', hook)],
  ['people', 0, (owner) => owner.post('/api/v1/people', { name: unique(), channelIds: [] })],
  [
    'schedules',
    0,
    async (owner) => {
      const layers = [layerOf([await ownPerson(owner)])];
      return owner.post('/api/v1/on-call', { name: unique(), timeZone: 'UTC', layers });
    },
  ],
  [
    'escalationPolicies',
    1,
    async (owner) => {
      const targets = [{ type: 'person', id: await ownPerson(owner) }];
      return owner.post('/api/v1/escalation-policies', { name: unique(), steps: [{ afterSeconds: 0, targets }] });
    },
  ],
  [
    'statusPages',
    0,
    async (owner) => {
      const monitorIds = [await ownMonitor(owner)];
      return owner.post('/api/v1/status-pages', { slug: `page-${unique()}`, name: 'A page', monitorIds });
    },
  ],
  [
    'maintenanceWindows',
    0,
    (owner) => {
      const times = { startsAt: wallIn(3_600_000), endsAt: wallIn(7_200_000), timeZone: 'UTC' };
      return owner.post('/api/v1/maintenance-windows', { title: 'Work', ...times, allMonitors: true });
    },
  ],
];

test.for(ways)('of %s a team has as many as it may, however many are added at once', async ([name, had, add]) => {
  const [owner, stranger] = [await signUp(), await signUp()];
  await allow(owner, name, had + 2);
  const first = await add(owner);
  expect([first.status, first.status === 201 ? '' : await first.text()]).toEqual([201, '']);
  const answers = await Promise.all(Array.from({ length: 4 }, () => add(owner)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403, 403]);
  const refused = answers.find(({ status }) => status === 403);
  expect(refused && (await bodyOf(refused))).toMatchObject({
    type: 'urn:pharos:problem:limit_reached',
    code: 'limit_reached',
    detail: expect.stringContaining(`${had + 2} of ${had + 2}`),
    limit: { name, used: had + 2, limit: had + 2, howToRaise: expect.stringContaining(name) },
  });
  expect(await useOf(owner, name)).toMatchObject({ used: had + 2, limit: had + 2, state: 'reached' });
  expect((await add(stranger)).status).toBe(201);
  await allow(owner, name, had + 3);
  expect((await add(owner)).status).toBe(201);
});

test('a paused monitor counts as one and causes no checks; it is resumed where its checks have room', async () => {
  const owner = await signUp();
  const monitor = await create(owner, { intervalSeconds: 30, regions: ['weur', 'enam', 'apac'] });
  expect(await useOf(owner, 'checksPerMinute')).toMatchObject({ used: 6 });
  await owner.post(`${base}/${monitor.id}/pause`);
  expect(await useOf(owner, 'checksPerMinute')).toMatchObject({ used: 0 });
  expect(await useOf(owner, 'monitors')).toMatchObject({ used: 1 });
  await allow(owner, 'checksPerMinute', 5);
  expect(await bodyOf(await owner.post(`${base}/${monitor.id}/resume`))).toMatchObject({
    status: 403,
    limit: { name: 'checksPerMinute', used: 0, limit: 5 },
  });
  await allow(owner, 'checksPerMinute', 6);
  expect((await owner.post(`${base}/${monitor.id}/resume`)).status).toBe(200);
});

test('a team above its limit keeps what it has, and changes it to less, never to more', async () => {
  const owner = await signUp();
  const monitor = await create(owner, { intervalSeconds: 30, regions: ['weur', 'enam'] });
  await allow(owner, 'checksPerMinute', 1);
  const change = (fields: object) => owner.patch(`${base}/${monitor.id}`, fields);
  expect((await change({ name: 'Renamed' })).status).toBe(200);
  expect((await change({ intervalSeconds: 60 })).status).toBe(200);
  expect((await change({ regions: ['enam', 'apac'] })).status).toBe(200);
  expect(await bodyOf(await change({ intervalSeconds: 10 }))).toMatchObject({ code: 'limit_reached' });
  expect(await useOf(owner, 'checksPerMinute')).toMatchObject({ used: 2, limit: 1, state: 'reached' });
});

test('combinations of interval and regions are limited, because each costs messages of its own', async () => {
  const owner = await signUp();
  await allow(owner, 'checkGroups', 2);
  const first = await create(owner, { intervalSeconds: 60, regions: ['weur'] });
  await create(owner, { intervalSeconds: 60, regions: ['enam'] });
  await create(owner, { intervalSeconds: 60, regions: ['enam'] });
  const third = httpMonitor({ url: inject('target'), intervalSeconds: 60, regions: ['apac'] });
  expect(await bodyOf(await owner.post(base, third))).toMatchObject({
    limit: { name: 'checkGroups', used: 2, limit: 2 },
  });
  expect((await owner.patch(`${base}/${first.id}`, { regions: ['apac'] })).status).toBe(200);
  expect(await useOf(owner, 'checkGroups')).toMatchObject({ used: 2 });
});

test('sockets of a team are limited, and a closed one makes room', async () => {
  const owner = await signUp();
  await allow(owner, 'sockets', 2);
  const open = () => owner.get('/api/v1/live', { headers: { upgrade: 'websocket' } });
  const [first] = [await open(), await open()];
  first.webSocket?.accept();
  expect(await bodyOf(await open())).toMatchObject({
    code: 'limit_reached',
    limit: { name: 'sockets', used: 2, limit: 2 },
  });
  expect(await useOf(owner, 'sockets')).toMatchObject({ used: 2, state: 'reached' });
  first.webSocket?.close(1000);
  await expect.poll(async () => (await open()).status).toBe(101);
});

test('tests of channels are limited by the hour', async () => {
  const owner = await signUp();
  await allow(owner, 'channelTestsPerHour', 1);
  const { id } = await bodyOf<{ id: string }>(await owner.post('/api/v1/channels', hook));
  expect((await owner.post(`/api/v1/channels/${id}/test`)).status).toBe(200);
  expect(await bodyOf(await owner.post(`/api/v1/channels/${id}/test`))).toMatchObject({
    code: 'limit_reached',
    limit: { name: 'channelTestsPerHour', used: 1, limit: 1, until: expect.stringMatching(/:00:00\.000Z$/) },
  });
});

test('an allowance is taken whole or not at all, by many at once as well, and begins again with its period', async () => {
  const { team } = await signUp();
  const at = Date.parse('2026-11-29T10:00:00Z');
  const then = (now: number) => ({
    ...services,
    now: () => now,
    config: { ...services.config, teamLimits: { ...services.config.teamLimits, emailsPerDay: 10 } },
  });
  const take = (now: number, amount: number) => tryAllowance(then(now), team.id, 'emailsPerDay', amount);
  const taken = await Promise.all(Array.from({ length: 8 }, () => take(at, 3)));
  expect(taken.filter((one) => one.taken)).toHaveLength(3);
  expect(await take(at, 2)).toMatchObject({ taken: false, used: 9, limit: 10 });
  expect(await take(at, 1)).toMatchObject({ taken: true, used: 10 });
  expect(await take(at + 86_400_000, 11)).toMatchObject({ taken: false, used: 0 });
  expect(await take(at + 86_400_000, 4)).toMatchObject({ taken: true, used: 4 });
  await expect(takeAllowance(then(at + 86_400_000), team.id, 'emailsPerDay', 7)).rejects.toMatchObject({
    code: 'limit_reached',
  });
});

test('mail beyond the day’s number does not leave, says why, and what failed to leave does not count', async () => {
  const owner = await signUp();
  await allow(owner, 'emailsPerDay', 3);
  const run = crypto.randomUUID();
  const mail = {
    kind: 'smtp',
    from: 'a@pharos.test',
    host: '127.0.0.1',
    port: inject('smtpPorts').none,
    security: 'none',
    username: 'u',
    password: 'p',
  } as const;
  const around = { ...services, config: { ...services.config, mail } };
  const message = testMessage({ teamName: 'Team', timeZone: 'UTC', dashboardUrl: 'https://pharos.test' }, Date.now());
  const mailTo = (...to: string[]) =>
    send(
      'email',
      { to: to.map((who) => `${who}.${run}@example.com`) },
      message,
      unique(),
      sendDepsOf(around, owner.team.id),
    );
  expect(await mailTo('accept', 'accept2')).toMatchObject({ state: 'delivered' });
  expect(await mailTo('greylist')).toMatchObject({ state: 'transient' });
  expect(await mailTo('accept')).toMatchObject({ state: 'delivered' });
  expect(await mailTo('accept')).toMatchObject({
    state: 'permanent',
    problem: expect.stringMatching(/3 e-mail recipients a day.*emailsPerDay.*00:00 UTC/),
  });
  const left = await (await fetch(`${inject('receiver')}/${run}/mail`)).json<{ to: string[] }[]>();
  expect(left.flatMap(({ to }) => to).sort()).toEqual(
    ['accept', 'accept', 'accept2'].map((who) => `${who}.${run}@example.com`),
  );
});

test('the changes of a team in a day are limited, by any member and of any kind; reading and ending sessions go on', async () => {
  const owner = await signUp();
  const monitor = await create(owner, quiet);
  expect(await useOf(owner, 'changesPerDay')).toMatchObject({ used: 1 });
  await owner.patch(`${base}/${monitor.id}`, { name: '' });
  await owner.get(base);
  expect(await useOf(owner, 'changesPerDay')).toMatchObject({ used: 1 });
  await allow(owner, 'changesPerDay', 3);
  const statuses = [];
  for (let n = 0; n < 4; n++)
    statuses.push((await owner.post(`${base}/${monitor.id}/${n % 2 ? 'resume' : 'pause'}`)).status);
  expect(statuses).toEqual([200, 200, 403, 403]);
  expect(await bodyOf(await owner.patch('/api/v1/me/team', { timeZone: 'UTC' }))).toMatchObject({
    code: 'limit_reached',
    limit: { name: 'changesPerDay', used: 3, limit: 3, until: expect.stringMatching(/T00:00:00\.000Z$/) },
  });
  expect((await owner.get(`${base}/${monitor.id}`)).status).toBe(200);
  expect((await owner.delete('/api/v1/me/sessions')).status).toBe(204);
  expect(await useOf(await signUp(), 'changesPerDay')).toMatchObject({ used: 0 });
});
