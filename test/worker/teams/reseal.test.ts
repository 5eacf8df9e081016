import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { openSettings, storeSettings } from '../../../worker/alerts/channels/secrets.ts';
import { type Keyring, keyringOf } from '../../../worker/crypto/keyring.ts';
import { sealedPrefix } from '../../../worker/crypto/seal.ts';
import { openMonitorSettings } from '../../../worker/db/monitors/monitorSecrets.ts';
import { readResealing } from '../../../worker/db/operations/resealing.ts';
import { resealOld } from '../../../worker/operations/reseal.ts';
import type { Services } from '../../../worker/services.ts';
import { create } from '../monitors/monitorApi.ts';
import { bodyOf, type Client, signUp } from '../support/client.ts';
import { services } from '../support/seed.ts';

const minute = 60_000;
const plain = env.ENCRYPTION_KEY;
const ringOf = (...keys: string[]) => keyringOf([plain, ...keys]) as Keyring;
const [first, second] = ['mgx3k2q1', 'mgx4aaa2'].map((id) => `${id}:${id}-secret-of-at-least-thirty-two`) as [
  string,
  string,
];

const withKeys = (keys: Keyring, at = Date.now()): Services => ({
  ...services,
  config: { ...services.config, encryptionKey: keys },
  now: () => at,
});

/** So many minutes of the cron, from `at` on. */
const pass = async (keys: Keyring, minutes: number, at = Date.now()) => {
  for (let i = 0; i < minutes; i++) await resealOld(withKeys(keys, at + i * minute));
};

const sealedOf = async (table: string) =>
  (await env.DB.prepare(`SELECT sealed FROM ${table} WHERE sealed IS NOT NULL`).all<{ sealed: string }>()).results.map(
    ({ sealed }) => sealed,
  );

const allSealed = async () => (await Promise.all(['monitors', 'channels', 'deleted_channels'].map(sealedOf))).flat();

let owner: Client;

beforeEach(async () => {
  for (const table of ['monitors', 'channels', 'deleted_channels', 'resealing'])
    await env.DB.exec(`DELETE FROM ${table}`);
  owner = await signUp();
});

const createHook = async (url = 'https://example.com/hook/key-in-the-path?token=in-the-query') => {
  const settings = { url, headers: { authorization: 'Bearer x' } };
  const response = await owner.post('/api/v1/channels', { kind: 'webhook', name: 'Hook', settings, join: false });
  return (await bodyOf<{ id: string }>(response)).id;
};

test('after a rotation everything is sealed under the newest key, and opens without the older one', async () => {
  const monitor = await create(owner, { headers: { 'x-token': 'secret value' }, body: 'secret body', method: 'POST' });
  const channel = await createHook();
  await env.DB.prepare(
    `INSERT INTO deleted_channels (id, team_id, kind, name, settings, sealed, deleted_at)
     SELECT id, team_id, kind, name, settings, sealed, 1 FROM channels`,
  ).run();
  const before = await env.DB.prepare('SELECT updated_at FROM channels').first('updated_at');
  await pass(ringOf(first), 7);
  const sealed = await allSealed();
  expect(sealed).toHaveLength(3);
  for (const text of sealed) expect(text.startsWith(sealedPrefix(ringOf(first).newest))).toBe(true);
  const alone = keyringOf([first]) as Keyring;
  const row = await env.DB.prepare('SELECT id, sealed FROM monitors').first<{ id: string; sealed: string }>();
  expect(row?.id).toBe(monitor.id);
  expect(await openMonitorSettings(withKeys(alone), { id: '', sealed: null, ...row, settings: {} })).toEqual({
    headers: { 'x-token': 'secret value' },
    body: 'secret body',
  });
  const hook = await env.DB.prepare('SELECT settings, sealed, updated_at FROM channels WHERE id = ?')
    .bind(channel)
    .first<{ settings: string; sealed: string; updated_at: number }>();
  expect(
    await openSettings(channel, { shown: JSON.parse(hook?.settings ?? ''), sealed: hook?.sealed ?? '' }, alone),
  ).toMatchObject({
    ...{ url: 'https://example.com/hook/key-in-the-path?token=in-the-query', headers: { authorization: 'Bearer x' } },
  });
  expect(hook?.updated_at).toBe(before);
  expect(await readResealing(env.DB)).toMatchObject({ version: 'mgx3k2q1/2', failed: 0, doneAt: expect.any(Number) });
});

