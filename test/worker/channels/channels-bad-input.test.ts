import { env } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { beforeAll, expect, test } from 'vitest';
import { judgeAnswer } from '../../../worker/alerts/answers/judge.ts';
import { originHeader } from '../../../worker/alerts/outbox/address.ts';
import type { ChannelView, EscalationPolicyView } from '../../../worker/contract/views.ts';
import { maskedSecret } from '../../../worker/domain/monitors/monitor.ts';
import { teamLimits } from '../../../worker/domain/teams/limits.ts';
import { problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, origin, type SendOptions, signUp } from '../support/client.ts';
import { receiverFor, signingSecret } from './alerting.ts';

const base = '/api/v1/channels';
const url = 'https://example.com/hook';
const hook = { kind: 'webhook', name: 'Hook', settings: { url } };
let owner: Awaited<ReturnType<typeof signUp>>;

beforeAll(async () => {
  owner = await signUp();
});

const create = async (more: Record<string, unknown> = {}) => {
  const response = await owner.post(base, { ...hook, ...more });
  expect(response.status).toBe(201);
  return bodyOf<ChannelView>(response);
};

test.each<[what: string, name: unknown, says: string]>([
  ['10 kB', 'x'.repeat(10_240), 'at most 100'],
  ['a zero byte', 'a\0b', 'one line'],
  ['two lines', 'Hook\r\nSubject: other', 'one line'],
  ['half a sign', 'a\ud800b', 'one line'],
  ['nothing but what cannot be seen', '\u200b\u2060 ', 'Enter a name for the channel'],
  ['a number', 5, 'Enter a name for the channel'],
])('a name of %s is refused', async (_, name, says) => {
  const { status, errors } = await problemOf(await owner.post(base, { ...hook, name }));
  expect({ status, errors }).toEqual({
    status: 400,
    errors: [{ path: 'name', message: expect.stringContaining(says) }],
  });
});

test.each(['🚨 #ops 👩‍👩‍👧', 'قناة التنبيهات', '警报', '<b>&amp;'])('the name %j is taken as it is', async (name) => {
  expect((await create({ name })).name).toBe(name);
});

test.each<[what: string, input: Record<string, unknown>, path: string, says: string]>([
  ['a field that nobody knows', { ...hook, nmae: 'x' }, 'nmae', 'Unknown field “nmae”'],
  ['a setting of another kind', { ...hook, settings: { url, token: 'x' } }, 'settings.token', 'signingSecret'],
  [
    'a mask without a secret',
    { ...hook, settings: { url, signingSecret: maskedSecret } },
    'settings.signingSecret',
    'No value is stored',
  ],
  [
    'a masked header',
    { ...hook, settings: { url, headers: { 'X-A': maskedSecret } } },
    'settings.headers.X-A',
    'No value is stored',
  ],
  [
    'a masked address',
    { kind: 'slack', name: 'S', settings: { url: maskedSecret } },
    'settings.url',
    'No value is stored',
  ],
])('%s is refused at its field', async (_, input, path, says) => {
  const { status, errors } = await problemOf(await owner.post(base, input));
  expect({ status, errors }).toEqual({ status: 400, errors: [{ path, message: expect.stringContaining(says) }] });
});

test.each<[what: string, options: SendOptions, status: number, code: string]>([
  ['text', { rawBody: JSON.stringify(hook), headers: { 'content-type': 'text/plain' } }, 400, 'invalid_json'],
  ['half of it', { rawBody: '{"kind":', headers: { 'content-type': 'application/json' } }, 400, 'invalid_json'],
  ['null', { rawBody: 'null', headers: { 'content-type': 'application/json' } }, 400, 'invalid_request'],
  ['a list', { rawBody: '[]', headers: { 'content-type': 'application/json' } }, 400, 'invalid_request'],
  [
    '2 MB',
    { rawBody: `{"name":"${'x'.repeat(2_000_000)}"}`, headers: { 'content-type': 'application/json' } },
    413,
    'body_too_large',
  ],
])('a body that is %s is refused', async (_, options, status, code) => {
  expect(await problemOf(await owner.post(base, undefined, options))).toMatchObject({ status, code });
});

