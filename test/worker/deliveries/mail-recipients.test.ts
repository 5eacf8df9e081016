import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { titleOf } from '../../../worker/alerts/messages/titles.ts';
import { sendDue } from '../../../worker/alerts/outbox/sendDue.ts';
import { sweepChannels } from '../../../worker/alerts/outbox/sweepChannels.ts';
import type { Sent, Unrecorded } from '../../../worker/alerts/outbox/unrecorded.ts';
import type { ChannelView, DeliveryView, Page } from '../../../worker/contract/views.ts';
import { listOverdueChannels } from '../../../worker/db/deliveries/outbox.ts';
import { giveUpAfterMs } from '../../../worker/domain/delivery/backoff.ts';
import { insertDelivery, receiverFor, seedWebhook, statesOf } from '../channels/alerting.ts';
import { billedServices } from '../database/rows.ts';
import { bodyOf } from '../support/client.ts';
import { newRun, readable, mailedServices as services, signUpMailed } from './mailed.ts';

let owner: Awaited<ReturnType<typeof signUpMailed>>;
let teamId: string;
let run: string;
let mails: ReturnType<typeof newRun>['mails'];

beforeEach(async () => {
  owner = await signUpMailed();
  teamId = (await bodyOf<{ team: { id: string } }>(await owner.get('/api/v1/me'))).team.id;
  ({ run, mails } = newRun());
});

/** The first word of a recipient is the mail server's answer (test/smtpServer.ts). */
const addressOf = (does: string) => `${does}.${run}@example.com`;

/** The recipients who have confirmed. */
const createChannel = async (to: string[]) => {
  for (const address of to)
    await env.DB.prepare(
      "INSERT INTO recipients (team_id, address_key, address, state, created_at) VALUES (?1, ?2, ?2, 'confirmed', 0)",
    )
      .bind(teamId, address.toLowerCase())
      .run();
  const response = await owner.post('/api/v1/channels', { kind: 'email', name: 'Mail', settings: { to } });
  expect(response.status).toBe(201);
  return (await bodyOf<ChannelView>(response)).id;
};

const message = (event: string) =>
  JSON.stringify({
    ...{ event, about: 'down', since: 1_795_000_000_000, at: 1_795_000_000_000, standing: null, durationMs: null },
    ...{ why: 'Because.', regions: [], acknowledgedBy: null, teamName: 'Team', timeZone: 'UTC' },
    monitor: { id: 'mon_x', name: 'Shop', url: 'https://shop.example/' },
  });

const notify = async (channel: string, event = 'down', said = event) => {
  const number = await insertDelivery({ teamId, channel, event, dedupKey: `dedupKey-${run}` });
  await env.DB.prepare('UPDATE deliveries SET message = ?2 WHERE number = ?1').bind(number, message(said)).run();
  return number;
};

/** So much later. */
const at = (ms: number) => ({ ...services, now: () => Date.now() + ms });
const send = (channel: string, laterMs = 0) => sendDue(at(laterMs), channel, 'run_test');
const later = 40 * 60_000;

/** Those who got a mail, in order, by the first word. */
const reached = async () => (await mails()).map(({ to }) => to[0]?.split('.')[0]);

const deliveries = async () => (await bodyOf<Page<DeliveryView>>(await owner.get('/api/v1/deliveries'))).data;
const missedOf = (delivery: DeliveryView | undefined) =>
  delivery?.missedRecipients.map(({ address, state }) => [address.split('.')[0], state]);
const channelOf = async (id: string) => bodyOf<ChannelView>(await owner.get(`/api/v1/channels/${id}`));
/** How many mails the team has used of the UTC day of this time. */
const usedMails = (time: number) =>
  env.DB.prepare("SELECT used FROM team_allowances WHERE team_id = ? AND name = 'emailsPerDay' AND period_start = ?")
    .bind(teamId, Math.floor(time / dayMs) * dayMs)
    .first<number>('used');

