import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sendDue } from '../../../worker/alerts/outbox/sendDue.ts';
import { sweepChannels } from '../../../worker/alerts/outbox/sweepChannels.ts';
import type { AttemptResultView, ChannelView } from '../../../worker/contract/views.ts';
import { down } from '../alerts/messages.ts';
import { context, vendors } from '../alerts/vendors.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { services } from '../support/seed.ts';
import { say } from '../verdicts/judged.ts';
import {
  deliveriesOf,
  eventuallyStates,
  insertDelivery,
  receiverFor,
  seedChannel,
  seedMonitor,
  seedWebhook,
  statesOf,
  type VendorRequest,
  vendorAt,
} from './alerting.ts';

const { fetch } = globalThis;
beforeEach(async () => {
  await env.DB.exec('UPDATE channels SET failing_since = NULL, failure_notified_at = NULL');
});
afterEach(() => {
  globalThis.fetch = fetch;
});

/** The operator of the tests has no keys for browsers. */
const withKeys = { ...services, config: { ...services.config, vapid: context.vapid } };

const subscription = (path: string) => ({
  ...vendors['web-push'].settings,
  endpoint: `https://fcm.googleapis.com/fcm/send/${path}`,
});
const gone = /^This browser no longer receives notifications\. Open this channel in that browser/;

const seedBrowser = async (answers: (request: VendorRequest) => Response | Promise<Response>) => {
  const requests = vendorAt('https://fcm.googleapis.com', answers);
  const owner = await signUp();
  const teamId = owner.team.id;
  const channel = await seedChannel(teamId, 'web-push', subscription('first'));
  const path = `/api/v1/channels/${channel.id}`;
  /** An outage that is sent there. */
  const alert = async () => {
    const number = await insertDelivery({ teamId, channel: channel.id, dedupKey: crypto.randomUUID() });
    await env.DB.prepare('UPDATE deliveries SET message = ? WHERE number = ?').bind(JSON.stringify(down), number).run();
    await sendDue(withKeys, channel.id, 'run_test');
  };
  const view = async () => bodyOf<ChannelView>(await owner.get(path));
  return { requests, owner, teamId, channel, path, alert, view };
};

test.for([404, 410])(
  'a subscription that ended with %d is deleted, and the team is notified once what to do',
  async (status) => {
    const { requests, owner, teamId, channel, path, alert, view } = await seedBrowser(
      () => new Response('gone', { status }),
    );
    const other = receiverFor();
    await seedWebhook(teamId, other.url, { join: false });
    await alert();
    expect(await statesOf(teamId)).toEqual(['down failed']);
    expect(await view()).toMatchObject({ isGone: true, failing: { problem: expect.stringMatching(gone) } });
    const row = await env.DB.prepare('SELECT settings, sealed FROM channels WHERE id = ?').bind(channel.id).first();
    expect(row?.sealed).toBeNull();
    expect(row?.settings).not.toContain('fcm.googleapis.com');
    await sweepChannels(services);
    await sweepChannels(services);
    await eventuallyStates(teamId, ['down failed', 'channel-failing delivered']);
    const notices = (await other.received()).map(({ body }) => body);
    expect(notices).toMatchObject([{ type: 'channel.failing', why: expect.stringMatching(gone) }]);

    // Nothing is sent there any more, neither by the next outage nor by hand.
    await alert();
    expect(await statesOf(teamId)).toEqual(['down failed', 'channel-failing delivered', 'down failed']);
    const sent = await bodyOf<AttemptResultView>(await owner.post(`${path}/test`));
    expect(sent).toMatchObject({ state: 'permanent', status: null, problem: expect.stringMatching(gone) });
    expect(requests).toHaveLength(1);
  },
);

test('a browser that subscribes again is notified again', async () => {
  let isGone = true;
  const { requests, owner, teamId, path, alert, view } = await seedBrowser(
    () => new Response(null, { status: isGone ? 410 : 201 }),
  );
  await alert();
  isGone = false;
  expect((await owner.patch(path, { name: 'Phone' })).status).toBe(200);
  expect(await view()).toMatchObject({ name: 'Phone', isGone: true });
  expect((await owner.patch(path, { settings: subscription('second') })).status).toBe(200);
  expect(await view()).toMatchObject({ isGone: false });
  await alert();
  expect(await statesOf(teamId)).toEqual(['down failed', 'down delivered']);
  expect(await view()).toMatchObject({ isGone: false, failing: null });
  expect(requests.map(({ path: at }) => at.split('/').at(-1))).toEqual(['first', 'second']);
});

test('a browser that subscribed again while the old subscription was found to have ended keeps the new one', async () => {
  let change = async () => {};
  const { owner, teamId, path, alert, view } = await seedBrowser(async () => {
    await change();
    return new Response(null, { status: 410 });
  });
  change = async () => void (await owner.patch(path, { settings: subscription('second') }));
  await alert();
  expect(await statesOf(teamId)).toEqual(['down failed']);
  expect(await view()).toMatchObject({ isGone: false });
});

test.for([401, 403, 429, 500])('a push service that answers %d deletes nothing', async (status) => {
  const { teamId, alert, view } = await seedBrowser(() => new Response(null, { status }));
  await alert();
  expect(await deliveriesOf(teamId)).toMatchObject([{ tries: 1, state: status < 429 ? 'failed' : 'waiting' }]);
  const { isGone, failing } = await view();
  expect(isGone).toBe(false);
  expect(failing?.problem).toMatch(status < 429 ? /keys that Pharos no longer uses/ : /^The push service/);
});

test('a person whose only channel is a browser that ended gives the step to the next one', async () => {
  const { owner, teamId, channel, alert } = await seedBrowser(() => new Response(null, { status: 410 }));
  await alert();
  const seeded = await seedMonitor(teamId);
  const next = receiverFor();
  const { id: nextId } = await seedWebhook(teamId, next.url, { join: false });
  const made = await owner.post('/api/v1/people', { name: 'Ada', channelIds: [channel.id] });
  const person = await bodyOf<{ id: string }>(made);
  const steps = [
    { afterSeconds: 0, targets: [{ type: 'person', id: person.id }] },
    { afterSeconds: 600, targets: [{ type: 'channel', id: nextId }] },
  ];
  expect((await owner.patch('/api/v1/escalation-policies/default', { steps })).status).toBe(200);
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down failed', 'down delivered']);
  expect(await next.received()).toHaveLength(1);
});
