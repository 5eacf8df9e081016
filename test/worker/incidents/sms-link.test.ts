import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { segmentsOf } from '../../../worker/alerts/messages/gsm.ts';
import type { IncidentDetailView } from '../../../worker/contract/views.ts';
import { eventuallyStates, seedMonitor } from '../channels/alerting.ts';
import { bodyOf, createClient, signUp } from '../support/client.ts';
import { say } from '../verdicts/judged.ts';

/** The texts that Twilio takes from now on. */
const texts = () => {
  const sent: string[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    if (!String(input).startsWith('https://api.twilio.com/')) return fetch(input, init);
    sent.push(new URLSearchParams(String(init?.body)).get('Body') ?? '');
    return Response.json({ sid: 'SM1', status: 'queued' }, { status: 201 });
  };
  return sent;
};

const sms = {
  kind: 'twilio',
  name: 'Phone',
  settings: {
    accountSid: `AC${'0'.repeat(32)}`,
    authToken: 'x'.repeat(32),
    from: '+15017122661',
    to: '+4915112345678',
  },
};

/** A monitor of a new team is down, and its SMS has arrived. */
const seedOutage = async (sent: string[]) => {
  const owner = await signUp();
  const seeded = await seedMonitor(owner.team.id);
  expect((await owner.post('/api/v1/channels', sms)).status).toBe(201);
  const before = sent.length;
  await say(seeded, 0, 'down');
  await eventuallyStates(owner.team.id, ['down delivered']);
  const text = sent[before] ?? '';
  const [, path = ''] = /\nAcknowledge: https?:\/\/[^/]+(\/a\/\w+)$/.exec(text) ?? [];
  const { incident } = await env.DB.prepare('SELECT incident FROM deliveries WHERE team_id = ?')
    .bind(owner.team.id)
    .first<{ incident: string }>()
    .then((row) => row ?? { incident: '' });
  const acknowledgedAt = async () =>
    (await bodyOf<IncidentDetailView>(await owner.get(`/api/v1/incidents/${incident}`))).acknowledgedAt;
  return { owner, text, path, acknowledgedAt };
};

test('the link of an SMS leads to the page that acknowledges, and its button acknowledges once', async () => {
  const sent = texts();
  const mine = await seedOutage(sent);
  const other = await seedOutage(sent);
  expect(segmentsOf(mine.text)).toMatchObject({ encoding: 'gsm', segments: 2 });
  expect(mine.path).toMatch(/^\/a\/[0-9A-Za-z]{23,28}$/);
  const visitor = createClient();

  const altered = mine.path.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x'));
  expect((await visitor.post(altered)).status).toBe(403);
  // The head of one link with the signature of another.
  const mixed = mine.path.slice(0, -16) + other.path.slice(-16);
  expect((await visitor.post(mixed)).status).toBe(403);
  expect(await mine.acknowledgedAt()).toBeNull();

  const page = await visitor.get(mine.path);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('Acknowledge incident');
  expect(await mine.acknowledgedAt()).toBeNull();

  expect(await (await visitor.post(mine.path)).text()).toContain('Incident acknowledged');
  const first = await mine.acknowledgedAt();
  expect(first).not.toBeNull();
  expect(await (await visitor.post(mine.path)).text()).toContain('Incident acknowledged');
  expect(await mine.acknowledgedAt()).toBe(first);
  expect(await other.acknowledgedAt()).toBeNull();
  // The channel is notified of the acknowledgement, without a link to acknowledge.
  await eventuallyStates(mine.owner.team.id, ['down delivered', 'acknowledged delivered']);
  expect(sent.at(-1)).not.toContain('/a/');

  const day = 24 * 3_600_000;
  await env.DB.prepare('UPDATE deliveries SET created_at = created_at - ?1 WHERE team_id = ?2')
    .bind(day + 60_000, other.owner.team.id)
    .run();
  const late = await visitor.post(other.path);
  expect([late.status, await other.acknowledgedAt()]).toEqual([410, null]);
  // A database that was restored gives the number to another delivery.
  await env.DB.prepare('UPDATE deliveries SET created_at = created_at + ?1 WHERE team_id = ?2')
    .bind(day - 3_600_000, other.owner.team.id)
    .run();
  expect((await visitor.post(other.path)).status).toBe(403);
});
