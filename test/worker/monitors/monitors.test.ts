import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { MonitorDetailView, MonitorView, Page } from '../../../worker/contract/views.ts';
import { maskedSecret } from '../../../worker/domain/monitors/monitor.ts';
import { httpChange, httpMonitor } from '../../httpMonitor.ts';
import { bodyOf, type Client, createClient, signUp } from '../support/client.ts';
import { base, create, numberOf, problemOf, url } from './monitorApi.ts';

let owner: Awaited<ReturnType<typeof signUp>>;
let stranger: Client;

beforeAll(async () => {
  owner = await signUp();
  stranger = await signUp();
});

describe('creating', () => {
  test('needs a URL only, and answers with the monitor and its place', async () => {
    const response = await owner.post(base, httpMonitor({ url: `${url}/x` }));
    expect(response.status).toBe(201);
    const monitor = await bodyOf<MonitorView>(response);
    expect(response.headers.get('location')).toBe(`${base}/${monitor.id}`);
    expect(monitor).toMatchObject({
      name: new URL(url).host,
      kind: 'http',
      address: `${url}/x`,
      settings: {
        url: `${url}/x`,
        method: 'GET',
        headers: {},
        body: null,
        expectedStatus: '200-399',
        maxRedirects: 5,
        bodyContains: null,
        bodyNotContains: null,
        challengeCountsAsDown: false,
        sendToken: false,
      },
      timeoutMs: 10_000,
      intervalSeconds: 30,
      regions: ['enam', 'weur', 'apac'],
      verdict: 'unknown',
      suspect: false,
      tags: [],
    });
    expect(await bodyOf(await owner.get(`${base}/${monitor.id}`))).toMatchObject({
      id: monitor.id,
      address: `${url}/x`,
    });
  });

  test('brings a first tick from every region within seconds', async () => {
    const { id } = await create(owner, { regions: ['weur', 'oc'] });
    await expect
      .poll(async () => (await bodyOf<MonitorDetailView>(await owner.get(`${base}/${id}`))).latestTicks, {
        timeout: 10_000,
      })
      .toEqual(
        expect.arrayContaining([
          expect.objectContaining({ monitorId: id, region: 'weur', outcome: 'up', status: 200 }),
          expect.objectContaining({ monitorId: id, region: 'oc', outcome: 'up', status: 200 }),
        ]),
      );
  });

  const bad: [string, unknown, string, RegExp][] = [
    ['no URL', { url: undefined }, 'settings.url', /Enter the address/],
    ['an empty URL', { url: ' ' }, 'settings.url', /Enter the address/],
    ['an address without a scheme', { url: 'example.com' }, 'settings.url', /Start the address with https/],
    ['a script', { url: 'javascript:alert(1)' }, 'settings.url', /only http and https/],
    [
      'a 10,000-character URL',
      { url: `https://example.com/${'x'.repeat(10_000)}` },
      'settings.url',
      /at most 2048 characters/,
    ],
    ['credentials in the URL', { url: 'https://me:secret@example.com/' }, 'settings.url', /Remove the user name/],
    ['an interval of 7', { intervalSeconds: 7 }, 'intervalSeconds', /Choose one of 10, 15/],
    ['an interval that is text', { intervalSeconds: '30' }, 'intervalSeconds', /Choose one of/],
    ['an unknown region', { regions: ['weur', 'mars'] }, 'regions.1', /A region must be one of/],
    ['no region', { regions: [] }, 'regions', /at least one region/],
    ['a header with a line break', { headers: { 'X-A': 'a\r\nB: c' } }, 'settings.headers.X-A', /line breaks/],
    ['a header name with a space', { headers: { 'X A': 'a' } }, 'settings.headers.X A', /letters, digits and hyphens/],
    ['a header of the platform', { headers: { Host: 'a' } }, 'settings.headers.Host', /The platform sets/],
    ['a header given twice', { headers: { 'X-A': 'a', 'x-a': 'b' } }, 'settings.headers.x-a', /occurs twice/],
    ['a header beyond Latin-1', { headers: { 'X-A': '日本' } }, 'settings.headers.X-A', /Latin/],
    ['a masked header', { headers: { 'X-A': maskedSecret } }, 'settings.headers.X-A', /No value is stored/],
    ['a masked body', { method: 'POST', body: maskedSecret }, 'settings.body', /No body is stored/],
    ['a body of a GET', { body: 'x' }, 'settings.body', /GET request cannot have a body/],
    ['a timeout of 61 s', { timeoutMs: 61_000 }, 'timeoutMs', /at most 60 seconds/],
    ['a status of 99', { expectedStatus: '99' }, 'settings.expectedStatus', /Use codes and ranges/],
    ['eleven redirects', { maxRedirects: 11 }, 'settings.maxRedirects', /At most 10/],
    ['an unknown method', { method: 'TRACE' }, 'settings.method', /must be one of/],
    ['an empty tag', { tags: [' '] }, 'tags.0', /cannot be empty/],
    ['an empty name', { name: ' ' }, 'name', /Enter a name for the monitor/],
  ];
  test.each(bad)('refuses %s by name of the field', async (_, input, path, message) => {
    const problem = await problemOf(await owner.post(base, httpMonitor({ url, ...(input as object) })));
    expect(problem).toEqual({
      status: 400,
      code: 'invalid_request',
      errors: [{ path, message: expect.stringMatching(message) }],
    });
  });

  test('names every field that does not fit', async () => {
    const { errors } = await problemOf(await owner.post(base, httpMonitor({ url: 'x', timeoutMs: 1, tags: 'a' })));
    expect(errors.map((e) => e.path).sort()).toEqual(['settings.url', 'tags', 'timeoutMs']);
  });

  test('refuses fields that it does not know, JSON that is not JSON, and a body of 10 MB', async () => {
    expect(await problemOf(await owner.post(base, httpMonitor({ url, verdict: 'up' })))).toMatchObject({ status: 400 });
    expect(
      await problemOf(
        await owner.post(base, undefined, { rawBody: '{"url":', headers: { 'content-type': 'application/json' } }),
      ),
    ).toMatchObject({ status: 400, code: 'invalid_json' });
    expect(await problemOf(await owner.post(base, httpMonitor({ url, name: 'x'.repeat(10_000_000) })))).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
  });
});

