import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import type { MonitorView } from '../../../worker/contract/views.ts';
import { openMonitorSettings } from '../../../worker/db/monitors/monitorSecrets.ts';
import { maskedSecret } from '../../../worker/domain/monitors/monitor.ts';
import { bodyOf, type Client, signUp } from '../support/client.ts';
import { services } from '../support/seed.ts';
import { base, create, problemOf } from './monitorApi.ts';

let owner: Client;
beforeAll(async () => {
  owner = await signUp();
});

const token = 'Bearer s3cr3t-t0ken';
const body = '{"password":"hunter2"}';
const secretMonitor = () =>
  create(owner, { method: 'POST', headers: { Authorization: token, 'X-Other': 'other-secret' }, body });
const stored = async (id: string) =>
  (await env.DB.prepare('SELECT * FROM monitors WHERE id = ?').bind(id).first()) as Record<string, unknown>;
const opened = async (id: string) => {
  const row = await stored(id);
  const settings = JSON.parse(String(row.settings));
  const { headers, body } = await openMonitorSettings(services, { id, settings, sealed: row.sealed as string | null });
  return { headers, body };
};

test('secrets are in no answer and not readable in the database', async () => {
  const monitor = await secretMonitor();
  expect(monitor.settings).toMatchObject({
    headers: { Authorization: maskedSecret, 'X-Other': maskedSecret },
    body: maskedSecret,
  });
  const answers = await Promise.all([
    owner.get(`${base}/${monitor.id}`),
    owner.get(base),
    owner.patch(`${base}/${monitor.id}`, { name: 'Renamed' }),
    owner.post(`${base}/${monitor.id}/pause`),
  ]);
  const texts = [...(await Promise.all(answers.map((a) => a.text()))), JSON.stringify(await stored(monitor.id))];
  for (const text of texts) {
    expect(text).not.toContain('s3cr3t');
    expect(text).not.toContain('other-secret');
    expect(text).not.toContain('hunter2');
  }
});

test('secrets stay when the mask is sent back, in any case of the name', async () => {
  const { id } = await secretMonitor();
  const change = { settings: { headers: { authorization: maskedSecret, 'X-New': 'new' }, body: maskedSecret } };
  const response = await owner.patch(`${base}/${id}`, change);
  expect(response.status).toBe(200);
  expect((await bodyOf<MonitorView>(response)).settings.headers).toEqual({
    authorization: maskedSecret,
    'X-New': maskedSecret,
  });
  expect(await opened(id)).toEqual({ headers: { authorization: token, 'X-New': 'new' }, body });
});

test('secrets can be replaced and removed', async () => {
  const { id } = await secretMonitor();
  await owner.patch(`${base}/${id}`, { settings: { headers: { Authorization: 'other' } } });
  expect(await opened(id)).toEqual({ headers: { Authorization: 'other' }, body });
  const answer = await bodyOf<MonitorView>(
    await owner.patch(`${base}/${id}`, { settings: { headers: {}, body: null } }),
  );
  expect(answer).toMatchObject({ settings: { headers: {}, body: null } });
  expect((await stored(id)).sealed).toBeNull();
});

test('secrets that are not stored cannot be kept', async () => {
  const { id } = await create(owner, { method: 'POST' });
  const problem = await problemOf(
    await owner.patch(`${base}/${id}`, { settings: { headers: { 'X-A': maskedSecret }, body: maskedSecret } }),
  );
  expect(problem.status).toBe(400);
  expect(problem.errors.map((e) => e.path)).toEqual(['settings.headers.X-A', 'settings.body']);
});

const elsewhere = [
  'https://elsewhere.example/',
  'https://www.example.com/',
  'http://example.com/',
  'https://example.com:8443/',
];

test.for(elsewhere)('stored secrets do not move to %s: they are entered again', async (url) => {
  const headers = { Authorization: token, Accept: 'text/html' };
  const { id } = await create(owner, { url: 'https://example.com/a', method: 'POST', headers, body });
  const masked = { headers: { authorization: maskedSecret, accept: maskedSecret }, body: maskedSecret };
  for (const [change, paths] of [
    [{ url }, ['headers.Authorization', 'body']],
    [{ url, ...masked }, ['headers.authorization', 'body']],
    [{ url, method: 'GET' }, ['headers.Authorization', 'body']],
    [{ url, headers: { Authorization: 'other' } }, ['body']],
    [{ url, body: 'other' }, ['headers.Authorization']],
  ] as const) {
    const problem = await problemOf(await owner.patch(`${base}/${id}`, { settings: change }));
    expect([problem.status, problem.errors.map((e) => e.path)]).toEqual([400, paths.map((path) => `settings.${path}`)]);
    expect(JSON.stringify(problem)).not.toContain('s3cr3t');
  }
  expect((await stored(id)).settings).toContain('https://example.com/a');
  expect(await opened(id)).toEqual({ headers, body });

  const entered = { headers: { Authorization: 'new', accept: maskedSecret }, body: 'new' };
  expect((await owner.patch(`${base}/${id}`, { settings: { url, ...entered } })).status).toBe(200);
  expect(await opened(id)).toEqual({ headers: { Authorization: 'new', accept: 'text/html' }, body: 'new' });
});

test('secrets stay with another path of the same origin, and can be left behind', async () => {
  const { id } = await create(owner, { url: 'https://example.com/a', headers: { Authorization: token } });
  const kept = { settings: { url: 'https://EXAMPLE.com:443/b?c', headers: { Authorization: maskedSecret } } };
  expect((await owner.patch(`${base}/${id}`, kept)).status).toBe(200);
  expect(await opened(id)).toEqual({ headers: { Authorization: token }, body: null });
  expect(
    (await owner.patch(`${base}/${id}`, { settings: { url: 'https://other.example/', headers: {} } })).status,
  ).toBe(200);
  expect((await stored(id)).sealed).toBeNull();
});
