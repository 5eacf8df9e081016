import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { secretTexts } from '../../../worker/alerts/channels/secrets.ts';
import {
  type AlertMessage,
  type MonitorMessage,
  messageEvents,
  testMessage,
} from '../../../worker/alerts/messages/message.ts';
import { send } from '../../../worker/alerts/outbox/send.ts';
import type { SendDeps } from '../../../worker/alerts/outbox/sendResult.ts';
import { type ChannelKind, channelKinds } from '../../../worker/domain/delivery/channelKind.ts';
import type { Plan, Received } from '../../provided.ts';
import {
  acknowledged,
  advisory,
  channelFailing,
  channelWorking,
  digest,
  down,
  downSince,
  ended,
  hostileNames,
  named,
  up,
} from './messages.ts';
import { publishedProblems } from './published/problems.ts';
import { context, texts, type Vendor, vendors } from './vendors.ts';

const rules = { allowPrivate: false, ownHosts: ['pharos.test'] };

/** Signs of a URL's path only, so that one part of the path holds the whole plan. */
const encoded = (plan: Plan) => btoa(JSON.stringify(plan)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

let run = '';
let lines: string[] = [];
beforeEach(() => {
  run = crypto.randomUUID();
  lines = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, method).mockImplementation((...args) => void lines.push(args.join(' ')));
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A batch of checks that an earlier file sent may end while this one runs. */
const ofOtherWork = /^\{"unit":"(?!alert|delivery|effect)/;

const received = async (): Promise<Received[]> => (await fetch(`${inject('receiver')}/${run}/received`)).json();

const deliver = (kind: ChannelKind, plan: Plan, message: AlertMessage = down, more: Partial<SendDeps> = {}) =>
  send(kind, vendors[kind].settings, message, 'dlv_1', {
    now: () => Date.now(),
    rules,
    context,
    baseUrl: `${inject('receiver')}/${run}/${encoded(plan)}`,
    ...more,
  });

/** A request that the vendor accepts, checked against its published schema. */
const accepted = async (kind: ChannelKind, message: AlertMessage) => {
  const vendor = vendors[kind];
  const result = await deliver(kind, { does: 'answer', ...vendor.accepts }, message);
  expect(result).toMatchObject({
    state: 'delivered',
    status: vendor.accepts.status,
    problem: null,
    retryAfterMs: null,
  });
  const request = (await received()).at(-1) as Received;
  const body = await vendor.decode(request);
  await expect(vendor.format.parseAsync(body), JSON.stringify(body).slice(0, 3000)).resolves.toBeDefined();
  expect(publishedProblems[kind](body)).toEqual([]);
  if (vendor.headers) await vendor.headers.parseAsync(request.headers);
  expect(request.path).toMatch(vendor.path);
  return { request, body };
};

const everyEvent: AlertMessage[] = messageEvents.map((event) => {
  if (event === 'digest') return digest;
  if (event === 'channel-failing') return channelFailing;
  if (event === 'channel-working') return channelWorking;
  if (event === 'up') return up;
  if (event === 'acknowledged') return acknowledged;
  if (event === 'degraded' || event === 'regional' || event === 'unknown' || event === 'expiring')
    return advisory(event);
  if (event === 'test')
    return testMessage({ teamName: 'T', timeZone: 'UTC', dashboardUrl: 'https://pharos.test/' }, downSince);
  return { ...down, event, durationMs: event === 'reminder' ? 3_900_000 : null } satisfies MonitorMessage;
});

describe.each(channelKinds)('the channel %s', (kind) => {
  const vendor: Vendor = vendors[kind];

  test('sends an outage in the format that the vendor publishes, with all that a person needs', async () => {
    const { body } = await accepted(kind, down);
    const said = texts(body).join('\n').replaceAll('\\', '').replaceAll('\u200b', '').replaceAll('&amp;', '&');
    expect(said).toContain('Down: Shop');
    expect(said).toContain(
      'Two of three regions see it failing: HTTP 503 in Western Europe, a timeout in Eastern North America.',
    );
    expect(said).toMatch(/21 Nov 2026, 03:12 GMT\+1 \(Europe\/Berlin\)/);
    expect(said).toContain(down.acknowledgeUrl);
    expect(said).not.toContain('of-the-monitor');
  });

  test.each(everyEvent.map((message) => [message.event, message] as const))(
    'sends %s in the format that the vendor publishes',
    async (_, message) => {
      await accepted(kind, message);
    },
  );

  test('says how long a recovered outage lasted, and how much of it counts as uptime', async () => {
    const counted = { down: 40_000, unknown: 685_000 };
    const { body } = await accepted(kind, { ...up, counted });
    const said = texts(body).join('\n').replaceAll('\\', '').replaceAll('\u200b', '');
    expect(said).toContain(
      '12 minutes 5 seconds, of which 40 seconds were observed down and 11 minutes 25 seconds had no data',
    );
  });

  test.each([
    ['Slow: Shop', advisory('degraded')],
    ['No longer slow: Shop, after 12 minutes 5 seconds', ended(advisory('degraded'))],
    ['Fails in some regions: Shop', advisory('regional')],
    ['Regional problem resolved: Shop, after 12 minutes 5 seconds', ended(advisory('regional'))],
    ['No data from Shop', advisory('unknown')],
    ['Data again from Shop, after 12 minutes 5 seconds', ended(advisory('unknown'))],
  ])('says "%s", and leads to the monitor', async (title, message) => {
    const { body } = await accepted(kind, message);
    const said = texts(body).join('\n').replaceAll('\\', '').replaceAll('\u200b', '');
    expect(said).toContain(title);
    expect(said).toContain(message.monitorPage);
    expect(said).not.toContain('acknowledge?');
  });

  test('says with the recovery how long it lasted', async () => {
    const { body } = await accepted(kind, up);
    expect(texts(body).join('\n')).toContain('12 minutes 5 seconds');
  });

  test.each<[what: string, plan: Plan, state: string, retryAfterMs: number | null]>([
    ['400', { does: 'answer', status: 400 }, 'permanent', null],
    ['401', { does: 'answer', status: 401 }, 'permanent', null],
    ['403', { does: 'answer', status: 403 }, 'permanent', null],
    ['404', { does: 'answer', status: 404 }, 'permanent', null],
    ['410', { does: 'answer', status: 410 }, 'permanent', null],
    ['408', { does: 'answer', status: 408 }, 'transient', null],
    ['425', { does: 'answer', status: 425 }, 'transient', null],
    ['429 with seconds', { does: 'answer', status: 429, headers: { 'retry-after': '7' } }, 'transient', 7_000],
    [
      '429 with a fraction of a second',
      { does: 'answer', status: 429, headers: { 'retry-after': '1.5' } },
      'transient',
      1_500,
    ],
    ['429 for too long', { does: 'answer', status: 429, headers: { 'retry-after': '999999' } }, 'transient', 3_600_000],
    ['500', { does: 'answer', status: 500 }, 'transient', null],
    ['503 with a word', { does: 'answer', status: 503, headers: { 'retry-after': 'soon' } }, 'transient', null],
    ['302', { does: 'answer', status: 302, headers: { location: 'https://evil.example/' } }, 'permanent', null],
    ['308', { does: 'answer', status: 308, headers: { location: '/elsewhere' } }, 'permanent', null],
    ['a closed connection', { does: 'close' }, 'transient', null],
    ['silence', { does: 'hang' }, 'transient', null],
  ])('takes %s for what it is', async (_, plan, state, retryAfterMs) => {
    const result = await deliver(kind, plan, down, plan.does === 'hang' ? { timeoutMs: 100 } : {});
    expect(result).toMatchObject({ state, status: plan.status ?? null, retryAfterMs });
    expect(result.problem).toMatch(/^[A-Z].+\.$/);
    expect((await received()).length, 'one request an attempt, and none where a redirect leads').toBe(1);
  });

  test('shortens the address of a redirect to one line', async () => {
    const headers = { location: `https://evil.example/${'long/'.repeat(1500)}` };
    const { state, problem } = await deliver(kind, { does: 'answer', status: 302, headers });
    expect(state).toBe('permanent');
    expect(problem).toMatch(/^The address redirects to https:\/\/evil\.example\/long\/.{0,300}… \(HTTP 302\)\. Enter/);
    expect(problem?.length).toBeLessThan(400);
  });

  test('does not count an answer that breaks off as delivered, unless the status alone says it', async () => {
    const { status, body = '' } = vendor.accepts;
    const plan: Plan = { does: 'answer', status, body: body || ' ', headers: { 'content-length': '5000' } };
    const result = await deliver(kind, plan, down, { timeoutMs: 300 });
    expect(result).toMatchObject({ state: kind === 'webhook' ? 'delivered' : 'transient', status });
  });

  test('gives the same sign in each attempt by which a receiver knows what it has seen', async () => {
    const [first, second] = [await accepted(kind, down), await accepted(kind, down)];
    expect(vendor.dedupe(second.request, second.body as never)).toEqual(
      vendor.dedupe(first.request, first.body as never),
    );
  });

  test('shows none of its secrets, for any answer of the receiver', async () => {
    const secrets = [...secretTexts(kind, vendor.settings), 're_Secret0fResend', context.vapid?.privateKey ?? ''];
    await deliver(kind, { does: 'answer', ...vendor.accepts });
    const [request] = await received();
    const echo = [...secrets, request?.path, ...Object.values(request?.headers ?? {})].join('\n');
    for (const plan of [
      { status: 400, body: echo },
      { status: 500, body: 'x'.repeat(1000) + echo },
      { status: 302, headers: { location: `https://other.example${request?.path}` } },
    ]) {
      const result = await deliver(kind, { does: 'answer', ...plan });
      const seen = JSON.stringify(result) + lines.join('\n');
      for (const secret of secrets) expect(seen).not.toContain(secret);
      for (const part of ['S3cret', 's3cret', 'XXXXsecretXXXX', 's3cr3t']) expect(seen).not.toContain(part);
      expect(new TextEncoder().encode(result.answer).length).toBeLessThanOrEqual(1024);
    }
    expect(lines.filter((line) => !ofOtherWork.test(line))).toEqual([]);
  });

  test.each(hostileNames)('makes %s in names harmless', async (_, name) => {
    const { body } = await accepted(kind, named(name));
    expect(vendor.harm?.(body as never) ?? []).toEqual([]);
    const said = texts(body).join('\n');
    expect(said).not.toMatch(/[\u202a-\u202e\u2066-\u2069\0]|first\r|first\nSubject/);
    expect(said.isWellFormed()).toBe(true);
    expect(said.replaceAll('&amp;', '&')).toContain(down.acknowledgeUrl);
  });

  test('refuses settings that its form does not name', async () => {
    const result = await send(kind, { ...vendor.settings, other: 1 }, down, 'dlv_1', { now: Date.now, rules, context });
    expect(result).toMatchObject({ state: 'permanent', status: null });
  });
});
