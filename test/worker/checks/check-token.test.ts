import { env } from 'cloudflare:workers';
import { beforeEach, expect, inject, test } from 'vitest';
import { loadChecks } from '../../../worker/checks/pipeline/check.ts';
import type { CheckTokenView, MonitorView } from '../../../worker/contract/views.ts';
import { type Keyring, keyringOf } from '../../../worker/crypto/keyring.ts';
import { sealedPrefix } from '../../../worker/crypto/seal.ts';
import { readCheckToken } from '../../../worker/db/teams/checkToken.ts';
import { resealOld } from '../../../worker/operations/reseal.ts';
import { httpChange, httpMonitor } from '../../httpMonitor.ts';
import { base, create, problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { services } from '../support/seed.ts';
import { look } from './probing.ts';

const https = 'https://shop.example/health';

let owner: Awaited<ReturnType<typeof signUp>>;

beforeEach(async () => {
  owner = await signUp();
});

const tokenOf = async (client: typeof owner) => bodyOf<CheckTokenView>(await client.get('/api/v1/check-token'));

const sentBy = async (id: string) => {
  const row = await env.DB.prepare('SELECT number, cohort FROM monitors WHERE id = ?')
    .bind(id)
    .first<{ number: number; cohort: number }>();
  const { number = 0, cohort = 0 } = row ?? {};
  const [check] = await loadChecks(services, { cohort, region: 'weur', monitors: [number] });
  return check?.target.headers;
};

test('a team has no token until a monitor is to send it, and only that monitor does', async () => {
  expect(await tokenOf(owner)).toEqual({ header: 'Pharos-Token', token: null });
  const without = await create(owner, { url: https });
  expect(without.settings.sendToken).toBe(false);
  const sending = await create(owner, { url: https, sendToken: true, headers: { 'x-own': 'mine' } });
  const { token } = await tokenOf(owner);
  expect(token).toMatch(/^[\w-]{32}$/);
  expect(await sentBy(sending.id)).toEqual({ 'x-own': 'mine', 'Pharos-Token': token });
  expect(await sentBy(without.id)).toEqual({});
  await owner.patch(`${base}/${without.id}`, { settings: { sendToken: true } });
  expect(await sentBy(without.id)).toEqual({ 'Pharos-Token': token });
  const stored = await env.DB.prepare('SELECT group_concat(check_token) AS all_tokens FROM teams').first('all_tokens');
  expect(stored).not.toContain(token);
});

test('each team has a token of its own, and a header of the monitor takes its place', async () => {
  const other = await signUp();
  await create(owner, { url: https, sendToken: true });
  await create(other, { url: https, sendToken: true });
  expect((await tokenOf(owner)).token).not.toBe((await tokenOf(other)).token);
  const own = await create(owner, { url: https, sendToken: true, headers: { 'pharos-token': 'mine' } });
  expect(await sentBy(own.id)).toEqual({ 'pharos-token': 'mine' });
});

test('it goes over https only', async () => {
  const refused = { status: 400, errors: [{ path: 'settings.sendToken' }] };
  expect(
    await problemOf(await owner.post(base, httpMonitor({ url: 'http://shop.example/', sendToken: true }))),
  ).toMatchObject(refused);
  const plain = await create(owner, { url: 'http://shop.example/' });
  expect(await problemOf(await owner.patch(`${base}/${plain.id}`, { settings: { sendToken: true } }))).toMatchObject(
    refused,
  );
  await env.DB.prepare(`UPDATE monitors SET settings = json_set(settings, '$.sendToken', json('true')) WHERE id = ?`)
    .bind(plain.id)
    .run();
  await create(owner, { url: https, sendToken: true });
  expect(await sentBy(plain.id)).toEqual({});
});

test('another origin gets it only where somebody chooses so again', async () => {
  const { id } = await create(owner, { url: https, sendToken: true });
  const change = async (fields: object) => bodyOf<MonitorView>(await owner.patch(`${base}/${id}`, httpChange(fields)));
  expect(await change({ url: 'https://shop.example/other' })).toMatchObject({ settings: { sendToken: true } });
  expect(await change({ url: 'https://else.example/' })).toMatchObject({ settings: { sendToken: false } });
  expect(await change({ url: 'https://third.example/', sendToken: true })).toMatchObject({
    settings: { sendToken: true },
  });
  expect(await change({ url: 'http://third.example/' })).toMatchObject({ settings: { sendToken: false } });
});

test('a renewed token is sent from then on, and the audit trail does not name it', async () => {
  const { id } = await create(owner, { url: https, sendToken: true });
  const before = (await tokenOf(owner)).token;
  const renewed = await bodyOf<CheckTokenView>(await owner.post('/api/v1/check-token/renew', {}));
  expect(renewed.token).toMatch(/^[\w-]{32}$/);
  expect(renewed.token).not.toBe(before);
  expect(await sentBy(id)).toEqual({ 'Pharos-Token': renewed.token });
  const trail = await (await owner.get('/api/v1/audit')).text();
  expect(trail).toContain('checkToken');
  expect(trail).not.toContain(renewed.token);
});

test('it is masked in what a target sends back, and dropped on the way to another origin', async () => {
  const { id } = await create(owner, { url: https, sendToken: true });
  const headers = (await sentBy(id)) ?? {};
  const token = headers['Pharos-Token'] ?? '';
  const body = `you sent ${token} or ${encodeURIComponent(token)} or ${btoa(token)}`;
  const answered = await look(`/answer?status=500&body=${encodeURIComponent(body)}`, { headers, keepAnswer: true });
  expect(answered.answer?.body).toContain('you sent');
  expect(JSON.stringify(answered)).not.toContain(token);
  expect(JSON.stringify(answered)).not.toContain(btoa(token).replace(/=+$/, ''));
  const elsewhere = `${inject('target').replace('127.0.0.1', 'localhost')}/echo`;
  const asked = { headers, bodyNotContains: token };
  expect(await look('/echo', asked)).toMatchObject({ health: 'down', reason: 'body' });
  expect(await look(`/redirect-to?url=${encodeURIComponent(elsewhere)}`, asked)).toMatchObject({ health: 'up' });
});

test('a rotation of the keys seals it again, and it stays the same', async () => {
  await create(owner, { url: https, sendToken: true });
  const { token } = await tokenOf(owner);
  const keys = keyringOf([env.ENCRYPTION_KEY, 'mgx3k2q1:mgx3k2q1-secret-of-at-least-thirty-two']) as Keyring;
  const rotated = { ...services, config: { ...services.config, encryptionKey: keys } };
  const at = Date.now();
  for (let minute = 0; minute < 12; minute++) await resealOld({ ...rotated, now: () => at + minute * 60_000 });
  const sealed = await env.DB.prepare('SELECT check_token FROM teams WHERE id = ?')
    .bind(owner.team.id)
    .first<string>('check_token');
  expect(sealed?.startsWith(sealedPrefix(keys.newest))).toBe(true);
  expect(await readCheckToken(rotated, owner.team.id)).toBe(token);
});
