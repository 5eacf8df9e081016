import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import type { Check } from '../../../worker/checks/pipeline/batch.ts';
import { loadChecks } from '../../../worker/checks/pipeline/check.ts';
import type { Outcome } from '../../../worker/domain/checks/outcome.ts';
import { Call } from '../../../worker/objects/call.ts';
import { measurePressure, noteTimer } from '../../../worker/objects/pressure.ts';
import { eventually, messageFor, readTicks, type Seeded, seedCohort, services } from '../support/seed.ts';

const target = inject('target');

const prepare = async (seeded: Seeded) => {
  const { version: _, monitors, ...batch } = messageFor(seeded);
  const checks = await loadChecks(services, { cohort: seeded.cohort, region: 'weur', monitors });
  return { batch, checks };
};

/** On demand: nobody waits for it, and nothing is gathered with it. */
const alone = { answerWithinMs: 0, mayHandBack: false, gatherer: null, isOnlyCall: true };

test('a straggler that ends while others are being delivered is delivered after them', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`, `${target}/`] });
  const { batch, checks } = await prepare(seeded);
  const call = new Call(batch, 2);
  const end = (check: Check) => call.end({ check, outcome: { health: 'up' } as Outcome }, check.monitor);
  end(checks[0] as Check);
  const delivered: (string | undefined)[][] = [];
  for await (const group of call.rest(() => Number.POSITIVE_INFINITY)) {
    delivered.push(group.map((result) => result.check.monitorId));
    if (delivered.length === 1) end(checks[1] as Check);
  }
  expect(delivered).toEqual([[checks[0]?.monitorId], [checks[1]?.monitorId]]);
});

test('a check that Pharos itself cannot make is missing, and holds up nothing', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`, `${target}/`] });
  const { batch, checks } = await prepare(seeded);
  const [bad, good] = checks as [Check, Check];
  const broken = { ...bad, target: { ...bad.target, kind: 'none such' } } as unknown as Check;
  const begun = Date.now();
  const answer = await services
    .prober('weur', 'broken')
    .probe(batch, [broken, good], { ...alone, answerWithinMs: 30_000 });
  expect(answer.done.map(({ monitor }) => monitor)).toEqual([good.monitor]);
  expect(Date.now() - begun).toBeLessThan(30_000);
});

test('a target that seems not to answer in time while the machine is busy is missing, not down', async () => {
  const seeded = await seedCohort({ urls: [`${target}/hang`], timeoutMs: 500 });
  const { batch, checks } = await prepare(seeded);
  const busy = setInterval(() => noteTimer(Date.now() - 400), 20);
  const asked = services.prober('weur', 'busy').probe(batch, checks, { ...alone, answerWithinMs: 30_000 });
  const answer = await asked.finally(() => clearInterval(busy));
  expect(answer).toEqual({ done: [], handedBack: [], open: 0, slow: [] });
  await measurePressure();
  const calm = await services.prober('weur', 'busy').probe(batch, checks, { ...alone, answerWithinMs: 30_000 });
  expect(calm.done).toMatchObject([{ outcome: { health: 'down', reason: 'timeout' } }]);
});

test('stragglers that could not be stored are brought again', async () => {
  const seeded = await seedCohort({ urls: [`${target}/delay/100`] });
  const { batch, checks } = await prepare(seeded);
  await env.DB.prepare('ALTER TABLE tick_batches RENAME TO tick_batches_away').run();
  const prober = services.prober('weur', 'late');
  await prober.probe(batch, checks, alone);
  const held = () =>
    runInDurableObject(prober, async (_, { storage }) => (await storage.list({ prefix: 'held:' })).size);
  await eventually(held, (count) => count > 0);
  await env.DB.prepare('ALTER TABLE tick_batches_away RENAME TO tick_batches').run();
  const ticks = await eventually(
    () => readTicks(seeded.cohort),
    (found) => found.length > 0,
  );
  expect(ticks).toMatchObject([{ outcome: 'up', reason: 'ok' }]);
});

test('reference targets wait for the five connections of an object until probes leave one, and its writes do not', async () => {
  const key = crypto.randomUUID();
  const urls = Array.from({ length: 7 }, (_, i) => `${target}/hang/${key}?key=${key}&n=${i}`);
  const seeded = await seedCohort({ urls, timeoutMs: 60_000 });
  const { batch, checks } = await prepare(seeded);
  const prober = services.prober('weur', 'six at most');
  const inFlight = async (of: string) =>
    (await (await fetch(`${target}/in-flight?key=${of}`)).json()) as { now: number; most: number };
  const probed = prober.probe(batch, checks, { ...alone, answerWithinMs: 60_000 });
  await eventually(
    () => inFlight(key),
    ({ now }) => now === 5,
  );
  const references = Array.from({ length: 6 }, (_, i) => `${target}/?key=${key}-reference&n=${i}`);
  const reached = prober.reach('weur', references);
  await runInDurableObject(prober, () => services.d1.prepare('SELECT 1').run());
  expect(await inFlight(key)).toMatchObject({ now: 5, most: 5 });
  expect(await inFlight(`${key}-reference`)).toMatchObject({ most: 0 });
  let isDone = false;
  const answers = Promise.all([probed, reached]).finally(() => {
    isDone = true;
  });
  // Each that is released makes room for another that hangs.
  await eventually(
    async () => (await fetch(`${target}/release/${key}`)).text(),
    () => isDone,
  );
  const [{ done }, answering] = await answers;
  expect([done.length, answering]).toEqual([7, references.map(() => true)]);
});
