import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { sendDue } from '../../../worker/alerts/outbox/sendDue.ts';
import { deliveriesOf, receiverFor, seedWebhook } from '../channels/alerting.ts';
import { seedCohort, services } from '../support/seed.ts';
import { watchDatabase } from '../verdicts/steps.ts';

const count = 10_000;

/** The statements since the last call: how many, and the longest answer to one, in characters of JSON. */
const asked = { statements: 0, longest: 0 };

beforeAll(() => {
  watchDatabase(async (_, run) => {
    const answer = await run();
    asked.statements++;
    asked.longest = Math.max(asked.longest, JSON.stringify(answer ?? null).length);
    return answer;
  });
});

/** As many monitors' objects wrote it in one minute: all are down, with names as long as names can be. */
const seed = async () => {
  const { teamId, monitors } = await seedCohort({ urls: ['https://example.com/'] });
  const { url, received } = receiverFor();
  const { id: channelId } = await seedWebhook(teamId, url);
  const at = Date.now() - 1_000;
  const monitor = { id: 'mon', name: 'N'.repeat(200), url: 'https://example.com/' };
  const notified = { event: 'down', monitor, since: at, at, standing: 'down', durationMs: null, why: 'W'.repeat(300) };
  const message = { ...notified, regions: [], acknowledgedBy: null, teamName: 'T', timeZone: 'UTC' };
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, resolved_at, reason, evidence)
       ${numbers} SELECT ?1 || i, ?1, ?2, ?3 + i, ?3 + i, ?3 + i, 'refused', '[]' FROM n`,
    ).bind(teamId, monitors[0]?.number, at),
    env.DB.prepare(
      `INSERT INTO deliveries (id, team_id, monitor, dedup_key, incident, channel, event, round, step, state, message,
         created_at, next_attempt_at)
       ${numbers} SELECT ?1 || i || ':down', ?1, ?2, ?1 || i, ?1 || i, ?3, 'down', 0, 0, 'waiting', ?4, ?5, ?5 FROM n`,
    ).bind(teamId, monitors[0]?.number, channelId, JSON.stringify(message), at),
  ]);
  return { teamId, channelId, received };
};

const passMinutes = (teamId: string) =>
  env.DB.prepare(
    'UPDATE deliveries SET tried_at = tried_at - 120000, created_at = created_at - 120000 WHERE team_id = ?',
  )
    .bind(teamId)
    .run();

test('ten thousand outages at once are two messages of a bounded size, by bounded statements, and all in the record', async () => {
  const { teamId, channelId, received } = await seed();
  for (let minute = 0; minute < 2; minute++) {
    Object.assign(asked, { statements: 0, longest: 0 });
    // One turn folds, the next sends, and the one after finds that it has to wait.
    for (let turn = 0; turn < 3; turn++) await sendDue(services, channelId, 'run_test');
    expect(asked.statements).toBeLessThan(60);
    expect(asked.longest).toBeLessThan(500_000);
    await passMinutes(teamId);
  }
  const requests = await received();
  expect(requests.map(({ body }) => body.digest.alerts)).toEqual([5_000, 5_000]);
  expect(new Set(requests.map(({ body }) => body.digest.id)).size).toBe(1);
  expect(requests[1]?.body.digest.stillDown).toBe(count);
  expect(requests[1]?.body.text).toContain('and 4,980 more');
  for (const { text } of requests) expect(text.length).toBeLessThan(32_000);
  const alerts = (await deliveriesOf(teamId)).filter(({ event }) => event !== 'digest');
  expect(alerts).toHaveLength(count);
  expect(alerts.every(({ state }) => state === 'delivered')).toBe(true);
  const notified = env.DB.prepare(
    `SELECT count(*) AS n FROM incident_events AS e JOIN incidents AS i ON i.id = e.incident
     WHERE i.team_id = ? AND e.kind = 'notified'`,
  ).bind(teamId);
  expect(await notified.first('n')).toBe(count);
});