describe('changing', () => {
  test('changes what is given and nothing else', async () => {
    const before = await create(owner, { name: 'Before', tags: ['a'], bodyContains: 'ok' });
    const response = await owner.patch(`${base}/${before.id}`, {
      name: 'After',
      settings: { bodyContains: null },
      regions: ['oc', 'weur'],
    });
    expect(response.status).toBe(200);
    const after = await bodyOf<MonitorView>(response);
    expect(after).toEqual({
      ...before,
      name: 'After',
      settings: { ...before.settings, bodyContains: null },
      regions: ['weur', 'oc'],
      updatedAt: after.updatedAt,
      verdict: after.verdict,
      verdictSince: after.verdictSince,
      regionHealth: after.regionHealth,
      suspect: after.suspect,
    });
    expect(after.updatedAt > before.updatedAt).toBe(true);
  });

  test('refuses a method that cannot carry the stored body', async () => {
    const { id } = await create(owner, { method: 'POST', body: 'x' });
    const problem = await problemOf(await owner.patch(`${base}/${id}`, { settings: { method: 'GET' } }));
    expect(problem.errors).toEqual([{ path: 'settings.body', message: 'A GET request cannot have a body.' }]);
    expect((await owner.patch(`${base}/${id}`, { settings: { method: 'GET', body: null } })).status).toBe(200);
    expect((await problemOf(await owner.patch(`${base}/${id}`, { settings: { body: 'y' } }))).errors[0]?.path).toBe(
      'settings.body',
    );
    expect((await owner.patch(`${base}/${id}`, { settings: { bodyContains: 'ok' } })).status).toBe(200);
    expect(
      (await problemOf(await owner.patch(`${base}/${id}`, { settings: { method: 'HEAD' } }))).errors[0]?.path,
    ).toBe('settings.bodyContains');
  });

  test('refuses bad values by name of the field', async () => {
    const { id } = await create(owner);
    const problem = await problemOf(
      await owner.patch(`${base}/${id}`, { intervalSeconds: 7, settings: { url: 'ftp://x' }, kind: 'tcp' }),
    );
    expect(problem.status).toBe(400);
    expect(problem.errors.map((e) => e.path)).toEqual(expect.arrayContaining(['intervalSeconds']));
  });
});

describe('pausing and resuming', () => {
  test('can be done twice, and leaves the incident open', async () => {
    const { id } = await create(owner);
    const number = await numberOf(id);
    await env.DB.prepare(
      `INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, reason, evidence)
       VALUES ('inc_pause', ?, ?, 1, 2, 'status', '[]')`,
    )
      .bind(owner.team.id, number)
      .run();
    for (const attempt of ['first', 'second']) {
      const response = await owner.post(`${base}/${id}/pause`);
      expect([attempt, response.status]).toEqual([attempt, 200]);
      expect(await bodyOf(response)).toMatchObject({ id, verdict: 'paused' });
    }
    const incident = await bodyOf<Record<string, string>>(await owner.get('/api/v1/incidents/inc_pause'));
    expect(incident).toMatchObject({ state: 'open', monitorId: id, endedAt: null, resolvedAt: null });
    expect((await problemOf(await owner.post(`${base}/${id}/check`))).code).toBe('conflict');
    for (const attempt of ['first', 'second']) {
      const response = await owner.post(`${base}/${id}/resume`);
      expect([attempt, response.status]).toEqual([attempt, 200]);
      expect((await bodyOf<MonitorView>(response)).verdict).not.toBe('paused');
    }
    const { results } = await env.DB.prepare(
      "SELECT verdict FROM verdict_changes WHERE monitor = ? AND verdict IN ('paused', 'unknown') ORDER BY at",
    )
      .bind(number)
      .all();
    expect(results.map((r) => r.verdict)).toEqual(['unknown', 'paused', 'unknown']);
  });

  test('a check on demand is accepted and stored', async () => {
    const { id } = await create(owner, { regions: ['weur'], intervalSeconds: 3600 });
    const ticks = async () => (await bodyOf<Page<unknown>>(await owner.get(`${base}/${id}/ticks`))).data.length;
    await expect.poll(ticks).toBe(1);
    const response = await owner.post(`${base}/${id}/check`);
    expect(response.status).toBe(202);
    await expect.poll(ticks).toBe(2);
  });
});