test('a row that an older worker sealed under the older key after the first pass is found before it is done', async () => {
  const at = Date.now();
  await pass(ringOf(first), 3, at);
  await create(owner, { headers: { 'x-token': 'late' } });
  expect((await readResealing(env.DB))?.doneAt).toBeNull();
  await pass(ringOf(first), 5, at + 3 * minute);
  expect((await sealedOf('monitors'))[0]).toMatch(/^v2\.mgx3k2q1\./);
  expect((await readResealing(env.DB))?.doneAt).not.toBeNull();
});

test('once done it writes nothing more, and another key restarts', async () => {
  await createHook();
  await pass(ringOf(first), 7);
  const done = await readResealing(env.DB);
  const sealed = await allSealed();
  await pass(ringOf(first), 2, Date.now() + 60 * minute);
  expect([await readResealing(env.DB), await allSealed()]).toEqual([done, sealed]);
  await pass(ringOf(first, second), 7);
  expect((await allSealed())[0]).toMatch(/^v2\.mgx4aaa2\./);
});

test('addresses that lay in clear from before are sealed, and are masked in answers until then', async () => {
  const id = await createHook();
  const settings = {
    url: 'https://example.com/hook/key-in-the-path',
    method: 'POST',
    headers: {},
    bodyTemplate: null,
    signingSecret: null,
  };
  await env.DB.prepare('UPDATE channels SET settings = ?2, sealed = NULL WHERE id = ?1')
    .bind(id, JSON.stringify(settings))
    .run();
  expect(await (await owner.get(`/api/v1/channels/${id}`)).text()).not.toContain('key-in-the-path');
  await pass(ringOf(), 7);
  const row = await env.DB.prepare('SELECT settings, sealed FROM channels').first<{
    settings: string;
    sealed: string;
  }>();
  expect(row?.settings).not.toContain('key-in-the-path');
  expect(
    await openSettings(id, { shown: JSON.parse(row?.settings ?? ''), sealed: row?.sealed ?? '' }, ringOf()),
  ).toEqual(settings);
});

test('a row that opens under no key is counted, and delays nothing else', async () => {
  const id = await createHook();
  const lost = await storeSettings('webhook', id, { url: 'https://lost.example/x' }, keyringOf([second]) as Keyring);
  await env.DB.prepare('UPDATE channels SET sealed = ?1').bind(lost.sealed).run();
  await create(owner, { headers: { 'x-token': 'fine' } });
  await pass(ringOf(first), 7);
  expect(await readResealing(env.DB)).toMatchObject({ failed: 1, doneAt: expect.any(Number) });
  expect((await sealedOf('monitors'))[0]).toMatch(/^v2\.mgx3k2q1\./);
});

test('a table longer than one pass is read to its end', async () => {
  await createHook();
  await env.DB.prepare(
    `INSERT INTO channels (id, team_id, kind, name, settings, sealed, created_at, updated_at)
     SELECT 'chn_' || value, 'team_x', 'webhook', 'Hook', json_object('url', 'https://example.com/' || value), NULL, 1, 1
     FROM json_each(?1)`,
  )
    .bind(JSON.stringify(Array.from({ length: 600 }, (_, i) => `key-${i}`)))
    .run();
  await pass(ringOf(first), 8);
  const { results } = await env.DB.prepare(
    "SELECT id FROM channels WHERE settings LIKE '%key-%' OR sealed NOT LIKE 'v2.mgx3k2q1.%'",
  ).all();
  expect(results).toEqual([]);
});
