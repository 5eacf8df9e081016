import { afterEach, expect, test } from 'vitest';
import type { AttemptResultView, DeliveryView, Page } from '../../../worker/contract/views.ts';
import { defaultEscalation } from '../../../worker/domain/escalation/escalationPolicy.ts';
import {
  deliveriesOf,
  eventuallyStates,
  hurry,
  seedChannel,
  seedMonitor,
  statesOf,
  type VendorRequest,
  vendorAt,
} from '../channels/alerting.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { eventually } from '../support/seed.ts';
import { say } from '../verdicts/judged.ts';

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

const keys = { appToken: 'azGDORePK8gMaC0QOYAMyEEuzJnyUi', userKey: 'uQiRzpo4DXghDmr9QzzfQu27cmVRsG' };
const isCancel = ({ path }: VendorRequest) => path.startsWith('/1/receipts/cancel_by_tag/');
const ok = () => Response.json({ status: 1, request: 'r' });

/** A team whose outages ring by Pushover, and a monitor that is down. */
const seedEmergency = async ({ isEmergency = true, answers = (_: VendorRequest) => ok() } = {}) => {
  const requests = vendorAt('https://api.pushover.net', answers);
  const owner = await signUp();
  const teamId = owner.team.id;
  const seeded = await seedMonitor(teamId);
  const settings = { ...keys, isEmergency, retrySeconds: 60, expireSeconds: 3600 };
  const channel = await seedChannel(teamId, 'pushover', settings);
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  return { requests, owner, teamId, seeded, channel };
};

const said = (requests: VendorRequest[]) =>
  requests.map((request) => (isCancel(request) ? request.path : `priority ${request.body.priority}`));

test('an emergency rings until somebody acknowledges it or it is over: both stop it by its tag, before its message', async () => {
  const { requests, owner, teamId, seeded } = await seedEmergency();
  const tag = requests[0]?.body.tags;
  expect(tag).toMatch(/^pharos-[\w-]+$/);
  const { data } = await bodyOf<Page<DeliveryView>>(await owner.get('/api/v1/deliveries'));
  expect((await owner.post(`/api/v1/incidents/${data[0]?.incidentId}/acknowledge`)).status).toBe(200);
  await eventuallyStates(teamId, ['down delivered', 'acknowledged delivered']);
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'acknowledged delivered', 'recovered delivered']);
  const cancel = `/1/receipts/cancel_by_tag/${tag}.json`;
  expect(said(requests)).toEqual(['priority 2', cancel, 'priority 0', cancel, 'priority 0']);
  expect(requests.filter(isCancel).map(({ body }) => body)).toEqual(Array(2).fill({ token: keys.appToken }));
  expect(requests.filter((request) => !isCancel(request)).map(({ body }) => body.tags)).toEqual([
    ...[tag, undefined, undefined],
  ]);
});

test('an emergency that cannot be stopped is tried again, and the recovery is sent once', async () => {
  let failures = 2;
  const { requests, teamId, seeded } = await seedEmergency({
    answers: (request) => (isCancel(request) && failures-- > 0 ? new Response('busy', { status: 500 }) : ok()),
  });
  await say(seeded, 0, 'up');
  for (const tries of [1, 2]) {
    await eventually(
      () => deliveriesOf(teamId),
      ([, recovered]) => recovered?.tries === tries,
    );
    expect(await statesOf(teamId)).toEqual(['down delivered', 'recovered waiting']);
    await hurry(teamId);
  }
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);
  expect(requests.map((request) => (isCancel(request) ? 'cancel' : request.body.priority))).toEqual([
    ...[2, 'cancel', 'cancel', 'cancel', 0],
  ]);
});

test('a cancellation that Pushover refuses keeps no recovery back, and the log says that it still rings', async () => {
  const { owner, teamId, seeded } = await seedEmergency({
    answers: (request) => (isCancel(request) ? Response.json({ status: 0, errors: ['x'] }, { status: 400 }) : ok()),
  });
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);
  const { data } = await bodyOf<Page<DeliveryView>>(await owner.get('/api/v1/deliveries'));
  expect(data[0]?.attempts[0]).toMatchObject({
    ...{ state: 'delivered', problem: null },
    answer: expect.stringContaining('The emergency alert could not be canceled: acknowledge it in the Pushover app.'),
  });
});

