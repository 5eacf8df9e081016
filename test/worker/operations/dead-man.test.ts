import { createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, inject, test, vi } from 'vitest';
import { parseConfig } from '../../../worker/config.ts';
import { readPing } from '../../../worker/db/operations/deadMan.ts';
import handlers from '../../../worker/handlers.ts';
import { sendHeartbeat } from '../../../worker/operations/deadMan.ts';
import { checkHealth } from '../../../worker/operations/health.ts';
import type { Plan, Received } from '../../provided.ts';
import { insertDelivery } from '../channels/alerting.ts';
import { seedCohort, services } from '../support/seed.ts';

beforeEach(async () => {
  for (const table of ['dead_man_ping', 'deliveries', 'dispatches', 'cohorts'])
    await env.DB.exec(`DELETE FROM ${table}`);
});

/** A dead man's switch that does as planned, its received requests, and a Pharos that reports to it. */
const switchThat = (plan: Plan) => {
  const run = crypto.randomUUID();
  const path = btoa(JSON.stringify(plan)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const heard = async () => (await (await fetch(`${inject('receiver')}/${run}/received`)).json()) as Received[];
  const deadManUrl = `${inject('receiver')}/${run}/${path}/my-secret-check`;
  return { heard, pharos: { ...services, config: { ...services.config, deadManUrl } } };
};

const deadManOf = async (pharos: typeof services) => (await checkHealth(pharos, 'req_test')).checks.deadMan;

test('a Pharos that is well says so, by a GET without a body', async () => {
  const { heard, pharos } = switchThat({ does: 'answer' });
  await sendHeartbeat(pharos);
  expect(await heard()).toMatchObject([{ method: 'GET', path: '/my-secret-check', body: '' }]);
  expect(await readPing(env.DB)).toMatchObject({ failingSince: null, problem: null });
  expect(await deadManOf(pharos)).toMatchObject({ ok: true, configured: true, failingSince: null });
});

test('without an address nothing is sent', async () => {
  await sendHeartbeat(services);
  expect(await readPing(env.DB)).toBeNull();
});

test.for<[name: string, plan: Plan, problem: RegExp]>([
  ['refuses', { does: 'answer', status: 404 }, /HTTP 404/],
  ['breaks off', { does: 'close' }, /The connection failed/],
  ['redirects', { does: 'answer', status: 302, headers: { location: 'https://elsewhere.example/' } }, /redirects/],
])('a switch that %s appears in /healthz once that lasts, without its address', async ([, plan, problem]) => {
  const { heard, pharos } = switchThat(plan);
  await sendHeartbeat(pharos);
  await sendHeartbeat(pharos);
  expect(await heard()).toHaveLength(2);
  expect(await deadManOf(pharos)).toMatchObject({ ok: true, problem: expect.stringMatching(problem) });
  await env.DB.exec('UPDATE dead_man_ping SET failing_since = failing_since - 200000');
  await sendHeartbeat(pharos);
  const notified = await deadManOf(pharos);
  expect(notified).toMatchObject({ ok: false, problem: expect.stringMatching(problem) });
  expect(JSON.stringify(notified)).not.toMatch(/my-secret-check|elsewhere/);
});

test('a switch without a request for minutes appears in /healthz, and one that gets requests again is well', async () => {
  const { pharos } = switchThat({ does: 'answer' });
  await sendHeartbeat(pharos);
  await env.DB.exec('UPDATE dead_man_ping SET at = at - 200000');
  expect(await deadManOf(pharos)).toMatchObject({ ok: false });
  await sendHeartbeat(pharos);
  expect(await deadManOf(pharos)).toMatchObject({ ok: true });
});

const neverDispatched = async () => {
  await seedCohort({ urls: ['http://127.0.0.1:9/'] });
  await env.DB.exec('UPDATE cohort_memberships SET since = since - 3600000');
};

test.for<[name: string, spoil: () => Promise<unknown>]>([
  ['nothing is dispatched', neverDispatched],
  ['alerts pile up', () => insertDelivery({ dueAgo: 3_600_000 })],
])('while %s, the switch gets no request', async ([, spoil]) => {
  await spoil();
  const { heard, pharos } = switchThat({ does: 'answer' });
  await sendHeartbeat({ ...pharos, deployedAt: Date.now() - 3_600_000 });
  expect(await heard()).toEqual([]);
});

test('a failing database costs the minute nothing, and the switch gets no request', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { heard, pharos } = switchThat({ does: 'answer' });
  const d1 = new Proxy(env.DB, {
    get: () => () => {
      throw new Error('D1 is down');
    },
  });
  await sendHeartbeat({ ...pharos, d1 });
  expect(await heard()).toEqual([]);
  expect(logged).toHaveBeenCalled();
  logged.mockRestore();
});

/** The cron of this minute, on a Worker with these bindings. */
const cron = (bindings: object) => {
  const scheduledTime = new Date(Math.floor(Date.now() / 60_000) * 60_000);
  return handlers.scheduled(createScheduledController({ scheduledTime }), { ...env, ...bindings } as Env);
};

test('the cron says so after its dispatch, and not where that fails', async () => {
  const { heard, pharos } = switchThat({ does: 'answer' });
  const DEAD_MAN_URL = pharos.config.deadManUrl;
  await seedCohort({ urls: ['http://127.0.0.1:9/'] });
  const full = { sendBatch: () => Promise.reject(new Error('The queue is full')) };
  // It tries until the next minute begins; its pauses pass at once. The minute before has been dispatched.
  const begunAt = Math.floor(Date.now() / 60_000) * 60_000;
  await env.DB.prepare('INSERT INTO dispatches (minute, claimed_at, finished_at) VALUES (?1, ?1, ?1)')
    .bind(begunAt - 60_000)
    .run();
  let now = begunAt + 1_000;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now);
  const pauses = vi.spyOn(scheduler, 'wait').mockImplementation(async (ms) => {
    now += ms;
  });
  await expect(cron({ DEAD_MAN_URL, CHECKS_WEUR: full })).rejects.toThrow('The queue is full');
  expect(pauses).toHaveBeenCalled();
  for (const spy of [clock, pauses]) spy.mockRestore();
  expect(await heard()).toEqual([]);
  await env.DB.exec('DELETE FROM dispatches');
  await cron({ DEAD_MAN_URL });
  expect(await heard()).toHaveLength(1);
});

const deployed = { ...env, LOCAL_RUNTIME: 'false', PUBLIC_ORIGIN: 'https://pharos.example' } as Env;

test.for<[value: string, complaint: RegExp]>([
  ['hc-ping.com/token', /not of the form https:/],
  ['ftp://hc-ping.com/token', /not of the form https:/],
  ['https://user:token@hc-ping.com/', /not of the form https:/],
  ['http://hc-ping.com/token', /start with https:/],
  ['https://pharos.example/token', /points to Pharos itself/],
])('%s is refused as an address, without being repeated', ([DEAD_MAN_URL, complaint]) => {
  const parse = () => parseConfig({ ...deployed, DEAD_MAN_URL } as Env);
  expect(parse).toThrow(complaint);
  expect(parse).not.toThrow(/token/);
});

test('an https address is taken, and locally an http one', () => {
  const url = (DEAD_MAN_URL: string, given: Env = deployed) =>
    parseConfig({ ...given, DEAD_MAN_URL } as Env).deadManUrl;
  expect(url(' https://hc-ping.com/abc ')).toBe('https://hc-ping.com/abc');
  expect(url('http://127.0.0.1:8000/abc', env)).toBe('http://127.0.0.1:8000/abc');
  expect(url('')).toBeNull();
});