const dayMs = 86_400_000;
/** How far ahead to begin (ms), so that what is counted by UTC day lies within one. */
const withinADay = (neededMs: number) => {
  const left = dayMs - (Date.now() % dayMs);
  return left > neededMs + 600_000 ? 0 : left + 1_000;
};

test('of an accepted, a greylisted and a refused recipient, the second attempt reaches only the greylisted one', async () => {
  const channel = await createChannel([addressOf('accept'), addressOf('once'), addressOf('refuse')]);
  const begin = withinADay(2 * later);
  await notify(channel);
  const againAt = await send(channel, begin);
  expect(againAt).not.toBeNull();
  expect(await reached()).toEqual(['accept']);
  let [delivery] = await deliveries();
  expect(delivery).toMatchObject({ state: 'delivered', recipientsRetryAt: expect.any(String), attemptCount: 1 });
  expect(delivery?.missedRecipients).toEqual([
    {
      ...{ address: addressOf('once'), state: 'retrying' },
      problem: 'The mail server asks to wait (450 4.2.0).',
      answer: '450 4.2.0 greylisted, try again later',
    },
    {
      ...{ address: addressOf('refuse'), state: 'failed' },
      problem: 'The mailbox does not exist (550 5.1.1). Correct or remove the address.',
      answer: '550 5.1.1 no such user',
    },
  ]);
  expect((await channelOf(channel)).failing).toMatchObject({
    problem: `${addressOf('refuse')}: The mailbox does not exist (550 5.1.1). Correct or remove the address.`,
  });
  await send(channel, begin + later);
  expect(await reached()).toEqual(['accept', 'once']);
  [delivery] = await deliveries();
  expect(delivery).toMatchObject({ state: 'delivered', recipientsRetryAt: null, attemptCount: 2 });
  expect(missedOf(delivery)).toEqual([['refuse', 'failed']]);
  await send(channel, begin + 2 * later);
  expect(await reached()).toEqual(['accept', 'once']);
  // The refused one counts, the greylisted attempt does not.
  expect(await usedMails(Date.now() + begin)).toBe(3);
});

test('where nobody has it yet, only those who were not refused are tried again', async () => {
  const channel = await createChannel([addressOf('once'), addressOf('refuse')]);
  await notify(channel);
  await send(channel);
  let [delivery] = await deliveries();
  expect(delivery).toMatchObject({ state: 'waiting', nextAttemptAt: expect.any(String) });
  expect(missedOf(delivery)).toEqual([
    ['once', 'retrying'],
    ['refuse', 'failed'],
  ]);
  await send(channel, later);
  [delivery] = await deliveries();
  expect(delivery).toMatchObject({ state: 'delivered', attemptCount: 2 });
  expect(delivery?.attempts.at(-1)?.answer).not.toContain('550');
  expect(missedOf(delivery)).toEqual([['refuse', 'failed']]);
});

test('where all are refused, it fails', async () => {
  const channel = await createChannel([addressOf('refuse'), addressOf('policy')]);
  await notify(channel);
  await send(channel);
  const [delivery] = await deliveries();
  expect(delivery).toMatchObject({ state: 'failed', attemptCount: 1 });
  expect(delivery?.attempts[0]?.problem).toContain(addressOf('policy'));
});

test('a recipient who is greylisted all day fails, and the channel counts as failing then, not before', async () => {
  const channel = await createChannel([addressOf('accept'), addressOf('greylist')]);
  await notify(channel);
  await send(channel);
  await send(channel, later);
  expect((await channelOf(channel)).failing).toBeNull();
  await send(channel, giveUpAfterMs + later);
  const [delivery] = await deliveries();
  expect(delivery).toMatchObject({ state: 'delivered', recipientsRetryAt: null });
  expect(delivery?.missedRecipients[0]).toMatchObject({
    state: 'failed',
    problem: /^Failed after 24 hours of retries\./,
  });
  expect((await channelOf(channel)).failing?.problem).toContain(addressOf('greylist'));
  expect(await reached()).toEqual(['accept']);
});