describe('deleting', () => {
  test('leaves nothing of the monitor but its packed ticks', async () => {
    const { id } = await create(owner);
    const number = await numberOf(id);
    expect((await owner.delete(`${base}/${id}`)).status).toBe(204);
    expect((await owner.get(`${base}/${id}`)).status).toBe(404);
    expect((await owner.delete(`${base}/${id}`)).status).toBe(404);
    for (const table of ['cohort_memberships', 'verdict_changes', 'incidents', 'components'])
      expect([
        table,
        await env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE monitor = ?`).bind(number).first('n'),
      ]).toEqual([table, 0]);
  });
});

describe('somebody else', () => {
  test("finds no other team's monitor in any way", async () => {
    const { id } = await create(owner);
    const answers = await Promise.all([
      stranger.get(`${base}/${id}`),
      stranger.patch(`${base}/${id}`, { name: 'Mine' }),
      stranger.delete(`${base}/${id}`),
      stranger.post(`${base}/${id}/pause`),
      stranger.post(`${base}/${id}/resume`),
      stranger.post(`${base}/${id}/check`),
      stranger.get(`${base}/${id}/ticks`),
      stranger.get(`${base}/${id}/uptime`),
      stranger.get(`/api/v1/incidents?monitorId=${id}`),
    ]);
    expect(answers.map((a) => a.status)).toEqual(answers.map(() => 404));
    expect((await owner.get(`${base}/${id}`)).status).toBe(200);
  });

  test('a request without a session is refused with the reason', async () => {
    const nobody = createClient();
    expect((await nobody.get(base)).status).toBe(401);
    expect((await nobody.post(base, httpMonitor({ url }))).status).toBe(401);
    expect((await nobody.get('/api/v1/incidents')).status).toBe(401);
  });
});

test('a change that makes settings contradict each other is refused, and names the field', async () => {
  const { id } = await create(owner, { expectedStatus: '302', maxRedirects: 0, timeoutMs: 20_000 });
  const pathsOf = async (change: object) => {
    const problem = await problemOf(await owner.patch(`${base}/${id}`, httpChange(change)));
    return [problem.status, ...problem.errors.map((e) => e.path)];
  };
  expect(await pathsOf({ maxRedirects: 5 })).toEqual([400, 'settings.expectedStatus']);
  expect(await pathsOf({ intervalSeconds: 10 })).toEqual([400, 'timeoutMs']);
  expect(await pathsOf({ degradedAboveMs: 30_000 })).toEqual([400, 'degradedAboveMs']);
  expect((await owner.patch(`${base}/${id}`, { settings: { maxRedirects: 5, expectedStatus: '200' } })).status).toBe(
    200,
  );
});

test('the setting for refusals by bot protection is kept, shown and changed, and false for older monitors', async () => {
  const { id, settings } = await create(owner, { challengeCountsAsDown: true });
  expect(settings.challengeCountsAsDown).toBe(true);
  const shown = async () =>
    (await bodyOf<MonitorView>(await owner.get(`${base}/${id}`))).settings.challengeCountsAsDown;
  await owner.patch(`${base}/${id}`, { name: 'Renamed' });
  expect(await shown()).toBe(true);
  await owner.patch(`${base}/${id}`, { settings: { challengeCountsAsDown: false } });
  expect(await shown()).toBe(false);
  await env.DB.prepare(`UPDATE monitors SET settings = json_remove(settings, '$.challengeCountsAsDown') WHERE id = ?`)
    .bind(id)
    .run();
  expect(await shown()).toBe(false);
  expect(
    await problemOf(await owner.patch(`${base}/${id}`, { settings: { challengeCountsAsDown: 'no' } })),
  ).toMatchObject({
    errors: [{ path: 'settings.challengeCountsAsDown' }],
  });
});

test('a monitor that was stored with contradictory settings can still be renamed', async () => {
  const { id } = await create(owner, { expectedStatus: '302', maxRedirects: 0 });
  await env.DB.prepare(`UPDATE monitors SET settings = json_set(settings, '$.maxRedirects', 5) WHERE id = ?`)
    .bind(id)
    .run();
  expect((await owner.patch(`${base}/${id}`, { name: 'Renamed' })).status).toBe(200);
  expect((await owner.patch(`${base}/${id}`, { settings: { maxRedirects: 4 } })).status).toBe(400);
});
