import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import type {
  AttemptResultView,
  ChannelDeletedView,
  ChannelKindView,
  ChannelView,
  EscalationPolicyView,
  Page,
} from '../../../worker/contract/views.ts';
import { maskedSecret } from '../../../worker/domain/monitors/monitor.ts';
import { problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, createClient, signUp } from '../support/client.ts';
import { receiverFor, signingSecret } from './alerting.ts';

const base = '/api/v1/channels';
let owner: Awaited<ReturnType<typeof signUp>>;
let stranger: Awaited<ReturnType<typeof signUp>>;

beforeAll(async () => {
  owner = await signUp();
  stranger = await signUp();
});

const create = async (settings: Record<string, unknown>, more: Record<string, unknown> = {}) => {
  const response = await owner.post(base, { kind: 'webhook', name: 'Hook', settings, ...more });
  expect(response.status).toBe(201);
  return bodyOf<ChannelView>(response);
};

const defaultPolicy = async () => bodyOf<EscalationPolicyView>(await owner.get('/api/v1/escalation-policies/default'));
const channelsIn = ({ steps }: EscalationPolicyView) => steps.flatMap(({ targets }) => targets.map(({ id }) => id));

test('a webhook joins the first step of the default policy, and its secrets are seen no more', async () => {
  const { url } = receiverFor();
  const made = await create({ url, signingSecret, headers: { Authorization: 'Bearer of-the-receiver' } });
  expect(made).toMatchObject({ kind: 'webhook', name: 'Hook', failing: null, lastDeliveredAt: null });
  const shown = `${new URL(url).origin}/${maskedSecret}`;
  expect(made.settings).toMatchObject({
    ...{ url: shown, signingSecret: maskedSecret, headers: { Authorization: maskedSecret } },
  });
  const policy = await defaultPolicy();
  expect(policy).toMatchObject({ isDefault: true, name: 'Default' });
  expect(channelsIn(policy)).toContain(made.id);
  for (const response of [await owner.get(base), await owner.get(`${base}/${made.id}`)]) {
    const text = await response.text();
    expect(text).not.toContain('of-the-receiver');
    expect(text).not.toContain(signingSecret);
    expect(text).not.toContain(new URL(url).pathname);
  }
  const row = await env.DB.prepare('SELECT * FROM channels WHERE id = ?').bind(made.id).first();
  expect(JSON.stringify(row)).not.toContain(new URL(url).pathname);
});

test('a form that sends an address back as it was shown keeps it, and what the receiver echoes of it is masked', async () => {
  const { url } = receiverFor({ does: 'answer', status: 500 });
  const made = await create({ url });
  const kept = await owner.patch(`${base}/${made.id}`, { name: 'Kept', settings: made.settings });
  expect([kept.status, (await bodyOf<ChannelView>(kept)).settings.url]).toEqual([200, made.settings.url]);
  const sent = await owner.post(`${base}/${made.id}/test`);
  expect(await bodyOf(sent)).toMatchObject({ status: 500 });
  const elsewhere = { url: `https://elsewhere.example/${maskedSecret}` };
  expect(await problemOf(await owner.patch(`${base}/${made.id}`, { settings: elsewhere }))).toMatchObject({
    ...{ status: 400, errors: expect.arrayContaining([expect.objectContaining({ path: 'settings.url' })]) },
  });
  const fresh = { kind: 'webhook', name: 'Fresh', settings: { url: made.settings.url } };
  expect(await problemOf(await owner.post(base, fresh))).toMatchObject({
    status: 400,
    errors: [{ path: 'settings.url' }],
  });
});

test('one that shall not join does not', async () => {
  const made = await create({ url: receiverFor().url }, { join: false });
  expect(channelsIn(await defaultPolicy())).not.toContain(made.id);
});

test('two that are made at once both join', async () => {
  const made = await Promise.all([create({ url: receiverFor().url }), create({ url: receiverFor().url })]);
  expect(channelsIn(await defaultPolicy())).toEqual(expect.arrayContaining(made.map(({ id }) => id)));
});

test('a test is sent at once, and the answer says what came of it', async () => {
  const { url, received } = receiverFor();
  const { id } = await create({ url, signingSecret });
  const sent = await bodyOf<AttemptResultView>(await owner.post(`${base}/${id}/test`));
  expect(sent).toMatchObject({ state: 'delivered', status: 200, problem: null });
  expect((await received())[0]?.body).toMatchObject({ type: 'alert.test' });
  const refusing = await create({ url: receiverFor({ does: 'answer', status: 404 }).url });
  const refused = await bodyOf<AttemptResultView>(await owner.post(`${base}/${refusing.id}/test`));
  expect(refused).toMatchObject({ state: 'permanent', status: 404, problem: expect.stringContaining('404') });
});

test('a change keeps what is masked, and asks for it again where messages go elsewhere', async () => {
  const { url } = receiverFor();
  const { id } = await create({ url, signingSecret });
  const renamed = await owner.patch(`${base}/${id}`, { name: 'Other', settings: { signingSecret: maskedSecret } });
  expect(await bodyOf<ChannelView>(renamed)).toMatchObject({
    name: 'Other',
    settings: { signingSecret: maskedSecret },
  });
  const moved = await owner.patch(`${base}/${id}`, { settings: { url: 'https://elsewhere.example/hook' } });
  expect(await problemOf(moved)).toMatchObject({ status: 400, errors: [{ path: 'settings.signingSecret' }] });
});

