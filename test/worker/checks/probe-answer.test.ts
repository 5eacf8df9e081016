import { expect, inject, test } from 'vitest';
import { maskEvidence } from '../../../worker/checks/kinds/evidence.ts';
import { captureAnswer } from '../../../worker/checks/kinds/http/answer.ts';
import { http } from '../../../worker/checks/kinds/http/definition.ts';
import type { HttpTarget } from '../../../worker/checks/kinds/probe.ts';
import { maskedSecret } from '../../../worker/domain/monitors/monitor.ts';
import { type Change, look } from './probing.ts';

const kept = async (url: string, change: Change = {}) => (await look(url, { keepAnswer: true, ...change })).answer;
const plain: HttpTarget = { kind: 'http', ...http.defaults, url: 'https://example.com/' };
const never = new AbortController().signal;

test('keeps headers and body of an answer with an unexpected status', async () => {
  const answer = await kept('/status/503');
  expect(answer).toMatchObject({ body: 'status 503', cut: false });
  expect(answer?.headers.map(({ name }) => name)).toContain('date');
});

test('keeps nothing of an answer that passes, and nothing where nobody asked for it', async () => {
  expect(await kept('/')).toBeUndefined();
  expect(await look('/status/503')).not.toHaveProperty('answer');
});

test('keeps nothing where no answer came', async () => {
  expect(await kept('/reset')).toBeUndefined();
  expect(await kept('/hang', { timeoutMs: 1_000 })).toBeUndefined();
});

test('keeps the body that did not match', async () => {
  expect(await kept('/body/maintenance', { bodyContains: 'welcome' })).toMatchObject({
    body: 'maintenance',
    cut: false,
  });
  expect(await kept('/body/fatal%20error', { bodyNotContains: 'error' })).toMatchObject({ body: 'fatal error' });
});

test('keeps the first 2 KiB of a large body and says that there was more', async () => {
  const answer = await kept('/large/1000000', { expectedStatus: '204' });
  expect([answer?.body, answer?.cut]).toEqual(['x'.repeat(2048), true]);
});

test('does not wait for a body that drips, and says that there was more', async () => {
  const startedAt = Date.now();
  const result = await look('/drip', { keepAnswer: true, expectedStatus: '204', timeoutMs: 30_000 });
  const elapsedMs = Date.now() - startedAt;
  // Not the timeout; and what it waits for the body is no latency.
  expect(elapsedMs).toBeLessThan(30_000);
  expect(elapsedMs - result.latencyMs).toBeGreaterThanOrEqual(295);
  expect(result.answer?.body).toMatch(/^\.*$/);
  expect(result.answer?.cut).toBe(true);
});

test('keeps a body that comes at once, although the machine stands still for longer than a body may take', async () => {
  const parts = ['out ', 'of ', 'order'];
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      await new Promise((done) => setTimeout(done, 20));
      const part = parts.shift();
      if (part === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(part));
    },
  });
  const answered = captureAnswer(new Response(body), never);
  // Clocks of the runtime stand still while it computes, so work is counted: half a second at least.
  let sum = 0;
  for (let i = 0; i < 600_000_000; i++) sum = (sum + i) | 0;
  expect(sum).not.toBe(1);
  expect(await answered).toMatchObject({ body: 'out of order', cut: false });
});

test('keeps the redirect that leads nowhere, without what its address carries', async () => {
  const answer = await kept(`/redirect-to?url=${encodeURIComponent('ftp://example.com/?ticket=1')}`);
  expect(answer?.headers).toContainEqual({ name: 'location', value: `ftp://example.com/?${maskedSecret}` });
});

test('masks what the target sends back of the monitor’s own secrets', async () => {
  const answer = await kept('/echo', {
    method: 'POST',
    headers: { Authorization: 'Bearer very-secret-token', 'X-Key': 'another"secret' },
    body: '{"password":"lovelace"}',
    expectedStatus: '204',
  });
  expect(answer?.body).toContain('"method":"POST"');
  for (const secret of ['very-secret-token', 'another', 'lovelace']) expect(answer?.body).not.toContain(secret);
});

test('keeps a body of bytes as text that can be stored', async () => {
  const response = new Response(new Uint8Array([0, 1, 255, 65, 10]));
  expect(maskEvidence(plain, await captureAnswer(response, never))).toMatchObject({ body: '���A\n', cut: false });
});

test('keeps no part of a sign where the body is cut in it', async () => {
  const response = new Response(`${'x'.repeat(2047)}é and more`);
  expect(maskEvidence(plain, await captureAnswer(response, never))).toMatchObject({
    body: 'x'.repeat(2047),
    cut: true,
  });
});

test('keeps the status alone where the platform answered in the target’s stead', async () => {
  const answer = await kept(`${inject('target')}/answer?status=530&body=${encodeURIComponent('error code: 1016')}`);
  expect(answer?.body).toBeNull();
});
