import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { dashboardBuild, dashboardFiles, dashboardServer } from '../../../.scripts/lib/dashboard.ts';
import { inRoot, tools } from '../../../.scripts/lib/paths.ts';
import { findFreePort } from '../../../.scripts/lib/ports.ts';
import { openFleet, type Running } from '../../../.scripts/lib/processes.ts';
import { openState } from '../../../.scripts/lib/state.ts';
import { untilAnswer } from '../../../.scripts/lib/wait.ts';
import { localEnvironment } from '../../../.scripts/lib/wrangler.ts';
import { readBody } from '../../../worker/http/readBody.ts';

const directory = mkdtempSync(join(tmpdir(), 'pharos-pages-'));
const state = openState(directory);
const fleet = openFleet();
const never = new AbortController().signal;
let worker: Running;
let origin: string;

beforeAll(async () => {
  await fleet.run(dashboardBuild(dashboardFiles(state), state.log('build'), false));
  const [port, workerPort] = [await findFreePort(), await findFreePort()];
  origin = `http://localhost:${port}`;
  worker = fleet.start({
    name: 'echo',
    script: tools.wrangler,
    args: ['dev', '--port', String(workerPort), '--inspector-port', '0', '--persist-to', state.database],
    cwd: inRoot('test/node/web/echo'),
    env: localEnvironment(state),
    logFile: state.log('echo'),
    verbose: false,
  });
  fleet.start(dashboardServer(state, port, false));
  await untilAnswer(`http://localhost:${workerPort}/healthz`, never);
  await Promise.all([untilAnswer(origin, never), untilAnswer(`${origin}/api/v1/regions`, never)]);
});

afterAll(async () => {
  await fleet.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('the request that the Pages Function hands to the worker', () => {
  test('a request arrives with its method, address, body, cookies, Origin and the address of the visitor', async () => {
    const response = await fetch(`${origin}/api/v1/monitors?tag=a%20b`, {
      method: 'POST',
      headers: { cookie: 'session=abc', origin, 'cf-connecting-ip': '203.0.113.9', 'content-type': 'application/json' },
      body: '{"name":"Ünï"}',
    });
    const asked = await response.json();
    expect(response.status).toBe(201);
    expect(asked).toMatchObject({
      method: 'POST',
      url: `${origin}/api/v1/monitors?tag=a%20b`,
      body: '{"name":"Ünï"}',
      headers: { cookie: 'session=abc', origin, 'cf-connecting-ip': '203.0.113.9' },
    });
  });

  test('each cookie that the worker sets comes back as a header of its own', async () => {
    const response = await fetch(`${origin}/api/v1/me`);
    expect(response.headers.getSetCookie().map((cookie) => cookie.split(';')[0])).toEqual(['session=1', 'refresh=2']);
  });

  test('a status page is the worker’s, and so is everything below /api', async () => {
    for (const path of ['/status/acme', '/api', '/api/v1/monitors/mon_1/ticks']) {
      const response = await fetch(origin + path);
      expect(await response.json()).toMatchObject({ url: origin + path });
    }
  });

  test.each([
    ['of known length', (bytes: Uint8Array<ArrayBuffer>) => ({ body: bytes })],
    [
      'sent in chunks',
      (bytes: Uint8Array<ArrayBuffer>) => ({ body: new Blob([bytes]).stream(), duplex: 'half' as const }),
    ],
  ])('a body of 4 MB %s is refused while it is still being sent', async (_, sent) => {
    const body = sent(new Uint8Array(4 * 1024 * 1024));
    const response = await fetch(`${origin}/api/v1/monitors`, { method: 'POST', ...body });
    expect(response.status).toBe(413);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'body_too_large', status: 413 });
  });

  test('a body of unknown length arrives whole where a request may carry it', async () => {
    const text = 'é'.repeat(32 * 1024);
    const sent = { method: 'POST', body: new Blob([text]).stream(), duplex: 'half' } as const;
    const asked = (await (await fetch(`${origin}/api/v1/monitors`, sent)).json()) as { body: string };
    expect(asked.body).toBe(text);
  });

  test('a WebSocket opens through it and carries messages and cookies', async () => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/v1/live`, {
      headers: { cookie: 'session=abc' },
    } as never);
    const answer = await new Promise((resolve, reject) => {
      socket.onopen = () => socket.send('hello');
      socket.onmessage = ({ data }) => resolve(data);
      socket.onerror = reject;
    });
    socket.close();
    expect(answer).toBe('hello from session=abc');
  });
});

describe('the answers of Pages itself', () => {
  test('the page comes with a Content-Security-Policy that allows nothing from elsewhere and nothing inline', async () => {
    const { headers } = await fetch(origin);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    // No includeSubDomains: on a custom apex domain it would bind hosts that are not ours.
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  test('an address that only the dashboard knows gets the page', async () => {
    const response = await fetch(`${origin}/monitors/mon_1`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<div id="app">');
    expect(response.headers.get('cache-control')).not.toContain('immutable');
  });

  test('the page’s own scripts exist and are kept permanently, since their names change with their content', async () => {
    const page = await (await fetch(origin)).text();
    const script = /\/assets\/[^"]+\.js/.exec(page)?.[0];
    const response = await fetch(`${origin}${script}`);
    expect(response.headers.get('content-type')).toContain('javascript');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});

describe('when the worker does not answer', () => {
  test('a request of the API gets a problem document, and the page still comes', async () => {
    await worker.stop();
    const response = await fetch(`${origin}/api/v1/me`);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'unavailable', status: 503, requestId: expect.any(String) });
    expect(await (await fetch(origin)).text()).toContain('<div id="app">');
  });
});

test('a body that stops coming fails after 15 seconds', async () => {
  vi.useFakeTimers();
  const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"a":')) });
  const read = readBody(new Request('https://pharos.example', { method: 'POST', body, duplex: 'half' } as RequestInit));
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await read).toBe('too slow');
  vi.useRealTimers();
});
