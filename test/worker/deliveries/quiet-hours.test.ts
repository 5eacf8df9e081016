import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { sendDue } from '../../../worker/alerts/outbox/sendDue.ts';
import type { ChannelView, DeliveryView, Page } from '../../../worker/contract/views.ts';
import { updateMonitor } from '../../../worker/db/monitors/updateMonitor.ts';
import type { QuietHours } from '../../../worker/domain/delivery/quietHours.ts';
import { quietHoursSchema } from '../../../worker/domain/delivery/quietHoursSchema.ts';
import { weekdays } from '../../../worker/domain/time/weeklyHours.ts';
import { eventuallyStates, pass, receiverFor, seedMonitor, seedWebhook, statesOf } from '../channels/alerting.ts';
import { problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { eventually, services } from '../support/seed.ts';
import { refOf, say } from '../verdicts/judged.ts';

const hourMs = 3_600_000;
const clock = (at: number) => new Date(at).toISOString().slice(11, 16);

/** Hours around now, long enough for any test. */
const quietNow = (given: Partial<QuietHours> = {}): QuietHours => {
  const hours = [{ days: [...weekdays], from: clock(Date.now() - 2 * hourMs), to: clock(Date.now() + 2 * hourMs) }];
  return { timeZone: 'UTC', hours, exceptCritical: true, ...given };
};

type Owner = Awaited<ReturnType<typeof signUp>>;

const setQuiet = async (owner: Owner, channelId: string, quietHours: QuietHours | null) =>
  bodyOf<ChannelView>(await owner.patch(`/api/v1/channels/${channelId}`, { quietHours }));

const prepare = async (quietHours: QuietHours | null = quietNow()) => {
  const owner = await signUp();
  const seeded = await seedMonitor(owner.team.id);
  const receiver = receiverFor();
  const channel = await seedWebhook(owner.team.id, receiver.url);
  if (quietHours) await setQuiet(owner, channel.id, quietHours);
  return { owner, seeded, teamId: owner.team.id, receiver, channel, monitorId: refOf(seeded).id };
};

const listed = async (owner: Owner) =>
  (await bodyOf<Page<DeliveryView>>(await owner.get('/api/v1/deliveries'))).data.reverse();

const patiently = 30_000;
const eventuallyHeld = (owner: Owner, count: number) =>
  eventually(
    () => listed(owner),
    (all) => all.length === count && all.every(({ state, held }) => state === 'waiting' && held !== null),
    patiently,
  );
/** The requests that the channel sends at a time. */
const sendAt = async (channelId: string, at: number) => {
  const then = { ...services, now: () => at };
  for (let again: number | null = at; again !== null && again <= at; )
    again = await sendDue(then, channelId, 'run_test');
};

test('an outage in quiet hours waits until they end, and the log says until when', async () => {
  const quiet = quietNow();
  const { owner, seeded, teamId, receiver, channel } = await prepare(quiet);
  await say(seeded, 0, 'down');
  const [held] = await eventuallyHeld(owner, 1);
  const until = Date.parse(held?.held?.until ?? '');
  expect(held).toMatchObject({ event: 'down', attemptCount: 0, nextAttemptAt: held?.held?.until });
  expect(held?.held?.timeZone).toBe('UTC');
  expect(clock(until)).toBe(quiet.hours[0]?.to);
  expect(await receiver.received()).toEqual([]);
  await sendAt(channel.id, until);
  expect(await statesOf(teamId)).toEqual(['down delivered']);
  expect((await listed(owner))[0]?.held).toBeNull();
});

test('an outage that began and ended in them is sent as one message, and both are in the record', async () => {
  const { owner, seeded, receiver, channel, teamId } = await prepare();
  await say(seeded, 0, 'down');
  await eventuallyHeld(owner, 1);
  await say(seeded, 0, 'up');
  const [down] = await eventuallyHeld(owner, 2);
  await sendAt(channel.id, Date.parse(down?.held?.until ?? ''));
  expect(await statesOf(teamId)).toEqual(['down delivered', 'recovered delivered', 'digest delivered']);
  const all = await receiver.received();
  expect(all).toHaveLength(1);
  expect(all[0]?.body).toMatchObject({
    type: 'alert.digest',
    why: '2 alerts arrived during the quiet hours of this channel, so they are sent as one digest.',
    digest: { counts: { up: 1 }, stillDown: 0 },
  });
  expect(all[0]?.body.title).toMatch(/^1 monitor recovered: /);
  expect(all[0]?.body.text).toContain('was down from');
});

test('another channel, and the further steps, are notified meanwhile', async () => {
  const { owner, seeded, channel, monitorId } = await prepare();
  const onCall = receiverFor();
  const second = await seedWebhook(owner.team.id, onCall.url);
  const steps = [channel, second].map(({ id }, i) => ({
    afterSeconds: i * 300,
    targets: [{ type: 'channel', id }],
  }));
  expect((await owner.patch('/api/v1/escalation-policies/default', { steps })).status).toBe(200);
  await say(seeded, 0, 'down');
  await eventuallyHeld(owner, 1);
  await pass(monitorId, 300);
  await eventually(onCall.received, (all) => all.length === 1, patiently);
});

test('critical monitors come through, unless the channel lets nobody', async () => {
  for (const [exceptCritical, state] of [
    [true, 'delivered'],
    [false, 'waiting'],
  ] as const) {
    const { owner, seeded, teamId, monitorId } = await prepare(quietNow({ exceptCritical }));
    expect((await owner.patch(`/api/v1/monitors/${monitorId}`, { critical: true })).status).toBe(200);
    await say(seeded, 0, 'down');
    await (state === 'delivered' ? eventuallyStates(teamId, ['down delivered']) : eventuallyHeld(owner, 1));
  }
});

test('held alerts go when the monitor becomes critical', async () => {
  const { owner, seeded, teamId, monitorId } = await prepare();
  await say(seeded, 0, 'down');
  await eventuallyHeld(owner, 1);
  await owner.patch(`/api/v1/monitors/${monitorId}`, { critical: true });
  await eventuallyStates(teamId, ['down delivered']);
});

test('the critical setting and the alerts that it releases are written together, also for a digest that is retried', async () => {
  const { owner, seeded, teamId, channel, monitorId } = await prepare();
  await say(seeded, 0, 'down');
  const [held] = await eventuallyHeld(owner, 1);
  await env.DB.prepare(
    `INSERT INTO deliveries (id, team_id, monitor, dedup_key, channel, event, round, step, state, message, created_at,
       next_attempt_at, held_until)
     SELECT 'dig:' || id, team_id, 0, 'dig_x', channel, 'digest', 0, 0, 'waiting', '{}', created_at, next_attempt_at, held_until
     FROM deliveries WHERE id = ?`,
  )
    .bind(held?.id)
    .run();
  await env.DB.prepare(
    `UPDATE deliveries SET digest = (SELECT number FROM deliveries AS g WHERE g.id = 'dig:' || deliveries.id) WHERE id = ?`,
  )
    .bind(held?.id)
    .run();
  const change = { critical: true };
  await updateMonitor(services, { teamId, id: monitorId, userId: 'usr_seed', change });
  const released = env.DB.prepare('SELECT critical, held_until <= ? AS goes FROM deliveries WHERE channel = ?');
  const { results } = await released.bind(Date.now(), channel.id).all();
  expect(results).toEqual([
    { critical: 1, goes: 1 },
    { critical: 1, goes: 1 },
  ]);
});

test('held alerts go when quiet hours are removed, and wait longer when they get longer', async () => {
  const { owner, seeded, teamId, channel } = await prepare();
  await say(seeded, 0, 'down');
  const [before] = await eventuallyHeld(owner, 1);
  const [hours] = quietNow().hours;
  if (!hours) throw new Error('There are hours.');
  await setQuiet(owner, channel.id, quietNow({ hours: [{ ...hours, to: clock(Date.now() + 5 * hourMs) }] }));
  const [after] = await eventuallyHeld(owner, 1);
  expect(Date.parse(after?.held?.until ?? '') - Date.parse(before?.held?.until ?? '')).toBeGreaterThan(2 * hourMs);
  await setQuiet(owner, channel.id, null);
  await eventuallyStates(teamId, ['down delivered']);
});

test('by hand a held recovery goes at once, after its outage; a stranger lets nothing go', async () => {
  const { owner, seeded, teamId } = await prepare();
  await say(seeded, 0, 'down');
  await eventuallyHeld(owner, 1);
  await say(seeded, 0, 'up');
  const [, recovery] = await eventuallyHeld(owner, 2);
  const retry = `/api/v1/deliveries/${recovery?.id}/retry`;
  expect((await (await signUp()).post(retry)).status).toBe(404);
  expect(await bodyOf<DeliveryView>(await owner.post(retry))).toMatchObject({ state: 'waiting', held: null });
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered', 'digest delivered']);
  expect(await problemOf(await owner.post(retry))).toMatchObject({ status: 409, code: 'conflict' });
});

test('a retry that falls into quiet hours waits for their end, and has its whole day then', async () => {
  const { owner, seeded, teamId } = await prepare(null);
  const failing = receiverFor({ does: 'answer', status: 503 });
  const channel = await seedWebhook(teamId, failing.url);
  const steps = [{ afterSeconds: 0, targets: [{ type: 'channel', id: channel.id }] }];
  await owner.patch('/api/v1/escalation-policies/default', { steps });
  await say(seeded, 0, 'down');
  await eventually(failing.received, (all) => all.length > 0, patiently);
  await setQuiet(owner, channel.id, quietNow());
  const [held] = await eventuallyHeld(owner, 1);
  expect(held?.attemptCount).toBeGreaterThan(0);
  const row = await env.DB.prepare('SELECT attempts, tried_since FROM deliveries WHERE id = ?').bind(held?.id).first();
  expect(row).toEqual({ attempts: 0, tried_since: null });
  const tried = held?.attemptCount ?? 0;
  await sendAt(channel.id, Date.parse(held?.held?.until ?? ''));
  expect((await listed(owner))[0]?.attemptCount).toBeGreaterThan(tried);
});

test('a test is sent in quiet hours too', async () => {
  const { owner, channel, receiver } = await prepare();
  expect(await bodyOf(await owner.post(`/api/v1/channels/${channel.id}/test`))).toMatchObject({ state: 'delivered' });
  expect(await receiver.received()).toHaveLength(1);
});

test('they end when the clocks of their time zone say so, in the night in which these change too', async () => {
  const night = quietHoursSchema.parse({
    timeZone: 'Europe/Berlin',
    hours: [{ days: [...weekdays], from: '22:00', to: '07:00' }],
  });
  const { owner, teamId, channel, seeded } = await prepare(night);
  const evening = Date.parse('2027-03-27T21:30Z');
  await env.DB.prepare(
    `INSERT INTO deliveries (id, team_id, monitor, dedup_key, channel, event, round, step, state, message, created_at, next_attempt_at)
     VALUES (?1, ?2, ?3, 'inc_x', ?4, 'down', 0, 0, 'waiting', '{}', ?5, ?5)`,
  )
    .bind(crypto.randomUUID(), teamId, refOf(seeded).number, channel.id, evening)
    .run();
  await sendAt(channel.id, evening);
  expect((await listed(owner))[0]).toMatchObject({
    state: 'waiting',
    held: { until: '2027-03-28T05:00:00.000Z', timeZone: 'Europe/Berlin' },
  });
});

test('reminders go on, and only the latest waits', async () => {
  const { owner, seeded, teamId, channel, monitorId } = await prepare(null);
  expect((await owner.patch('/api/v1/escalation-policies/default', { remindEveryMinutes: 30 })).status).toBe(200);
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  await setQuiet(owner, channel.id, quietNow());
  await pass(monitorId, 1_800);
  await eventuallyStates(teamId, ['down delivered', 'reminder waiting']);
  await pass(monitorId, 3_600);
  await eventuallyStates(teamId, ['down delivered', 'reminder suppressed', 'reminder waiting']);
});

test.for([
  [{ timeZone: 'Berlin', hours: [{ days: ['mon'], from: '22:00', to: '07:00' }] }, 'quietHours.timeZone'],
  [{ timeZone: 'UTC', hours: [] }, 'quietHours.hours'],
  [{ timeZone: 'UTC', hours: [{ days: [...weekdays], from: '00:00', to: '00:00' }] }, 'quietHours.hours'],
  [{ timeZone: 'UTC', hours: [{ days: [], from: '22:00', to: '07:00' }] }, 'quietHours.hours.0.days'],
  [{ timeZone: 'UTC', hours: [{ days: ['mon'], from: '25:00', to: '07:00' }] }, 'quietHours.hours.0.from'],
] as const)('the quiet hours %j are refused at their field', async ([quietHours, path]) => {
  const { owner, channel } = await prepare(null);
  const { status, errors } = await problemOf(await owner.patch(`/api/v1/channels/${channel.id}`, { quietHours }));
  expect(status).toBe(400);
  expect(errors.map((error) => error.path)).toContain(path);
});
