import { expect, test } from 'vitest';
import { acknowledgeForMs } from '../../../worker/auth/acknowledgeToken.ts';
import type { DeliveryView, IncidentDetailView, Page } from '../../../worker/contract/views.ts';
import { type Keyring, keyringOf } from '../../../worker/crypto/keyring.ts';
import { recordAcknowledgement } from '../../../worker/db/incidents/incidentActions.ts';
import {
  eventuallyStates,
  insertDelivery,
  pass,
  receiverFor,
  seedMonitor,
  seedWebhook,
  statesOf,
} from '../channels/alerting.ts';
import { longToken, tokenOf } from '../incidents/acknowledging.ts';
import { bodyOf, createClient, signUp } from '../support/client.ts';
import { services } from '../support/seed.ts';
import { refOf, say } from '../verdicts/judged.ts';

/** A monitor is down; the second channel is notified after five minutes. */
const seedOutage = async () => {
  const owner = await signUp();
  const seeded = await seedMonitor(owner.team.id);
  const [first, second] = [receiverFor(), receiverFor()];
  const a = await seedWebhook(owner.team.id, first.url);
  const b = await seedWebhook(owner.team.id, second.url);
  const steps = [
    { afterSeconds: 0, targets: [{ type: 'channel', id: a.id }] },
    { afterSeconds: 300, targets: [{ type: 'channel', id: b.id }] },
  ];
  expect((await owner.patch('/api/v1/escalation-policies/default', { steps })).status).toBe(200);
  await say(seeded, 0, 'down');
  await eventuallyStates(owner.team.id, ['down delivered']);
  const [message] = await first.received();
  return {
    owner,
    seeded,
    teamId: owner.team.id,
    first,
    second,
    channelId: a.id,
    body: message?.body,
    monitorId: refOf(seeded).id,
  };
};

const pathOf = (link: string) => new URL(link).pathname;

test('the second step is notified at its time, and the recovery goes to all recipients', async () => {
  const { seeded, teamId, second, monitorId } = await seedOutage();
  await pass(monitorId, 200);
  expect(await statesOf(teamId)).toEqual(['down delivered']);
  await pass(monitorId, 100);
  await eventuallyStates(teamId, ['down delivered', 'down delivered']);
  expect((await second.received())[0]?.body.type).toBe('alert.down');
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'down delivered', 'recovered delivered', 'recovered delivered']);
});

test('the link in a message shows a page and changes nothing; its button acknowledges and stops the escalation', async () => {
  const { owner, teamId, body, monitorId } = await seedOutage();
  const visitor = createClient();
  const path = pathOf(body.acknowledgeUrl);
  expect((await owner.patch('/api/v1/me/team', { timeZone: 'Asia/Tokyo' })).status).toBe(200);
  const page = await visitor.get(path);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("form-action 'self'");
  const text = await page.text();
  expect(text).toContain('Acknowledge incident');
  expect(text).toMatch(
    /Down since <time datetime="[\d:.TZ-]+">\d+ \w+ \d{4}, \d\d:\d\d GMT\+9 \(Asia\/Tokyo\)<\/time>/,
  );
  const read = async () => bodyOf<IncidentDetailView>(await owner.get(`/api/v1/incidents/${body.incident.id}`));
  expect((await read()).acknowledgedAt).toBeNull();
  expect(await (await visitor.post(path)).text()).toContain('Incident acknowledged');
  expect((await read()).timeline).toContainEqual(
    expect.objectContaining({ kind: 'acknowledged', author: null, through: 'Hook' }),
  );
  await eventuallyStates(teamId, ['down delivered', 'acknowledged delivered']);
  await pass(monitorId, 300);
  expect(await statesOf(teamId)).toEqual(['down delivered', 'acknowledged delivered']);
  for (const again of [await visitor.get(path), await visitor.post(path)]) {
    expect(again.status).toBe(200);
    expect(await again.text()).toMatch(/was acknowledged on <time [^>]+>[^<]+ \(Asia\/Tokyo\)</);
  }
});

test('an acknowledgement that did not reach the object is read before the next step', async () => {
  const { owner, teamId, body, monitorId } = await seedOutage();
  await recordAcknowledgement(services, { teamId, id: body.incident.id, userId: owner.user.id });
  await pass(monitorId, 300);
  await eventuallyStates(teamId, ['down delivered', 'acknowledged delivered']);
});

test('a manual resolution notifies the recipients, and a reopened incident escalates from the first step', async () => {
  const { owner, teamId, body, first } = await seedOutage();
  const path = `/api/v1/incidents/${body.incident.id}`;
  expect((await owner.post(`${path}/resolve`)).status).toBe(200);
  await eventuallyStates(teamId, ['down delivered', 'resolved delivered']);
  expect((await owner.post(`${path}/reopen`)).status).toBe(200);
  await eventuallyStates(teamId, ['down delivered', 'resolved delivered', 'down delivered']);
  const again = (await first.received()).at(-1)?.body;
  expect(again.why).toMatch(new RegExp(`^${owner.user.email} reopened the incident in Pharos\\. Down, because`));
});

test('an incident reopened while the monitor is up notifies nobody, and the next outage is notified', async () => {
  const { owner, seeded, teamId, body } = await seedOutage();
  await say(seeded, 0, 'up');
  const notified = ['down delivered', 'recovered delivered'];
  await eventuallyStates(teamId, notified);
  expect((await owner.post(`/api/v1/incidents/${body.incident.id}/reopen`)).status).toBe(200);
  expect(await statesOf(teamId)).toEqual(notified);
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, [...notified, 'down delivered']);
});

