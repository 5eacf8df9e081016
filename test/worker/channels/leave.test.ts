import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { sendDue } from '../../../worker/alerts/outbox/sendDue.ts';
import { sweepChannels } from '../../../worker/alerts/outbox/sweepChannels.ts';
import { readLeaveToken, signLeaveToken } from '../../../worker/auth/leaveToken.ts';
import type { AttemptResultView, ChannelView } from '../../../worker/contract/views.ts';
import { keyringOf } from '../../../worker/crypto/keyring.ts';
import {
  confirmPathOf,
  fetchMailed,
  newRun,
  readable,
  mailedServices as services,
  signUpMailed,
} from '../deliveries/mailed.ts';
import { bodyOf, origin } from '../support/client.ts';
import { insertDelivery, receiverFor, seedWebhook, statesOf } from './alerting.ts';

const base = '/api/v1/channels';
let owner: Awaited<ReturnType<typeof signUpMailed>>;
let teamId: string;
let run: ReturnType<typeof newRun>;
beforeEach(async () => {
  owner = await signUpMailed();
  teamId = (await bodyOf<{ team: { id: string } }>(await owner.get('/api/v1/me'))).team.id;
  run = newRun();
});

const visit = (path: string, method = 'GET', body?: string) =>
  fetchMailed(
    new Request(`${origin}${path}`, {
      method,
      // Mail readers send neither cookies nor an origin.
      headers: { 'cf-connecting-ip': '10.9.8.7', 'content-type': 'application/x-www-form-urlencoded' },
      ...(body !== undefined && { body }),
    }),
  );

const create = async (to: string[]) => {
  const response = await owner.post(base, { kind: 'email', name: 'Mail', settings: { to } });
  expect(response.status).toBe(201);
  return bodyOf<ChannelView>(response);
};
const read = async (id: string) => bodyOf<ChannelView>(await owner.get(`${base}/${id}`));
const sendTest = async (id: string) => bodyOf<AttemptResultView>(await owner.post(`${base}/${id}/test`));
const mailTo = async (address: string) => (await run.mails()).findLast(({ to }) => to[0] === address);
const confirm = async (address: string) => visit(confirmPathOf(await mailTo(address)), 'POST');
const leavePathOf = async (address: string) => {
  const [, path] =
    readable((await mailTo(address))?.data ?? '').match(/Stop these alerts: \S+?(\/leave\/[\w-]+)/) ?? [];
  if (!path) throw new Error('There is no link in the mail.');
  return path;
};

/** A channel whose recipients have confirmed and got a test each, with the path of each to leave. */
const seed = async (...names: string[]) => {
  const addresses = names.map(run.addressOf);
  const { id } = await create(addresses);
  for (const address of addresses) await confirm(address);
  expect(await sendTest(id)).toMatchObject({ state: 'delivered', problem: null });
  return { id, addresses, paths: await Promise.all(addresses.map(leavePathOf)) };
};

