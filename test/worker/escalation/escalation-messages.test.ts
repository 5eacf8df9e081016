import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { readEscalationContext } from '../../../worker/db/escalation/escalationContext.ts';
import { outcomeOf } from '../../outcome.ts';
import { eventuallyStates, hurry, pass, receiverFor, seedMonitor, seedWebhook } from '../channels/alerting.ts';
import { signUp } from '../support/client.ts';
import { eventually, type Seeded, services } from '../support/seed.ts';
import { refOf } from '../verdicts/judged.ts';
import { layerOf, type Owner, seedOwnHook, seedPerson, seedSchedule, setSteps, wallIn } from './onCall.ts';

const hour = 3_600_000;

/** Answered with HTTP 503 and a page. */
const fail = (seeded: Seeded) =>
  services.monitor(refOf(seeded).id).observe(
    refOf(seeded),
    {
      ...outcomeOf('weur', Date.now(), 'down'),
      ...{ reason: 'status', status: 503 },
      answer: { headers: [], body: '<html><title>503 Service Unavailable</title>', cut: false },
    },
    0,
    'run_test',
  );

const renameChannel = (id: string, name: string) =>
  env.DB.prepare('UPDATE channels SET name = ?2 WHERE id = ?1').bind(id, name).run();

/** First the chat, after five minutes the person on call, after ten the boss. */
const seedSteps = async (owner: Owner) => {
  const [chat, phone, boss] = [receiverFor(), receiverFor(), receiverFor()];
  const chatId = await seedOwnHook(owner, chat.url);
  const bossId = await seedOwnHook(owner, boss.url);
  await renameChannel(chatId, '#ops');
  await renameChannel(bossId, 'Boss');
  const ada = await seedPerson(owner, 'Ada', [await seedOwnHook(owner, phone.url)]);
  const nights = await seedSchedule(owner, 'Nights', [layerOf([ada.id], { startsAt: wallIn(-hour) })]);
  await setSteps(owner, [
    { targets: [{ type: 'channel', id: chatId }] },
    { afterSeconds: 300, targets: [{ type: 'onCall', id: nights.id }] },
    { afterSeconds: 600, targets: [{ type: 'channel', id: bossId }] },
  ]);
  return { chat, phone, boss };
};

const seedOutage = async () => {
  const owner = await signUp();
  const receivers = await seedSteps(owner);
  const teamId = owner.team.id;
  const seeded = await seedMonitor(teamId);
  await env.DB.prepare(`UPDATE monitors SET tags = '["shop","production"]' WHERE id = ?`).bind(refOf(seeded).id).run();
  await fail(seeded);
  await eventuallyStates(teamId, ['down delivered']);
  return { owner, teamId, seeded, monitorId: refOf(seeded).id, ...receivers };
};