test('a link that ran out, was altered or is over says so', async () => {
  const { owner, seeded, channelId, body } = await seedOutage();
  const visitor = createClient();
  const path = pathOf(body.acknowledgeUrl);
  const given = {
    incident: body.incident.id,
    dedupKey: body.incident.id,
    channel: channelId,
    state: 'delivered',
  } as const;
  const teamId = owner.team.id;
  const old = await tokenOf(await insertDelivery({ ...given, teamId, dueAgo: acknowledgeForMs + 60_000 }));
  const strangers = await tokenOf(await insertDelivery({ ...given, teamId: 'team_other' }));
  const own = await insertDelivery({ ...given, teamId });
  const forged = await tokenOf(own, { keys: keyringOf(['another secret']) as Keyring });
  const ofNothing = await tokenOf(await insertDelivery({ ...given, teamId, incident: undefined }));
  const ofNone = await tokenOf(own + 1_000_000);
  for (const [at, status, says] of [
    [`/a/${old}`, 410, 'Link expired'],
    [`${path.slice(0, -3)}abc`, 403, 'Invalid link'],
    [`${path}0`, 403, 'Invalid link'],
    [`/a/${forged}`, 403, 'Invalid link'],
    ['/a/x', 403, 'Invalid link'],
    [`/a/${strangers}`, 404, 'Incident not found'],
    [`/a/${ofNothing}`, 404, 'Incident not found'],
    [`/a/${ofNone}`, 410, 'Link expired'],
  ] as const)
    for (const response of [await visitor.get(at), await visitor.post(at)]) {
      expect([at, response.status]).toEqual([at, status]);
      expect(await response.text()).toContain(says);
    }
  await say(seeded, 0, 'up');
  expect(await (await visitor.post(path)).text()).toContain('already resolved');
});

test('a long link that an earlier version sent works until its day is over', async () => {
  const { owner, channelId, body, seeded } = await seedOutage();
  const at = Date.now();
  const link = { teamId: owner.team.id, incidentId: body.incident.id, channelId, at, until: at + acknowledgeForMs };
  const visitor = createClient();
  for (const [token, status] of [
    [await longToken({ ...link, until: at - 1_000 }), 410],
    [await longToken({ ...link, teamId: 'team_other' }), 404],
    [await longToken(link, keyringOf(['another secret']) as Keyring), 403],
  ] as const)
    expect((await visitor.post(`/a/${token}`)).status).toBe(status);
  expect(await isAcknowledged(owner, body.incident.id)).toBe(false);
  expect(await (await visitor.post(`/a/${await longToken(link)}`)).text()).toContain('Incident acknowledged');
  expect(await isAcknowledged(owner, body.incident.id)).toBe(true);
  await say(seeded, 0, 'up');
});

const expectFailed = async (path: string, says: string) => {
  const visitor = createClient();
  for (const response of [await visitor.get(path), await visitor.post(path)]) {
    expect(response.status).toBe(410);
    expect(await response.text()).toContain(says);
  }
};

const isAcknowledged = async (owner: { get: (path: string) => Promise<Response> }, id: string) =>
  (await bodyOf<{ acknowledgedAt: string | null }>(await owner.get(`/api/v1/incidents/${id}`))).acknowledgedAt !== null;

test('a link dies with its channel', async () => {
  const { owner, channelId, body } = await seedOutage();
  await owner.delete(`/api/v1/channels/${channelId}`);
  await expectFailed(pathOf(body.acknowledgeUrl), 'was deleted');
  expect(await isAcknowledged(owner, body.incident.id)).toBe(false);
});

test('a link dies when the incident is reopened, and that of the message after it works', async () => {
  const { owner, teamId, body, first } = await seedOutage();
  const path = `/api/v1/incidents/${body.incident.id}`;
  await owner.post(`${path}/resolve`);
  await owner.post(`${path}/reopen`);
  await expectFailed(pathOf(body.acknowledgeUrl), 'reopened');
  expect(await isAcknowledged(owner, body.incident.id)).toBe(false);
  await eventuallyStates(teamId, ['down delivered', 'resolved delivered', 'down delivered']);
  const newer = (await first.received()).at(-1)?.body;
  expect((await createClient().post(pathOf(newer.acknowledgeUrl))).status).toBe(200);
  expect(await isAcknowledged(owner, body.incident.id)).toBe(true);
});

test('a link dies when the policy no longer notifies its channel, and lives as long as any step does', async () => {
  const { owner, teamId, channelId, body } = await seedOutage();
  const policy = '/api/v1/escalation-policies/default';
  const to = (targets: { type: string; id: string }[]) => ({ steps: [{ afterSeconds: 0, targets }] });
  const person = await bodyOf<{ id: string }>(
    await owner.post('/api/v1/people', { name: 'Ada', channelIds: [channelId] }),
  );
  await owner.patch(policy, to([{ type: 'person', id: person.id }]));
  expect((await createClient().get(pathOf(body.acknowledgeUrl))).status).toBe(200);
  const other = await seedWebhook(teamId, receiverFor().url, { join: false });
  await owner.patch(policy, to([{ type: 'channel', id: other.id }]));
  await expectFailed(pathOf(body.acknowledgeUrl), 'no longer receives alerts');
  expect(await isAcknowledged(owner, body.incident.id)).toBe(false);
});

test('recipients of an outage are notified that the monitor was deleted, and the log links to no deleted page', async () => {
  const { owner, teamId, monitorId } = await seedOutage();
  expect((await owner.delete(`/api/v1/monitors/${monitorId}`)).status).toBe(204);
  await eventuallyStates(teamId, ['down delivered', 'resolved delivered']);
  const { data } = await bodyOf<Page<DeliveryView>>(await owner.get('/api/v1/deliveries'));
  expect(data.map(({ monitorId: id, incidentId }) => [id, incidentId])).toEqual(data.map(() => [null, null]));
});