test('deleting a channel names the policies that notified it, and removes it from them', async () => {
  const { id } = await create({ url: receiverFor().url });
  const { id: policyId } = await defaultPolicy();
  const { removedFrom } = await bodyOf<ChannelDeletedView>(await owner.delete(`${base}/${id}`));
  expect(removedFrom).toEqual([{ id: policyId, name: 'Default', notifiesNobody: false }]);
  expect(channelsIn(await defaultPolicy())).not.toContain(id);
  expect(await problemOf(await owner.get(`${base}/${id}`))).toMatchObject({ status: 404 });
});

test('another team sees and changes nothing of it, and a visitor has to sign in', async () => {
  const { id } = await create({ url: receiverFor().url });
  const steps = [{ afterSeconds: 0, targets: [{ type: 'channel', id }] }];
  for (const response of [
    await stranger.get(`${base}/${id}`),
    await stranger.patch(`${base}/${id}`, { name: 'Mine' }),
    await stranger.delete(`${base}/${id}`),
    await stranger.post(`${base}/${id}/test`),
    await stranger.get(`/api/v1/escalation-policies/${(await defaultPolicy()).id}`),
  ])
    expect(await problemOf(response)).toMatchObject({ status: 404, code: 'not_found' });
  expect(await problemOf(await stranger.patch('/api/v1/escalation-policies/default', { steps }))).toMatchObject({
    status: 400,
    errors: [{ path: 'steps.0.targets.0.id', message: 'This channel does not exist.' }],
  });
  expect((await bodyOf<Page<ChannelView>>(await stranger.get(base))).data).toEqual([]);
  for (const path of [base, '/api/v1/escalation-policies', '/api/v1/deliveries', '/api/v1/channel-kinds'])
    expect((await createClient().get(path)).status).toBe(401);
});

test.each([
  [{ kind: 'webhook', settings: { url: 'http://localhost:8788/api/v1/channels' } }, 'settings.url', 'Pharos itself'],
  [{ kind: 'webhook', settings: { url: 'example.com/hook' } }, 'settings.url', 'https://'],
  [{ kind: 'webhook', settings: {} }, 'settings.url', 'address'],
  [
    { kind: 'webhook', settings: { url: 'https://a.example', bodyTemplate: '{"a": "{{title"}' } },
    'settings.bodyTemplate',
    'not closed',
  ],
  [
    { kind: 'webhook', settings: { url: 'https://a.example', signingSecret: 'short' } },
    'settings.signingSecret',
    'whsec_',
  ],
  [{ kind: 'slack', settings: { webhookUrl: 'https://evil.example/services/T/B/x' } }, 'settings.', ''],
  [{ kind: 'fax', settings: {} }, 'kind', 'webhook'],
  [{ kind: 'webhook', settings: 'https://a.example' }, 'settings', 'object'],
  [{ kind: 'webhook', name: ' ', settings: { url: 'https://a.example' } }, 'name', 'name'],
])('%j is refused with a message for the field', async (input, path, says) => {
  const { status, errors } = await problemOf(await owner.post(base, { name: 'Hook', ...input }));
  expect(status).toBe(400);
  expect(errors.find((error) => error.path.startsWith(path))?.message).toContain(says);
});

test.each([
  [{ steps: [{ afterSeconds: 60, targets: [] }] }, 'steps.0.targets'],
  [{ steps: [] }, 'steps'],
  [{ steps: [{ afterSeconds: 0, targets: [{ type: 'person', id: 'usr_1' }] }] }, 'steps.0.targets.0.id'],
  [{ steps: [{ afterSeconds: 0, targets: [{ type: 'onCall', id: 'onc_1' }] }] }, 'steps.0.targets.0.id'],
  [{ remindEveryMinutes: 0 }, 'remindEveryMinutes'],
  [{ events: [] }, 'events'],
])('the policy %j is refused', async (change, path) => {
  const { status, errors } = await problemOf(await owner.patch('/api/v1/escalation-policies/default', change));
  expect(status).toBe(400);
  expect(errors.map((error) => error.path)).toContain(path);
});

test('each kind of channel has a form, and says what the operator has to set up first', async () => {
  const { data } = await bodyOf<Page<ChannelKindView>>(await owner.get('/api/v1/channel-kinds'));
  const of = (kind: string) => data.find((one) => one.kind === kind);
  expect(data).toHaveLength(15);
  expect(of('webhook')).toMatchObject({ label: 'Webhook', missing: null });
  expect(of('webhook')?.fields.map(({ name }) => name)).toContain('signingSecret');
  expect(of('email')?.missing).toContain('operator');
});

test('where the operator has made no keys, browser notifications say so', async () => {
  const asked = await owner.get('/api/v1/web-push');
  expect(asked.status).toBe(404);
  expect(await bodyOf(asked)).toMatchObject({ detail: expect.stringContaining('npm run deploy') });
  expect((await createClient().get('/api/v1/web-push')).status).toBe(401);
});

test('further policies can be made, given to nobody yet, and deleted; the default cannot', async () => {
  const { id } = await create({ url: receiverFor().url });
  const steps = [{ afterSeconds: 0, targets: [{ type: 'channel', id }] }];
  const made = await owner.post('/api/v1/escalation-policies', { name: 'Nights', steps });
  expect(made.status).toBe(201);
  const policy = await bodyOf<EscalationPolicyView>(made);
  expect(policy).toMatchObject({ name: 'Nights', isDefault: false, repeat: 0 });
  const gone = await owner.delete(`/api/v1/escalation-policies/${policy.id}`);
  expect(await bodyOf(gone)).toEqual({ total: 0, monitors: [] });
  expect((await owner.delete('/api/v1/escalation-policies/default')).status).toBe(409);
});
