import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { listPartial } from '../../../worker/db/deliveries/rests.ts';
import type { RecipientProgress } from '../../../worker/domain/delivery/recipientProgress.ts';
import { insertDelivery } from '../channels/alerting.ts';
import { billedServices } from '../database/rows.ts';

const { services, billed } = billedServices();

const recipient = (state: RecipientProgress['state']): RecipientProgress => ({
  ...{ address: 'b@example.com', state, status: 550, problem: 'No.', answer: '', triedAt: 1 },
});

const partial = JSON.stringify([{ ...recipient('delivered'), address: 'a@example.com' }, recipient('permanent')]);

/** So many messages of a dedup key, as `events` says, all of which missed a recipient. */
const seedMessages = async (dedupKey: string, events: string[]) => {
  const channel = `chn_${dedupKey}`;
  await insertDelivery({ dedupKey, channel, event: 'down', state: 'delivered' });
  await env.DB.prepare(
    `INSERT INTO deliveries (id, team_id, monitor, dedup_key, channel, round, step, state, message, created_at,
       next_attempt_at, settled_at, event, recipients)
     SELECT ?1 || key, 'team_x', 1, ?1, ?2, 0, 0, 'delivered', '{}', 1, 1, 1, value, ?4 FROM json_each(?3)`,
  )
    .bind(dedupKey, channel, JSON.stringify(events), partial)
    .run();
  await env.DB.prepare('UPDATE deliveries SET recipients = ?2 WHERE dedup_key = ?1').bind(dedupKey, partial).run();
  return { channel, number: await insertDelivery({ dedupKey, channel, event: 'reminder' }) };
};

test('the recipients who missed the start of an outage are known after thousands of reminders, at a constant price', async () => {
  const dedupKey = crypto.randomUUID();
  const { channel, number } = await seedMessages(dedupKey, Array(3000).fill('reminder'));
  billed.length = 0;
  const rows = await listPartial(services.d1, channel, { dedupKey, number });
  expect(rows[0]).toMatchObject({ event: 'down', recipients: [{ state: 'delivered' }, { state: 'permanent' }] });
  expect(rows.at(-1)?.event).toBe('reminder');
  expect(rows.length).toBeLessThanOrEqual(200);
  expect(billed.reduce((sum, { rowsRead }) => sum + rowsRead, 0)).toBeLessThan(600);
});

test('a dedup key that was closed and opened again after many reminders is read from its newest messages, each once', async () => {
  const dedupKey = crypto.randomUUID();
  const events = [...Array(500).fill('reminder'), 'recovered', 'down', ...Array(20).fill('reminder')];
  const { channel, number } = await seedMessages(dedupKey, events);
  const rows = await listPartial(services.d1, channel, { dedupKey, number });
  expect(rows.slice(-22).map(({ event }) => event)).toEqual(['recovered', 'down', ...Array(20).fill('reminder')]);
  const short = crypto.randomUUID();
  const few = await seedMessages(short, ['recovered', 'down']);
  const all = await listPartial(services.d1, few.channel, { dedupKey: short, number: few.number });
  expect(all.map(({ event }) => event)).toEqual(['down', 'recovered', 'down']);
});
