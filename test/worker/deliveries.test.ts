import { env } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { expect, inject, test } from 'vitest';
import { receiverFor, seedWebhook, signingSecret, statesOf } from './alerting.ts';
import { say, timelineOf } from './judged.ts';
import { eventually, seedCohort } from './seed.ts';

const seedMonitor = async () => {
  const seeded = await seedCohort({ urls: [`${inject('target')}/`], createdAt: Date.now() - 60_000 });
  await env.DB.prepare('UPDATE monitors SET confirmations = 1, recovery_confirmations = 1 WHERE cohort = ?')
    .bind(seeded.cohort)
    .run();
  return seeded;
};

test('an outage is told by a signed webhook, its end after it, and both are in the timeline', async () => {
  const seeded = await seedMonitor();
  const { url, received } = receiverFor();
  await seedWebhook(seeded.teamId, url);
  await say(seeded, 0, 'down');
  await say(seeded, 0, 'up');
  await eventually(
    () => statesOf(seeded.teamId),
    (states) => states.filter((s) => s.endsWith('delivered')).length === 2,
  );
  const requests = await received();
  expect(requests.map(({ body }) => body.type)).toEqual(['alert.down', 'alert.up']);
  for (const { headers, text } of requests)
    expect(() => new Webhook(signingSecret).verify(text, headers)).not.toThrow();
  expect((await timelineOf(seeded)).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['alert', 'told']));
});