test('an emergency is stopped where the policy leaves recoveries out, and after its channel was deleted', async () => {
  const { requests, owner, teamId, seeded, channel } = await seedEmergency();
  const events = defaultEscalation.events.filter((event) => event !== 'recovered');
  expect((await owner.patch('/api/v1/escalation-policies/default', { events })).status).toBe(200);
  expect((await owner.delete(`/api/v1/channels/${channel.id}`)).status).toBe(200);
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);
  expect(requests.map(isCancel)).toEqual([false, true, false]);
});

test('without emergencies nothing is stopped, and recoveries follow the policy', async () => {
  const { requests, owner, teamId, seeded } = await seedEmergency({ isEmergency: false });
  const events = defaultEscalation.events.filter((event) => event !== 'recovered');
  expect((await owner.patch('/api/v1/escalation-policies/default', { events })).status).toBe(200);
  await say(seeded, 0, 'up');
  expect(await statesOf(teamId)).toEqual(['down delivered']);
  expect(said(requests)).toEqual(['priority 1']);
});

const pagerDutySettings = { routingKey: '0123456789abcdef0123456789ABCDEF', region: 'us' };
const incidentIoSettings = {
  url: 'https://api.incident.io/v2/alert_events/http/01GW2G3V0S59R238FAHPDS1R66',
  token: 'S3cretT0kenOfTheSource',
};
const accepted = () => Response.json({ status: 'success' }, { status: 202 });

const sendTest = async (kind: 'pagerduty' | 'incident-io') => {
  const owner = await signUp();
  const settings = kind === 'pagerduty' ? pagerDutySettings : incidentIoSettings;
  const { id } = await seedChannel(owner.team.id, kind, settings);
  return bodyOf<AttemptResultView>(await owner.post(`/api/v1/channels/${id}/test`));
};

test('a test of PagerDuty resolves the incident that it opens', async () => {
  const requests = vendorAt('https://events.pagerduty.com', accepted);
  expect(await sendTest('pagerduty')).toMatchObject({ state: 'delivered', problem: null });
  expect(requests.map(({ body }) => body.event_action)).toEqual(['trigger', 'resolve']);
  expect(new Set(requests.map(({ body }) => body.dedup_key)).size).toBe(1);
});

test('a test of incident.io resolves the alert that it opens', async () => {
  const requests = vendorAt('https://api.incident.io', accepted);
  expect(await sendTest('incident-io')).toMatchObject({ state: 'delivered', problem: null });
  expect(requests.map(({ body }) => body.status)).toEqual(['firing', 'resolved']);
  expect(new Set(requests.map(({ body }) => body.deduplication_key)).size).toBe(1);
});

test('a test that could not be resolved is tried twice, and says what is left to do', async () => {
  let failures = 1;
  const resolves = ({ body }: VendorRequest) => body.event_action === 'resolve';
  const requests = vendorAt('https://events.pagerduty.com', (request) =>
    resolves(request) && failures-- > 0 ? new Response(null, { status: 500 }) : accepted(),
  );
  expect(await sendTest('pagerduty')).toMatchObject({ state: 'delivered' });
  expect(requests.map(({ body }) => body.event_action)).toEqual(['trigger', 'resolve', 'resolve']);
  failures = 2;
  expect(await sendTest('pagerduty')).toMatchObject({
    ...{ state: 'transient', status: 500 },
    problem: expect.stringMatching(
      /^Pharos could not resolve the test incident in PagerDuty\. Resolve it there\. .*HTTP 500/,
    ),
  });
});

test('a test that PagerDuty refuses resolves nothing', async () => {
  const requests = vendorAt('https://events.pagerduty.com', () =>
    Response.json({ status: 'invalid event', errors: ["'routing_key' is invalid"] }, { status: 400 }),
  );
  expect(await sendTest('pagerduty')).toMatchObject({
    ...{ state: 'permanent', status: 400, problem: expect.stringContaining('integration key') },
  });
  expect(requests).toHaveLength(1);
});
