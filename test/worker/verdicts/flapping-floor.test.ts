import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { deliveriesOf, receiverFor, seedMonitor, seedWebhook } from '../channels/alerting.ts';
import { eventually } from '../support/seed.ts';
import { refOf, say } from './judged.ts';

test('a target that alternates writes seven incidents, with any check policy', async () => {
  const seeded = await seedMonitor();
  await seedWebhook(seeded.teamId, receiverFor().url);
  const { number } = refOf(seeded);
  await env.DB.prepare('UPDATE monitors SET flapping_changes = 100, flapping_within_minutes = 5 WHERE number = ?')
    .bind(number)
    .run();
  await say(seeded, 0, 'up');
  for (let times = 0; times < 20; times++) {
    await say(seeded, 0, 'down');
    await say(seeded, 0, 'up');
  }
  const row = await eventually(
    () => env.DB.prepare('SELECT verdict, flapping FROM monitors WHERE number = ?').bind(number).first(),
    (found) => found?.verdict === 'up',
  );
  expect(row).toEqual({ verdict: 'up', flapping: 1 });
  const { results } = await env.DB.prepare(
    `SELECT (SELECT count(*) FROM incidents WHERE monitor = ?1) AS incidents,
       (SELECT count(*) FROM incidents WHERE monitor = ?1 AND resolved_at IS NULL) AS open,
       (SELECT count(*) FROM verdict_changes WHERE monitor = ?1) AS changes,
       (SELECT sum(length(explanation) > 0) FROM verdict_changes WHERE monitor = ?1) AS explained`,
  )
    .bind(number)
    .all<{ incidents: number; open: number; changes: number; explained: number }>();
  expect(results[0]).toMatchObject({ incidents: 7, open: 1, changes: expect.any(Number) });
  // Twelve in an hour with their votes, and those of the outage that flaps.
  expect(results[0]?.explained).toBeLessThanOrEqual(16);
  const events = (await deliveriesOf(seeded.teamId)).map(({ event }) => event);
  expect(events.filter((event) => event === 'flapping')).toHaveLength(1);
  expect(events.length).toBeLessThanOrEqual(14);
});