test('each recipient has a link of their own, which asks when it is opened and leaves by a POST', async () => {
  const { id, addresses, paths } = await seed('ada', 'bob');
  const [ada = '', bob = ''] = addresses;
  const [path = ''] = paths;
  expect(new Set(paths).size).toBe(2);
  // No address can be read from it.
  expect(atob(path.slice(7).replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('example');
  const page = await visit(path);
  expect(page.status).toBe(200);
  const html = await page.text();
  expect(html).toContain(ada);
  expect(html).not.toContain(bob);
  expect((await read(id)).recipients).toMatchObject([{ state: 'confirmed' }, { state: 'confirmed' }]);
  const left = await visit(path, 'POST', 'List-Unsubscribe=One-Click');
  expect(left.status).toBe(200);
  expect((await read(id)).recipients).toMatchObject([
    { address: ada, state: 'left', leftAt: expect.any(String), askAgainFrom: null },
    { address: bob, state: 'confirmed', leftAt: null },
  ]);
  expect((await read(id)).failing).toBeNull();
  expect(await sendTest(id)).toMatchObject({
    state: 'delivered',
    answer: expect.stringContaining(`Unsubscribed recipients: ${ada}.`),
  });
  expect((await run.mails()).filter(({ to }) => to[0] === ada)).toHaveLength(2);
});

test('to leave twice, or at the same time, changes nothing more', async () => {
  const { id, paths } = await seed('ada');
  const [path = ''] = paths;
  await Promise.all([visit(path, 'POST'), visit(path, 'POST')]);
  const { recipients } = await read(id);
  expect((await visit(path, 'POST')).status).toBe(200);
  expect(await (await visit(path)).text()).toContain('This address receives no alerts');
  expect((await read(id)).recipients).toEqual(recipients);
});

test.each([
  ['https://pharos.example.com', 'List-Unsubscribe=One-Click'],
  ['http://localhost:8788', undefined],
])('from %s a mail offers %s, as RFC 8058 asks for HTTPS', async (publicOrigin, offer) => {
  const { id, addresses } = await seed('ada');
  const monitor = { id: 'mon_x', name: 'Shop', url: 'https://shop.example/' };
  const notified = {
    event: 'down',
    since: 0,
    at: 0,
    why: 'Because.',
    teamName: 'Team',
    timeZone: 'UTC',
    durationMs: null,
  };
  const message = { ...notified, monitor, regions: [], standing: null, acknowledgedBy: null };
  await insertDelivery({ teamId, channel: id });
  await env.DB.prepare('UPDATE deliveries SET message = ?2 WHERE channel = ?1').bind(id, JSON.stringify(message)).run();
  const before = (await run.mails()).length;
  await sendDue({ ...services, config: { ...services.config, publicOrigin } }, id, 'run_test');
  expect(await run.mails()).toHaveLength(before + 1);
  const mail = readable((await mailTo(addresses[0] ?? ''))?.data ?? '');
  const [head = ''] = mail.split('\r\n\r\n');
  expect(/List-Unsubscribe-Post: (\S+)\r/.exec(head)?.[1]).toBe(offer);
  const [, url] = /List-Unsubscribe:\s+<(\S+)>/.exec(head) ?? [];
  const [, inText] = /Stop these alerts: (\S+)/.exec(mail) ?? [];
  expect(inText).toContain(`${publicOrigin}/leave/`);
  expect(url).toBe(offer && inText);
});

test('when nobody remains the channel counts as failing, and the team is notified through another one', async () => {
  const { id, paths } = await seed('ada', 'bob');
  await seedWebhook(teamId, receiverFor().url, { join: false });
  await visit(paths[0] ?? '', 'POST');
  await sweepChannels(services);
  expect(await statesOf(teamId)).toEqual([]);
  await visit(paths[1] ?? '', 'POST');
  expect((await read(id)).failing?.problem).toContain('have unsubscribed');
  await sweepChannels(services);
  await sweepChannels(services);
  expect((await statesOf(teamId)).map((state) => state.split(' ')[0])).toEqual(['channel-failing']);
});

test('a recipient who left is asked again only if the address is added again', async () => {
  const { id, addresses, paths } = await seed('ada', 'bob');
  const [ada = '', bob = ''] = addresses;
  await visit(paths[0] ?? '', 'POST');
  const confirmations = async () => (await run.mails()).filter(({ data }) => data.includes('Confirm that')).length;
  await owner.patch(`${base}/${id}`, { name: 'Renamed', settings: { to: [ada, bob] } });
  expect((await read(id)).recipients?.[0]?.state).toBe('left');
  expect((await owner.post(`${base}/${id}/recipients/ask`, { address: ada })).status).toBe(409);
  expect(await confirmations()).toBe(2);
  await owner.patch(`${base}/${id}`, { settings: { to: [bob] } });
  await owner.patch(`${base}/${id}`, { settings: { to: [bob, ada] } });
  expect((await read(id)).recipients?.[1]).toMatchObject({ state: 'waiting', leftAt: null });
  expect(await confirmations()).toBe(3);
  expect(await sendTest(id)).toMatchObject({ answer: expect.stringContaining(`Unconfirmed recipients: ${ada}`) });
  await confirm(ada);
  expect(await sendTest(id)).toMatchObject({ state: 'delivered', problem: null });
});

test('a link is of one team and one address, and made-up ones lead nowhere', async () => {
  const { id, paths } = await seed('ada');
  const [path = ''] = paths;
  const changed = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
    .filter((sign) => !path.endsWith(sign))
    .map((sign) => path.slice(0, -1) + sign);
  for (const wrong of [...changed, `${path}AAAA`, path.slice(0, -8), `/leave/${'A'.repeat(80)}`, '/leave/x'])
    for (const method of ['GET', 'POST']) expect((await visit(wrong, method)).status).toBe(404);
  expect((await read(id)).recipients?.[0]?.state).toBe('confirmed');
});

test('a token is the same each time, and is read after a rotation of the key', async () => {
  const ring = (...settings: string[]) => {
    const keys = keyringOf(settings);
    if (!keys) throw new Error('These are no keys.');
    return keys;
  };
  const [old, next, last] = ['old', 'next', 'last'].map((name) => name.padEnd(40, 'x'));
  const leaver = { teamId: 'team_a', addressKey: 'ada@example.com' };
  const before = ring(`aaaaaa:${old}`);
  const token = await signLeaveToken(leaver, before);
  expect(await signLeaveToken(leaver, before)).toBe(token);
  expect(await readLeaveToken(token, ring(`aaaaaa:${old}`, `bbbbbb:${next}`))).toEqual(leaver);
  expect(await readLeaveToken(token, ring(`bbbbbb:${next}`, `cccccc:${last}`))).toBeNull();
});
