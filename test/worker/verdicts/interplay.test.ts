import { env } from 'cloudflare:workers';
import { expect, test, vi } from 'vitest';
import { sendDue } from '../../../worker/alerts/outbox/sendDue.ts';
import { sweepDeliveries } from '../../../worker/alerts/outbox/sweep.ts';
import type { QuietHours } from '../../../worker/domain/delivery/quietHours.ts';
import { choosableEvents } from '../../../worker/domain/escalation/escalationPolicy.ts';
import { weekdays } from '../../../worker/domain/time/weeklyHours.ts';
import { Feed } from '../../../worker/objects/feed.ts';
import {
  eventuallyStates,
  passAdvisory,
  receiverFor,
  seedMonitor,
  seedWebhook,
  statesOf,
} from '../channels/alerting.ts';
import { signUp } from '../support/client.ts';
import { eventually, services } from '../support/seed.ts';
import { refOf, say } from './judged.ts';

/** Where quiet hours, policies, digests and people meet. */

const clock = (at: number) => new Date(at).toISOString().slice(11, 16);
const quietNow = (): QuietHours => {
  const hours = [{ days: [...weekdays], from: clock(Date.now() - 7_200_000), to: clock(Date.now() + 7_200_000) }];
  return { timeZone: 'UTC', hours, exceptCritical: true };
};

const prepare = async () => {
  const owner = await signUp();
  const seeded = await seedMonitor(owner.team.id);
  const receiver = receiverFor();
  const channel = await seedWebhook(owner.team.id, receiver.url);
  expect((await owner.patch('/api/v1/escalation-policies/default', { events: choosableEvents })).status).toBe(200);
  await say(seeded, 0, 'up');
  const setQuiet = async (quietHours: QuietHours | null) =>
    expect((await owner.patch(`/api/v1/channels/${channel.id}`, { quietHours })).status).toBe(200);
  return { owner, seeded, receiver, channel, setQuiet, teamId: owner.team.id, monitorId: refOf(seeded).id };
};

const eventuallyHeld = (teamId: string, count: number) =>
  eventually(
    async () =>
      (
        await env.DB.prepare(
          "SELECT id, event, held_until FROM deliveries WHERE team_id = ? AND state = 'waiting' AND held_until IS NOT NULL",
        )
          .bind(teamId)
          .all<{ id: string; event: string; held_until: number }>()
      ).results,
    (held) => held.length === count,
    30_000,
  );

const titlesOf = async ({ received }: ReturnType<typeof receiverFor>) =>
  (await received()).map(({ body }) => `${body.event}${body.about ? ` ${body.about}` : ''}`);

test('an advisory, the outage that follows and its end, all in quiet hours, are one message of the result', async () => {
  const { seeded, teamId, monitorId, receiver, setQuiet } = await prepare();
  await setQuiet(quietNow());
  await say(seeded, 0, 'degraded');
  await passAdvisory(monitorId, 300);
  await eventuallyHeld(teamId, 1);
  const publish = vi.spyOn(Feed.prototype, 'publish');
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['degraded suppressed', 'down waiting']);
  const suppressed = expect.objectContaining({ type: 'delivery', state: 'suppressed' });
  await expect.poll(() => publish.mock.calls.flat()).toContainEqual(suppressed);
  publish.mockRestore();
  await say(seeded, 0, 'up');
  await eventuallyHeld(teamId, 2);
  await setQuiet(null);
  await eventuallyStates(teamId, ['degraded suppressed', 'down delivered', 'recovered delivered', 'digest delivered']);
  expect(await receiver.received()).toHaveLength(1);
});

test('an outage that was notified before quiet hours has one end and one next advisory', async () => {
  const { seeded, teamId, monitorId, receiver, setQuiet } = await prepare();
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  await setQuiet(quietNow());
  await say(seeded, 0, 'up');
  await eventuallyHeld(teamId, 1);
  await say(seeded, 0, 'degraded');
  await passAdvisory(monitorId, 300);
  await eventuallyHeld(teamId, 2);
  await setQuiet(null);
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered', 'degraded delivered']);
  expect((await titlesOf(receiver)).toSorted()).toEqual(['degraded degraded', 'down down', 'up down']);
});