test('a late recipient delays nobody, and is notified of the end after the problem', async () => {
  const channel = await createChannel([addressOf('accept'), addressOf('once')]);
  await notify(channel);
  await send(channel);
  await notify(channel, 'recovered', 'up');
  await send(channel);
  expect(await reached()).toEqual(['accept', 'accept']);
  // Each pass tries the first that is due of a dedup key.
  for (let pass = 1; pass <= 3; pass++) await send(channel, pass * later);
  const subjects = (await mails()).map(({ data }) => readable(data).match(/(Down|Recovered):_Shop/)?.[1]);
  expect(subjects).toEqual(['Down', 'Recovered', 'Down', 'Recovered']);
  expect(await reached()).toEqual(['accept', 'accept', 'once', 'once']);
  expect(await deliveries()).toMatchObject([{ missedRecipients: [] }, { missedRecipients: [] }]);
});

test('a recipient who was refused the problem is not notified of its end', async () => {
  const channel = await createChannel([addressOf('accept'), addressOf('refusedata')]);
  await notify(channel);
  await send(channel);
  await notify(channel, 'recovered', 'up');
  await send(channel);
  const [end] = await deliveries();
  expect(end).toMatchObject({
    state: 'delivered',
    missedRecipients: [{ state: 'suppressed', problem: expect.stringContaining('did not get') }],
  });
});

test('a recipient who was removed, or has not confirmed any more, gets no further messages', async () => {
  const channel = await createChannel([addressOf('accept'), addressOf('once'), addressOf('greylist')]);
  await notify(channel);
  await send(channel);
  await owner.patch(`/api/v1/channels/${channel}`, { settings: { to: [addressOf('accept'), addressOf('once')] } });
  await env.DB.prepare("UPDATE recipients SET state = 'refused' WHERE address = ?").bind(addressOf('once')).run();
  await send(channel, later);
  expect(await reached()).toEqual(['accept']);
  const [delivery] = await deliveries();
  expect(delivery).toMatchObject({ recipientsRetryAt: null });
  expect(delivery?.missedRecipients.map(({ state }) => state)).toEqual(['suppressed', 'suppressed']);
});

test('with its channel the rest ends', async () => {
  const channel = await createChannel([addressOf('accept'), addressOf('greylist')]);
  await notify(channel);
  await send(channel);
  await owner.delete(`/api/v1/channels/${channel}`);
  expect(await send(channel, later)).toBeNull();
  expect(await listOverdueChannels(env.DB, Date.now() + 2 * later)).not.toContain(channel);
});

test('a rest that nobody tries wakes its channel, and quiet hours hold it', async () => {
  const channel = await createChannel([addressOf('accept'), addressOf('once')]);
  await notify(channel);
  await send(channel);
  expect(await listOverdueChannels(env.DB, Date.now() + later)).toContain(channel);
  const all = { from: '00:00', to: '24:00', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] };
  const quiet = { timeZone: 'UTC', hours: [{ ...all, from: '00:00', to: '23:59' }], exceptCritical: false };
  await owner.patch(`/api/v1/channels/${channel}`, { quietHours: quiet });
  const noon = Math.ceil((Date.now() + later) / dayMs) * dayMs + 43_200_000 - Date.now();
  const until = await send(channel, noon);
  expect(await reached()).toEqual(['accept']);
  expect(until).toBeGreaterThan(Date.now() + noon);
});