test('a channel keeps its kind', async () => {
  const { id } = await create();
  const { status, errors } = await problemOf(await owner.patch(`${base}/${id}`, { kind: 'slack' }));
  expect({ status, errors }).toMatchObject({
    status: 400,
    errors: [{ path: 'kind', message: expect.stringContaining('cannot change') }],
  });
});

test('of two people who read a channel and change it one after the other, the second gets a conflict', async () => {
  const { id, updatedAt } = await create();
  expect((await owner.patch(`${base}/${id}`, { name: 'First', updatedAt })).status).toBe(200);
  const late = await owner.patch(`${base}/${id}`, { name: 'Second', updatedAt });
  expect(await problemOf(late)).toMatchObject({ status: 409, code: 'version_conflict' });
  expect((await bodyOf<ChannelView>(await owner.get(`${base}/${id}`))).name).toBe('First');
});

test('a webhook without a secret gets one, which is notified once and signs what is sent', async () => {
  const { url: address, received } = receiverFor();
  const made = await create({ settings: { url: address } });
  const secret = String(made.settings.signingSecret);
  expect(secret).toMatch(/^whsec_/);
  const read = await bodyOf<ChannelView>(await owner.get(`${base}/${made.id}`));
  expect(read.settings.signingSecret).toBe(maskedSecret);
  await owner.post(`${base}/${made.id}/test`);
  const [request] = await received();
  expect(() => new Webhook(secret).verify(request?.text ?? '', request?.headers ?? {})).not.toThrow();
  expect(request?.headers[originHeader]).toBe(origin);
});

test('a secret of one’s own is never shown, and null leaves a webhook unsigned', async () => {
  expect((await create({ settings: { url, signingSecret } })).settings.signingSecret).toBe(maskedSecret);
  expect((await create({ settings: { url, signingSecret: null } })).settings.signingSecret).toBeNull();
});

test('an alert that comes back by another name of Pharos is refused, permanently and with a reason', async () => {
  for (const path of ['/api/v1/channels', '/a/some-token', '/status/some-page', '/healthz']) {
    const own = await owner.post(path, {}, { headers: { [originHeader]: origin } });
    expect(own.status).toBe(508);
  }
  expect((await owner.get(base, { headers: { [originHeader]: 'https://another-pharos.example' } })).status).toBe(200);
  expect(judgeAnswer({ status: 508, headers: new Headers(), body: '', isCut: false }, null, 0)).toMatchObject({
    state: 'permanent',
    problem: expect.stringContaining('looped back to Pharos'),
  });
});

test('a team has at most 100 channels, and its lists and policies bear them', async () => {
  const team = await signUp();
  const [first] = [await bodyOf<ChannelView>(await team.post(base, hook))];
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?3)
     INSERT INTO channels (id, team_id, kind, name, settings, created_at, updated_at)
     SELECT 'chn_many' || ?1 || i, team_id, kind, name || i, settings, created_at + i, updated_at FROM n, channels WHERE id = ?2`,
  )
    .bind(first.id, first.id, teamLimits.channels.max - 1)
    .run();
  expect(await problemOf(await team.post(base, hook))).toMatchObject({ status: 403, code: 'limit_reached' });
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = await bodyOf<{ data: ChannelView[]; nextCursor: string | null }>(
      await team.get(`${base}?limit=100${cursor && `&cursor=${cursor}`}`),
    );
    seen.push(...page.data.map(({ id }) => id));
    cursor = page.nextCursor ?? '';
  } while (cursor);
  expect(new Set(seen).size).toBe(teamLimits.channels.max);
  const policy = await bodyOf<EscalationPolicyView>(await team.get('/api/v1/escalation-policies/default'));
  expect(policy.steps[0]?.targets).toHaveLength(1);
});