test('a monitor that is deleted with a held outage is one message in the end', async () => {
  const { owner, seeded, teamId, monitorId, receiver, setQuiet } = await prepare();
  await setQuiet(quietNow());
  await say(seeded, 0, 'down');
  await eventuallyHeld(teamId, 1);
  expect((await owner.delete(`/api/v1/monitors/${monitorId}`)).status).toBe(204);
  await eventuallyHeld(teamId, 2);
  await setQuiet(null);
  await eventuallyStates(teamId, ['down delivered', 'resolved delivered', 'digest delivered']);
  expect(await receiver.received()).toHaveLength(1);
});

test('another policy in an outage skips the pending channel, and notifies the failed one', async () => {
  const { owner, seeded, teamId, channel, monitorId, setQuiet } = await prepare();
  const refusing = await seedWebhook(teamId, receiverFor({ does: 'answer', status: 404 }).url);
  await setQuiet(quietNow());
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down waiting', 'down failed']);
  const targets = [channel, refusing].map(({ id }) => ({ type: 'channel', id }));
  const policy = { name: 'Other', steps: [{ afterSeconds: 0, targets }] };
  const { id } = await (await owner.post('/api/v1/escalation-policies', policy)).json<{ id: string }>();
  const changed = await owner.patch(`/api/v1/monitors/${monitorId}`, { escalationPolicyId: id });
  expect(changed.status).toBe(200);
  await eventuallyStates(teamId, ['down waiting', 'down failed', 'down failed']);
});

test('critical for a while, an outage goes at once, and its end waits for quiet hours like any other', async () => {
  const { owner, seeded, teamId, monitorId, setQuiet } = await prepare();
  await setQuiet(quietNow());
  await say(seeded, 0, 'down');
  await eventuallyHeld(teamId, 1);
  await owner.patch(`/api/v1/monitors/${monitorId}`, { critical: true });
  await eventuallyStates(teamId, ['down delivered']);
  await owner.patch(`/api/v1/monitors/${monitorId}`, { critical: false });
  await say(seeded, 0, 'up');
  await eventuallyHeld(teamId, 1);
});

test('at the very end of quiet hours what was held goes once, by however many it is tried at once', async () => {
  const { seeded, teamId, channel, receiver, setQuiet } = await prepare();
  await setQuiet(quietNow());
  await say(seeded, 0, 'down');
  const [held] = await eventuallyHeld(teamId, 1);
  const at = held?.held_until ?? 0;
  const send = (now: number) => sendDue({ ...services, now: () => now }, channel.id, 'run_test');
  expect(await send(at - 1)).toBe(at);
  expect(await receiver.received()).toEqual([]);
  await Promise.all([send(at), send(at), sweepDeliveries(services)]);
  expect(await statesOf(teamId)).toEqual(['down delivered']);
  expect(await receiver.received()).toHaveLength(1);
});

test('a manually resolved incident has no second end, and the next outage has a new dedup key', async () => {
  const { owner, seeded, teamId, receiver } = await prepare();
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  const [notified] = await receiver.received();
  expect((await owner.post(`/api/v1/incidents/${notified?.body.incident.id}/resolve`)).status).toBe(200);
  await eventuallyStates(teamId, ['down delivered', 'resolved delivered']);
  await say(seeded, 0, 'up');
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered', 'resolved delivered', 'down delivered']);
  const bodies = (await receiver.received()).map(({ body }) => body);
  expect(bodies[2].incident.id).not.toBe(bodies[0].incident.id);
});

test('the deliveries that a deleted channel held are dropped, and the others are notified of the end', async () => {
  const { owner, seeded, teamId, channel, setQuiet } = await prepare();
  const other = receiverFor();
  await seedWebhook(teamId, other.url);
  await setQuiet(quietNow());
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down waiting', 'down delivered']);
  expect((await owner.delete(`/api/v1/channels/${channel.id}`)).status).toBeLessThan(300);
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down suppressed', 'down delivered', 'recovered delivered']);
});
