import '../../support/freshModules.ts';
// All that the product would change for another kind: a line in each of its two tables.
import './line/inTables.ts';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, inject, test } from 'vitest';
import type { IncidentDetailView, MonitorView, Page } from '../../../../worker/contract/views.ts';
import { maskedSecret } from '../../../../worker/domain/monitors/monitor.ts';
import { receiverFor, seedWebhook } from '../../channels/alerting.ts';
import { base, problemOf } from '../../monitors/monitorApi.ts';
import { bodyOf, signUp } from '../../support/client.ts';

const { hostname: host, port } = new URL(inject('target'));
const request = (key: string) => `GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Key: ${key}\r\n\r\n`;
const settings = { host, port: Number(port), send: request('very-secret-key'), expect: 'x-key' };
const common = { regions: ['weur'], intervalSeconds: 3600, confirmations: 1, recoveryConfirmations: 1 };

let owner: Awaited<ReturnType<typeof signUp>>;
beforeAll(async () => {
  owner = await signUp();
});

const create = async (given: object = {}) => {
  const response = await owner.post(base, { kind: 'line', settings: { ...settings, ...given }, ...common });
  expect(response.status).toBe(201);
  return bodyOf<Omit<MonitorView, 'kind' | 'settings'> & { kind: string; settings: object }>(response);
};
const shown = async (id: string) => bodyOf<MonitorView>(await owner.get(`${base}/${id}`));

test('another kind is created over the API, with its defaults and its secrets masked', async () => {
  const monitor = await create();
  expect(monitor).toMatchObject({
    kind: 'line',
    name: `Line at ${host}:${port}`,
    address: `${host}:${port}`,
    settings: { host, port: Number(port), send: maskedSecret, expect: 'x-key' },
    timeoutMs: 5_000,
  });
  const row = await env.DB.prepare('SELECT * FROM monitors WHERE id = ?').bind(monitor.id).first();
  expect(JSON.stringify(row)).not.toContain('very-secret-key');
});

test('its settings are validated by its own schema, and named by their path', async () => {
  const pathsOf = async (response: Response) => (await problemOf(response)).errors.map(({ path }) => path);
  const bad = { kind: 'line', settings: { host: '', port: 70_000, url: 'https://example.com/' } };
  expect((await pathsOf(await owner.post(base, bad))).sort()).toEqual([
    'settings.host',
    'settings.port',
    'settings.url',
  ]);
  expect(await pathsOf(await owner.post(base, { kind: 'carrier-pigeon', settings: {} }))).toEqual(['kind']);
  const { id } = await create();
  const patch = (given: object) => owner.patch(`${base}/${id}`, { settings: given });
  expect(await pathsOf(await patch({ send: null }))).toEqual(['settings.expect']);
  expect(await pathsOf(await patch({ host: 'elsewhere.example' }))).toEqual(['settings.send']);
});

test('its checks run through the pipeline, and its audit entries show only what its definition allows', async () => {
  const { id } = await create();
  await expect.poll(async () => (await shown(id)).verdict, { timeout: 20_000 }).toBe('up');
  await owner.patch(`${base}/${id}`, { settings: { expect: 'never-there', send: request('another-secret-key') } });
  const audit = await bodyOf<Page<{ changes: object[] | null }>>(await owner.get('/api/v1/audit'));
  expect(audit.data[0]?.changes).toEqual([{ field: 'expect', from: 'x-key', to: 'never-there' }, { field: 'secrets' }]);
  expect(JSON.stringify(audit)).not.toContain('secret-key');
});

test('its failure is evidence without its secrets, and an alert in its own words', async () => {
  const { url, received } = receiverFor();
  const team = await signUp();
  owner = team;
  await seedWebhook(team.team.id, url);
  const { id } = await create();
  await expect.poll(async () => (await shown(id)).verdict, { timeout: 20_000 }).toBe('up');
  await team.patch(`${base}/${id}`, { settings: { expect: 'never-there' } });
  await expect.poll(async () => (await received()).length, { timeout: 30_000 }).toBe(1);
  const [alert] = await received();
  expect(alert?.body).toMatchObject({
    event: 'down',
    monitor: { id, url: `${host}:${port}` },
    answer: 'received: HTTP/1.1 200 OK',
  });
  expect(alert?.text).toContain('Wrong line');
  expect(alert?.text).not.toContain('very-secret-key');
  const incidents = await bodyOf<Page<{ id: string }>>(await team.get(`/api/v1/incidents?monitorId=${id}`));
  const detail = await bodyOf<IncidentDetailView>(await team.get(`/api/v1/incidents/${incidents.data[0]?.id}`));
  expect(detail).toMatchObject({ reason: 'line_differs' });
  const seen = detail.timeline.flatMap((event) => (event.kind === 'evidence' ? [event.evidence.answer] : []));
  expect(seen[0]?.headers).toEqual([{ name: 'peer', value: `${host}:${port}` }]);
  expect(seen[0]?.body).toContain('x-key');
  expect(seen[0]?.body).toContain(maskedSecret);
  expect(JSON.stringify(detail)).not.toContain('very-secret-key');
});