test('each step says what happened, which step it is, who was notified before and who is next', async () => {
  const { teamId, monitorId, chat, phone, boss } = await seedOutage();
  const bodyFor = async ({ received }: typeof chat) => (await received()).at(-1)?.body;

  const first = await bodyFor(chat);
  expect(first.title).toMatch(/^Down: .+, HTTP 503$/);
  expect(first).toMatchObject({
    ...{ cause: 'HTTP 503', answer: '503 Service Unavailable' },
    monitor: { tags: ['shop', 'production'] },
    escalation: {
      step: 1,
      steps: 3,
      round: 1,
      rounds: 1,
      notified: [],
      next: { recipients: ['Ada, on call in Nights'] },
    },
  });
  expect(Date.parse(first.escalation.next.at) - Date.parse(first.timestamp)).toBe(300_000);
  expect(first.text).toMatch(/Next: At \d\d:\d\d, unless acknowledged: Ada, on call in Nights\n/);

  await pass(monitorId, 300);
  await eventuallyStates(teamId, ['down delivered', 'down delivered']);
  const second = await bodyFor(phone);
  expect(second.title).toMatch(/^Escalated \(step 2 of 3\): .+ is down, HTTP 503$/);
  expect(second).toMatchObject({
    answer: '503 Service Unavailable',
    escalation: {
      step: 2,
      notified: [{ channel: '#ops', kind: 'Webhook', person: null, state: 'delivered', at: first.timestamp }],
      next: { recipients: ['Boss'] },
    },
  });
  expect(second.text).toMatch(/Notified earlier: #ops \(Webhook\) at \d\d:\d\d/);

  await pass(monitorId, 300);
  await eventuallyStates(teamId, ['down delivered', 'down delivered', 'down delivered']);
  const third = await bodyFor(boss);
  expect(third.escalation).toMatchObject({
    step: 3,
    notified: [
      { channel: '#ops', person: null },
      { channel: 'Hook', person: 'Ada, on call in Nights', state: 'delivered' },
    ],
    next: { at: null, recipients: null },
  });
  expect(third.text).toContain('Next: Last step: no further notifications');
});

test('an answer without a body does not hide what another region was answered', async () => {
  const { teamId } = await seedOutage();
  const incidentId = await env.DB.prepare('SELECT id FROM incidents WHERE team_id = ?')
    .bind(teamId)
    .first<string>('id');
  await env.DB.prepare(
    `INSERT INTO incident_events (incident, at, kind, key, detail)
     SELECT incident, at + 1, kind, 'enam', json_set(detail, '$.evidence.answer.body', ' ')
     FROM incident_events WHERE incident = ? AND kind = 'evidence'`,
  )
    .bind(incidentId)
    .run();
  const asked = { teamId, incidentId: incidentId ?? '', at: Date.now() + hour, upcoming: null };
  expect((await readEscalationContext(env.DB, asked)).answer).toContain('503 Service Unavailable');
});

test('a later retry sends the same message, whatever was delivered since', async () => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const [slow, flaky] = [receiverFor({ does: 'answer', status: 503 }), receiverFor({ does: 'answer', status: 503 })];
  const a = await seedWebhook(teamId, slow.url);
  const b = await seedWebhook(teamId, flaky.url);
  await setSteps(owner, [
    { targets: [{ type: 'channel', id: a.id }] },
    { afterSeconds: 300, targets: [{ type: 'channel', id: b.id }] },
  ]);
  const seeded = await seedMonitor(teamId);
  await fail(seeded);
  await eventually(slow.received, (all) => all.length === 1);
  await pass(refOf(seeded).id, 300);
  await eventually(flaky.received, (all) => all.length === 1);
  await env.DB.prepare(`UPDATE deliveries SET state = 'delivered', settled_at = ?2 WHERE team_id = ?1 AND channel = ?3`)
    .bind(teamId, Date.now(), a.id)
    .run();
  await hurry(teamId);
  const [one, again] = (await eventually(flaky.received, (all) => all.length === 2)).map(({ text }) => text);
  expect(JSON.parse(one ?? '').escalation.notified).toMatchObject([{ channel: 'Hook', state: 'trying' }]);
  expect(again).toBe(one);
});

test('a message that an earlier version stored is sent, with everything that is known of it', async () => {
  const { teamId, monitorId, phone } = await seedOutage();
  await env.DB.prepare(
    `CREATE TRIGGER older AFTER INSERT ON deliveries WHEN new.team_id = '${teamId}' BEGIN
       UPDATE deliveries SET message = json_remove(message, '$.cause', '$.tags', '$.step', '$.upcoming', '$.counted')
       WHERE number = new.number; END`,
  ).run();
  await pass(monitorId, 300);
  await eventuallyStates(teamId, ['down delivered', 'down delivered']);
  await env.DB.prepare('DROP TRIGGER older').run();
  const body = (await phone.received())[0]?.body;
  expect(body.title).toMatch(/^Down: .+, HTTP 503$/);
  expect(body).toMatchObject({
    ...{ cause: 'HTTP 503', answer: '503 Service Unavailable', monitor: { tags: [] } },
    escalation: { step: null, notified: [{ channel: '#ops' }], next: { at: null, recipients: null } },
  });
  expect(body.text).not.toContain('Next:');
});

test('no message names the channels or people of another team', async () => {
  const { owner, seeded, teamId, monitorId, phone } = await seedOutage();
  const stranger = await signUp();
  const { id } = await seedWebhook(stranger.team.id, receiverFor().url);
  await renameChannel(id, 'Secret of strangers');
  // As if a row of another team had come to lie in this incident.
  await env.DB.prepare(
    `INSERT INTO deliveries (id, team_id, monitor, dedup_key, incident, channel, event, round, step, state, message, created_at, next_attempt_at, settled_at)
     SELECT 'stranger', ?2, monitor, 'inc_other', incident, ?3, 'down', 0, 0, 'delivered', '{}', created_at, 0, created_at
     FROM deliveries WHERE team_id = ?1`,
  )
    .bind(teamId, stranger.team.id, id)
    .run();
  expect(refOf(seeded).teamId).toBe(owner.team.id);
  await pass(monitorId, 300);
  await eventuallyStates(teamId, ['down delivered', 'down delivered']);
  expect((await phone.received())[0]?.text).not.toContain('strangers');
});
