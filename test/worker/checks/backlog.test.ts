import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, expect, test } from 'vitest';
import type { Batch } from '../../../worker/checks/pipeline/batch.ts';
import { newId } from '../../../worker/ids.ts';
import { outcomeOf } from '../../outcome.ts';
import { bodyOf, createClient } from '../support/client.ts';
import { eventually, services } from '../support/seed.ts';

const region = 'weur';

/** D1 itself refuses these batches, permanently. */
const refuse = (cohorts: string) =>
  env.DB.exec(
    `CREATE TRIGGER refuses BEFORE INSERT ON tick_batches WHEN ${cohorts} BEGIN SELECT RAISE(ABORT, 'not this batch'); END`,
  );

afterEach(async () => {
  await env.DB.exec('DROP TRIGGER IF EXISTS refuses');
  await env.DB.exec('DELETE FROM dead_letters');
});

let cohorts = 900_000;

const seed = async (count: number) => {
  const prober = services.prober(region, `backlog:${newId('run')}`);
  const slot = Date.now();
  const own = Array.from({ length: count }, () => ++cohorts);
  for (const cohort of own) {
    const batch: Batch = { correlationId: 'run_test', cohort, intervalSeconds: 30, region, slot, lane: 'normal' };
    await prober.hold(batch, [{ monitor: cohort, outcome: outcomeOf(region, slot) }]);
  }
  const stored = async () => {
    const { results } = await env.DB.prepare('SELECT cohort FROM tick_batches WHERE cohort BETWEEN ?1 AND ?2')
      .bind(own[0], own.at(-1))
      .all<{ cohort: number }>();
    return results.map(({ cohort }) => cohort);
  };
  const held = () =>
    runInDurableObject(prober, async (_, { storage }) => {
      const line = await storage.list({ prefix: 'held:' });
      const refused = await storage.list({ prefix: 'refused:' });
      return { line: line.size, refused: refused.size, alarm: (await storage.getAlarm()) !== null };
    });
  /** Alarms, without their pauses, until it is so. */
  const flushUntil = (fits: (now: { line: number; refused: number; stored: number }) => boolean) =>
    eventually(async () => {
      await runDurableObjectAlarm(prober);
      const { line, refused } = await held();
      return { line, refused, stored: (await stored()).length };
    }, fits);
  return { own, prober, stored, held, flushUntil };
};

test('a batch that D1 refuses permanently delays none behind it, is counted, and is written once D1 accepts it', async () => {
  const { own, stored, held, flushUntil } = await seed(45);
  const refused = [own[1], own[2], own[44]];
  await refuse(`NEW.cohort IN (${refused.join()})`);
  await flushUntil((now) => now.line === 0);
  expect(await stored()).toEqual(own.filter((cohort) => !refused.includes(cohort)));
  expect(await held()).toEqual({ line: 0, refused: 3, alarm: true });
  const letters = await env.DB.prepare('SELECT id, queue, body FROM dead_letters').all<{ body: string }>();
  expect(letters.results).toHaveLength(3);
  expect(JSON.parse(letters.results[0]?.body ?? '')).toMatchObject({ cohort: own[1], region, ticks: 1 });
  const health = await bodyOf<{ checks: { deadLetters: unknown } }>(await createClient().get('/healthz'));
  expect(health.checks.deadLetters).toMatchObject({ ok: false, lastHour: 3, queues: ['held-ticks'] });
  await env.DB.exec('DROP TRIGGER refuses');
  await flushUntil((now) => now.stored === 45);
  await eventually(held, ({ refused: left, alarm }) => left === 0 && !alarm);
});

test('where D1 refuses every batch none is lost, and it is asked less and less often', async () => {
  const { prober, held, flushUntil } = await seed(6);
  await refuse('NEW.cohort >= 900000');
  await flushUntil((now) => now.refused >= 3);
  const { line, refused } = await held();
  expect(line + refused).toBe(6);
  const next = () => runInDurableObject(prober, (_, { storage }) => storage.getAlarm());
  expect(((await next()) ?? 0) - Date.now()).toBeGreaterThan(2_000);
  await flushUntil((now) => now.line === 0);
  await flushUntil(() => true);
  expect(await held()).toMatchObject({ refused: 6, alarm: true });
  await env.DB.exec('DROP TRIGGER refuses');
  await flushUntil((now) => now.stored === 6 && now.refused === 0);
});

test('a database without room is no reason to pass over a batch', async () => {
  const { own, held, stored, prober, flushUntil } = await seed(3);
  await env.DB.exec(
    "CREATE TRIGGER refuses BEFORE INSERT ON tick_batches WHEN NEW.cohort >= 900000 BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
  );
  await runDurableObjectAlarm(prober);
  await runDurableObjectAlarm(prober);
  expect(await held()).toEqual({ line: 3, refused: 0, alarm: true });
  await env.DB.exec('DROP TRIGGER refuses');
  await flushUntil((now) => now.line === 0);
  expect(await stored()).toEqual(own);
});
