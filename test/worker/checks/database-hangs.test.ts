import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, expect, inject, test } from 'vitest';
import { gathererName } from '../../../worker/checks/regions/proberName.ts';
import { statementWithinMs } from '../../../worker/db/core/deadline.ts';
import { deliveriesOf, receiverFor, seedMonitor, seedWebhook } from '../channels/alerting.ts';
import { bodyOf, createClient, signUp } from '../support/client.ts';
import { eventually, messageFor, readTicks, services } from '../support/seed.ts';
import { refOf, say } from '../verdicts/judged.ts';
import { watchDatabase } from '../verdicts/steps.ts';

/** A database that does not answer statements, whether it carries them out or not. D1 itself has no limit that a caller could set. */
let hangs: (query: string) => boolean | 'though done' = () => false;
/** When the first statement of a test hung, ms since the epoch. */
let hungAt = Number.POSITIVE_INFINITY;

beforeAll(() => {
  watchDatabase(
    async ({ query }, run) => {
      const how = hangs(query);
      if (!how) return run();
      hungAt = Math.min(hungAt, Date.now());
      if (how === 'though done') await run();
      return new Promise(() => {});
    },
    { drizzleReads: true },
  );
});

afterEach(() => {
  hangs = () => false;
  hungAt = Number.POSITIVE_INFINITY;
});

const longer = statementWithinMs + 30_000;

test('while D1 takes no ticks an outage is judged at once, and the ticks are held until it does', async () => {
  const seeded = await seedMonitor();
  await env.DB.prepare(`UPDATE monitors SET settings = json_set(settings, '$.url', ?2) WHERE cohort = ?1`)
    .bind(seeded.cohort, `${inject('target')}/status/500`)
    .run();
  hangs = (query) => query.includes('INTO tick_batches');
  await services.queue('weur').send(messageFor(seeded));
  const incidents = () =>
    env.DB.prepare('SELECT detected_at FROM incidents WHERE team_id = ?')
      .bind(seeded.teamId)
      .first<number>('detected_at');
  const detectedAt = await eventually(incidents, (at) => at !== null);
  expect(detectedAt).toBeLessThan(hungAt + statementWithinMs);
  const prober = services.prober('weur', gathererName(services, { cohort: seeded.cohort, lane: 'normal' }));
  const held = () =>
    runInDurableObject(prober, async (_, { storage }) => (await storage.list({ prefix: `held:` })).size);
  await eventually(held, (count) => count > 0, longer);
  const regular = async () => (await readTicks(seeded.cohort)).filter(({ lane }) => lane === 'normal');
  expect(await regular()).toEqual([]);
  hangs = () => false;
  await eventually(
    async () => {
      await runDurableObjectAlarm(prober);
      return regular();
    },
    (ticks) => ticks.length === 1,
  );
});

test('requests are answered while the database hangs: problems, pages and /healthz say so', async () => {
  const owner = await signUp();
  hangs = () => true;
  const visitor = createClient();
  const [read, change, page, health] = await Promise.all([
    owner.get('/api/v1/monitors'),
    owner.post('/api/v1/escalation-policies', { name: 'Nights' }),
    visitor.get('/status/some-page'),
    visitor.get('/healthz'),
  ]);
  for (const [answer, says] of [
    [read, /responds too slowly\. Try again in a few seconds\.$/],
    [change, /The change may have been saved\. Check before you repeat it\.$/],
  ] as const) {
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('retry-after')).toBe('10');
    expect(await bodyOf(answer)).toMatchObject({ code: 'unavailable', detail: expect.stringMatching(says) });
  }
  expect(page.status).toBe(503);
  expect(health.status).toBe(503);
  expect(await bodyOf(health)).toMatchObject({
    status: 'failing',
    checks: { database: { ok: false }, dispatch: { ok: false }, storage: { ok: false } },
  });
});

test('a decision whose answer never came is written again, and nobody is notified twice', async () => {
  const seeded = await seedMonitor();
  const hook = receiverFor();
  await seedWebhook(seeded.teamId, hook.url);
  await say(seeded, 0, 'up');
  let lost = 0;
  hangs = (query) => query.includes('UPDATE monitors SET verdict') && lost++ === 0 && 'though done';
  await say(seeded, 0, 'down');
  await eventually(
    async () => {
      await runDurableObjectAlarm(services.monitor(refOf(seeded).id));
      return deliveriesOf(seeded.teamId);
    },
    (all) => all.some(({ state }) => state === 'delivered'),
  );
  expect(lost).toBe(2);
  expect(await deliveriesOf(seeded.teamId)).toMatchObject([{ event: 'down', state: 'delivered', tries: 1 }]);
  expect((await hook.received()).map(({ body }) => body.event)).toEqual(['down']);
  const incidents = env.DB.prepare('SELECT count(*) AS count FROM incidents WHERE team_id = ?').bind(seeded.teamId);
  expect(await incidents.first('count')).toBe(1);
});