test('an attempt that the database did not take is recorded later, and nobody is sent it twice', async () => {
  const channel = await createChannel([addressOf('accept'), addressOf('once')]);
  const kept = new Map<number, Sent>();
  const unrecorded: Unrecorded = {
    get: async (number) => kept.get(number),
    put: async (number, sent) => void kept.set(number, sent),
    delete: async (number) => void kept.delete(number),
  };
  await notify(channel);
  const full = async () => {
    throw new Error('D1_ERROR: Exceeded maximum DB size');
  };
  const broken = new Proxy(services.d1, {
    get: (d1, name) => (name === 'batch' ? full : (Reflect.get(d1, name, d1) as () => void).bind(d1)),
  });
  await expect(sendDue({ ...services, d1: broken }, channel, 'run_test', unrecorded)).rejects.toThrow('maximum');
  expect(kept.size).toBe(1);
  await sendDue(at(60_000), channel, 'run_test', unrecorded);
  await expect(sendDue({ ...at(later), d1: broken }, channel, 'run_test', unrecorded)).rejects.toThrow('maximum');
  await sendDue(at(2 * later), channel, 'run_test', unrecorded);
  expect(kept.size).toBe(0);
  expect(await reached()).toEqual(['accept', 'once']);
  expect(await deliveries()).toMatchObject([{ state: 'delivered', missedRecipients: [], recipientsRetryAt: null }]);
});

test('a reminder that was suppressed, because the outage ended while it was retried, keeps the end from nobody', async () => {
  // Both get the outage; then one is greylisted, and the other refused.
  const [late, full] = [addressOf('once'), addressOf('refuse')];
  const channel = await createChannel([late, full]);
  const notified = await insertDelivery({
    teamId,
    channel,
    event: 'down',
    dedupKey: `dedupKey-${run}`,
    state: 'delivered',
  });
  await env.DB.prepare('UPDATE deliveries SET message = ?2 WHERE number = ?1').bind(notified, message('down')).run();
  await notify(channel, 'reminder');
  await send(channel);
  expect(await statesOf(teamId)).toEqual(['down delivered', 'reminder waiting']);
  await notify(channel, 'recovered', 'up');
  await send(channel);
  await send(channel, later);
  expect(await statesOf(teamId)).toEqual(['down delivered', 'reminder suppressed', 'recovered delivered']);
  expect(await reached()).toEqual(['once']);
  const [end] = await deliveries();
  expect(end).toMatchObject({ recipientsRetryAt: null, missedRecipients: [{ address: full, state: 'failed' }] });
});

test('a recipient who got the problem late is notified of its end, although another one is still pending', async () => {
  const channel = await createChannel([addressOf('accept'), addressOf('once'), addressOf('greylist')]);
  await notify(channel);
  await send(channel);
  await notify(channel, 'recovered', 'up');
  await send(channel);
  for (let pass = 1; pass <= 2; pass++) await send(channel, later);
  expect(await reached()).toEqual(['accept', 'accept', 'once', 'once']);
  const subjects = (await mails()).map(({ data }) => readable(data).match(/(Down|Recovered):_Shop/)?.[1]);
  expect(subjects).toEqual(['Down', 'Recovered', 'Down', 'Recovered']);
  expect((await deliveries()).map(missedOf)).toEqual([[['greylist', 'retrying']], [['greylist', 'retrying']]]);
});

test('a late recipient is notified of an outage that begins again after the end of the one before', async () => {
  const channel = await createChannel([addressOf('accept'), addressOf('once')]);
  for (const event of ['down', 'recovered', 'flapping']) {
    await notify(channel, event, event === 'recovered' ? 'up' : 'down');
    await send(channel);
  }
  expect(await reached()).toEqual(['accept', 'accept', 'accept']);
  for (let pass = 1; pass <= 3; pass++) await send(channel, pass * later);
  const late = (await mails()).filter(({ to }) => to[0] === addressOf('once'));
  const subjects = late.map(({ data }) => readable(data).match(/(Down|Recovered):_Shop/)?.[1]);
  expect(subjects).toEqual(['Down', 'Recovered', 'Down']);
});

