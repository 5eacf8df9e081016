import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { parseConfig } from '../../../worker/config.ts';
import { down, look, up } from './probing.ts';

/** Probes where `fetch` behaves as on the platform: what cannot be reached is an answer, and exceptions are faults. */

const target = inject('target');
const broken = inject('broken');

const internal = { health: 'unknown', reason: 'internal', status: null, latencyMs: expect.any(Number) };

const throwing = (message: string, times = Number.POSITIVE_INFINITY) => {
  const real = fetch;
  let calls = 0;
  return vi.spyOn(globalThis, 'fetch').mockImplementation((...asked) => {
    if (calls++ < times) return Promise.reject(new Error(message));
    return real(...asked);
  });
};

afterEach(() => void vi.restoreAllMocks());

const faults = [
  'internal error; reference = 6l146mk9fjeqkmojhhc9rifs',
  'internal error',
  'Too many subrequests.',
  'Too many subrequests by single Worker invocation.',
  'The script will never generate a response.',
  'Worker exceeded CPU time limit.',
  'Worker exceeded memory limit.',
  'Durable Object reset because its code was updated.',
  'Durable Object is overloaded. Requests queued for too long.',
  'Stream was cancelled.',
  'proxy request failed, cannot connect to the specified address',
  'Response closed due to connection limit',
  'Something that nobody has seen before',
];

describe('an exception on the platform says nothing about the target', () => {
  test.for(faults)('%s', async (message) => {
    throwing(message);
    const inDeployment = { localRuntime: false };
    expect(await look(target, inDeployment)).toEqual(internal);
    // A dead target makes it no evidence either: nothing was asked of it.
    expect(await look(broken.refused, inDeployment)).toEqual(internal);
    expect(await look('https://does-not-exist.invalid/', inDeployment)).toEqual(internal);
    expect(await look(target, { ...inDeployment, method: 'POST', body: 'x' })).toEqual(internal);
  });
});

test.for(faults.filter((message) => !message.startsWith('internal error')))(
  'nor does any but its two own texts in a local copy: %s',
  async (message) => {
    throwing(message);
    expect(await look(broken.refused)).toEqual(internal);
  },
);

test('a transient fault is retried once, and only if that is allowed', async () => {
  const fetches = throwing('internal error; reference = abc', 1);
  expect(await look(target, { localRuntime: false })).toMatchObject(up());
  expect(fetches).toHaveBeenCalledTimes(2);
  vi.restoreAllMocks();
  const posts = throwing('internal error; reference = abc', 1);
  expect(await look(target, { localRuntime: false, method: 'POST' })).toEqual(internal);
  expect(posts).toHaveBeenCalledTimes(1);
});

test('a lost connection is the fault of the target only where a further one shows it', async () => {
  throwing('Network connection lost.');
  const inDeployment = { localRuntime: false };
  expect(await look(target, inDeployment)).toEqual(internal);
  // A connection that could not be made may be prohibited: the platform says so in the same words.
  expect(await look(broken.refused, inDeployment)).toEqual(internal);
  expect(await look(broken.closesAfterRequest, inDeployment)).toMatchObject(down('reset'));
  expect(await look(broken.garbage, inDeployment)).toMatchObject(down('protocol'));
  expect(await look(broken.closesAfterRequest, { ...inDeployment, method: 'POST' })).toEqual(internal);
});

test('a deadline that passes is a timeout, with any exception', async () => {
  expect(await look('/hang?key=platform', { timeoutMs: 200, localRuntime: false })).toMatchObject(down('timeout'));
});

test('an exception while the body is read is the target’s only where its connection was lost', async () => {
  const change = { localRuntime: false, bodyContains: 'all of it' };
  expect(await look(broken.truncatedBody, change)).toMatchObject(down('reset', 200));
  const failing = new ReadableStream({ pull: () => Promise.reject(new Error('internal error; reference = abc')) });
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(failing));
  expect(await look(target, change)).toEqual({ ...internal, status: 200 });
});

const answered = (status: number, body: string, headers: Record<string, string>) =>
  `/answer?status=${status}&body=${encodeURIComponent(body)}&headers=${encodeURIComponent(JSON.stringify(headers))}`;

/** The platform's own answers and those of a target's zone at Cloudflare are alike, and mean the same to visitors. */
test.for([
  ['the platform’s own', { server: 'cloudflare' }],
  ['a zone’s own', { server: 'cloudflare', 'cf-ray': '8f0c2d1a2b3c4d5e-FRA', 'content-type': 'text/html' }],
] as const)('a dead origin is down by %s answer', async ([, headers]) => {
  const inDeployment = { localRuntime: false };
  const dead: [number, string, object][] = [
    [521, 'error code: 521', down('refused', 521)],
    [522, 'error code: 522', down('timeout', 522)],
    [523, 'error code: 523', down('unreachable', 523)],
    [525, 'error code: 525', down('tls', 525)],
    [526, 'error code: 526', down('tls', 526)],
    [530, 'error code: 1016', down('dns', 530)],
    [530, '<title>Origin DNS error | example.com | Cloudflare</title>', down('dns', 530)],
    [530, '<h1>Error <span class="cf-error-code">1016</span></h1>', down('dns', 530)],
    [530, 'error code: 1033', down('unreachable', 530)],
    [530, '<html>our own page</html>', down('unreachable', 530)],
  ];
  for (const [status, body, expected] of dead)
    expect(await look(answered(status, body, headers), inDeployment)).toMatchObject(expected);
});

test.for([1000, 1002, 1003, 1021, 1024])('what Cloudflare does not fetch at all (%i) is no outage', async (code) => {
  for (const status of [403, 409, 530])
    expect(
      await look(`/answer?status=${status}&body=error%20code%3A%20${code}`, { localRuntime: false }),
    ).toMatchObject({ health: 'unknown', reason: 'unsupported', status });
});

test('a target that answers an expected 403 is up, with any content', async () => {
  const change = { localRuntime: false, expectedStatus: '403' };
  expect(await look('/answer?status=403&body=error%20code%3A%201003', change)).toMatchObject(up(403));
});

test('a deployment never reads exceptions as a local copy does', () => {
  expect(parseConfig(env).localRuntime).toBe(true);
  expect(parseConfig({ ...env, LOCAL_RUNTIME: undefined } as unknown as Env).localRuntime).toBe(false);
  const deployed = { ...env, PUBLIC_ORIGIN: 'https://pharos.example.com' } as Env;
  expect(() => parseConfig(deployed)).toThrow(/only a local copy may have it/);
});