test('many rests at once do not keep back an alert that comes while they are tried', async () => {
  const late = addressOf('accept').replace('@', '@late.');
  const channel = await createChannel([addressOf('accept'), late]);
  const progress = JSON.stringify([
    { address: addressOf('accept'), state: 'delivered', status: 250, problem: null, answer: '', triedAt: 1 },
    { address: late, state: 'transient', status: 450, problem: 'Later.', answer: '', triedAt: 1 },
  ]);
  for (let i = 0; i < 8; i++) {
    const rest = { teamId, channel, dedupKey: `rest-${i}-${run}`, event: 'down' };
    const number = await insertDelivery({ ...rest, state: 'delivered' });
    await env.DB.prepare(
      'UPDATE deliveries SET message = ?2, recipients = ?3, rest_due_at = 1, tried_since = ?4 WHERE number = ?1',
    )
      .bind(number, message('down'), progress, Date.now())
      .run();
  }
  expect(await send(channel)).toBeLessThanOrEqual(Date.now());
  expect(await reached()).toHaveLength(6);
  await notify(channel, 'down', 'reminder');
  await send(channel);
  const subjects = (await mails()).map(({ data }) => readable(data).match(/(Down|Still_down):_Shop/)?.[1]);
  expect(subjects.slice(6).toSorted()).toEqual(['Down', 'Down', 'Still_down', 'Still_down']);
  expect(subjects.slice(6, 8)).toEqual(['Still_down', 'Still_down']);
});

test('two at once bring the rest once', async () => {
  const channel = await createChannel([addressOf('accept'), addressOf('once')]);
  await notify(channel);
  await send(channel);
  await Promise.all([send(channel, later), send(channel, later)]);
  expect(await reached()).toEqual(['accept', 'once']);
});

test('a message that reaches all of its recipients costs no row more than before', async () => {
  const channel = await createChannel([addressOf('accept'), addressOf('accept').replace('@', '@mail.')]);
  await notify(channel);
  const { services: counted, rowsWritten } = billedServices();
  await sendDue({ ...services, d1: counted.d1 }, channel, 'run_test');
  const row = await env.DB.prepare('SELECT recipients, rest_due_at AS rest FROM deliveries WHERE channel = ?')
    .bind(channel)
    .first();
  expect(row).toEqual({ recipients: null, rest: null });
  expect(await reached()).toHaveLength(2);
  expect(rowsWritten()).toBeLessThanOrEqual(20);
});

test('a refused recipient is reported once through another channel that works', async () => {
  const channel = await createChannel([addressOf('accept'), addressOf('refuse')]);
  const { url } = receiverFor();
  await seedWebhook(teamId, url, { join: false });
  await notify(channel);
  await send(channel);
  await sweepChannels(services);
  await sweepChannels(services);
  expect((await statesOf(teamId)).filter((state) => state.startsWith('channel-failing'))).toHaveLength(1);
  const titled = await env.DB.prepare("SELECT message FROM deliveries WHERE team_id = ? AND event = 'channel-failing'")
    .bind(teamId)
    .first<string>('message');
  expect(titleOf(JSON.parse(titled ?? ''))).toBe('Alerts do not reach all recipients: Mail');
});

test('an end without the recipients that the problem missed does not count as reaching them again', async () => {
  const channel = await createChannel([addressOf('accept'), addressOf('refuse')]);
  const { url } = receiverFor();
  await seedWebhook(teamId, url, { join: false });
  await notify(channel);
  await send(channel);
  await sweepChannels(services);
  await notify(channel, 'recovered', 'up');
  await send(channel);
  await sweepChannels(services);
  expect((await channelOf(channel)).failing).not.toBeNull();
  expect((await statesOf(teamId)).filter((state) => state.startsWith('channel-working'))).toEqual([]);
});

test('a test names those whom it did not reach', async () => {
  const channel = await createChannel([addressOf('accept'), addressOf('refuse')]);
  const result = await bodyOf(await owner.post(`/api/v1/channels/${channel}/test`));
  expect(result).toMatchObject({
    state: 'delivered',
    problem: `${addressOf('refuse')}: The mailbox does not exist (550 5.1.1). Correct or remove the address.`,
  });
});
