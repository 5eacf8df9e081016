import { createExecutionContext, createMessageBatch, getQueueResult, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import { type ChecksMessage, packMessages } from '../../../worker/checks/dispatch/message.ts';
import { loadChecks } from '../../../worker/checks/pipeline/check.ts';
import { consumeChecks } from '../../../worker/checks/pipeline/consume.ts';
import { proberName } from '../../../worker/checks/regions/proberName.ts';
import { eventually, messageFor, readTicks, seedCohort, services, untilQueueIsPast } from '../support/seed.ts';

const target = inject('target');
const many = (count: number, path: string) =>
  Array.from({ length: count }, (_, i) => `${target}${path}?key=${crypto.randomUUID()}-${i}`);

const brokenProbers =
  (broken: readonly string[]): typeof services.prober =>
  (region, name) => {
    const real = services.prober(region, name);
    return broken.includes(name) ? Object.assign(real, { probe: () => Promise.reject(new Error('broken')) }) : real;
  };

test('a message on the queue ends as stored ticks, and a second delivery of it changes nothing', async () => {
  const seeded = await seedCohort({ urls: [`${target}/`, `${target}/status/503`] });
  const message = messageFor(seeded);
  await services.queue('weur').send(message);
  // Monitors that are down are checked again on demand.
  const regular = async () => (await readTicks(seeded.cohort)).filter((t) => t.lane === 'normal');
  const ticks = await eventually(regular, (t) => t.length >= 2);
  expect(ticks.map((t) => [t.outcome, t.reason, t.status])).toEqual([
    ['up', 'ok', 200],
    ['down', 'status', 503],
  ]);
  await services.queue('weur').send(message);
  await untilQueueIsPast(`${target}/`);
  expect(await regular()).toEqual(ticks);
});

test('a monitor that is deleted or paused while its checks are queued is not probed', async () => {
  const seeded = await seedCohort({ urls: many(3, '/') });
  const [deleted, paused, kept] = seeded.monitors.map((m) => m.number);
  await env.DB.batch([
    env.DB.prepare('DELETE FROM monitors WHERE number = ?').bind(deleted),
    env.DB.prepare('UPDATE monitors SET cohort = NULL WHERE number = ?').bind(paused),
  ]);
  await services.queue('weur').send(messageFor(seeded));
  const ticks = await eventually(
    () => readTicks(seeded.cohort),
    (t) => t.length > 0,
  );
  expect(ticks.map((t) => t.monitor)).toEqual([kept]);
});

test('a check that could not begin within its interval is dropped, not run late', async () => {
  const seeded = await seedCohort({ urls: many(1, '/'), intervalSeconds: 60 });
  await services.queue('weur').send(messageFor(seeded, { slot: Date.now() - 60_001 }));
  await services.queue('weur').send(messageFor(seeded, { slot: Date.now() - 5_000 }));
  await eventually(
    () => readTicks(seeded.cohort),
    (t) => t.length > 0,
  );
  await untilQueueIsPast(`${target}/`);
  expect(await readTicks(seeded.cohort)).toHaveLength(1);
});

test('a check of a stretched monitor may begin until its next one is due, and no other of its batch', async () => {
  const seeded = await seedCohort({ urls: many(2, '/'), intervalSeconds: 60 });
  const [stretched] = seeded.monitors.map((m) => m.number);
  await env.DB.prepare('UPDATE monitors SET stretch = 3 WHERE number = ?').bind(stretched).run();
  await services.queue('weur').send(messageFor(seeded, { slot: Date.now() - 180_001, stretch: 3 }));
  await services.queue('weur').send(messageFor(seeded, { slot: Date.now() - 70_000, stretch: 3 }));
  await services.queue('weur').send(messageFor(seeded, { slot: Date.now() - 5_000, stretch: 3 }));
  const ticks = await eventually(
    () => readTicks(seeded.cohort),
    (t) => t.length >= 3,
  );
  await untilQueueIsPast(`${target}/`);
  expect(await readTicks(seeded.cohort)).toHaveLength(3);
  expect(ticks.filter((t) => t.monitor === stretched)).toHaveLength(2);
});

test('a message that never parses ends as a dead letter', async () => {
  await services.queue('weur').send({ hello: 'there' });
  const ask = async () =>
    (await env.DB.prepare('SELECT queue, body FROM dead_letters').all<{ queue: string; body: string }>()).results;
  const letters = await eventually(ask, (found) => found.length > 0);
  expect(letters[0]).toEqual({ queue: 'pharos-checks-dead', body: '{"hello":"there"}' });
});

test('250 monitors in one minute are all checked on time', async () => {
  const cohorts = await Promise.all([100, 100, 50].map((count) => seedCohort({ urls: many(count, '/delay/20') })));
  const slot = Date.now();
  await services.queue('weur').sendBatch(cohorts.map((seeded) => ({ body: messageFor(seeded, { slot }) })));
  const all = async () => (await Promise.all(cohorts.map((seeded) => readTicks(seeded.cohort)))).flat();
  const ticks = await eventually(all, (t) => t.length === 250);
  expect(ticks.every((t) => t.outcome === 'up')).toBe(true);
});

test('a Prober that dies in the middle of a call loses no check: another makes them', async () => {
  const key = crypto.randomUUID();
  const seeded = await seedCohort({ urls: Array(2).fill(`${target}/delay/1500?key=${key}`) });
  await services.queue('weur').send(messageFor(seeded));
  await eventually(
    async () => (await (await fetch(`${target}/requests?key=${key}`)).json<number[]>()).length,
    (count) => count === 2,
  );
  const prober = services.prober('weur', proberName(services, messageFor(seeded), 0, 0));
  await runInDurableObject(prober, (_, state) => state.abort('killed by a test')).catch(() => {});
  const ticks = await eventually(
    () => readTicks(seeded.cohort),
    (t) => t.length === 2,
  );
  expect(ticks.map((t) => t.outcome)).toEqual(['up', 'up']);
});

test('a Prober that always fails costs its own checks, and not those beside them', async () => {
  const seeded = await seedCohort({ urls: many(30, '/') });
  const message = messageFor(seeded);
  const prober = brokenProbers([0, 1].map((move) => proberName(services, message, 1, move)));
  const batch = createMessageBatch('pharos-checks-weur', [
    { id: 'one', timestamp: new Date(), attempts: 1, body: message },
  ]);
  await consumeChecks({ ...services, prober }, batch);
  // On a busy machine a call answers before all of its checks are done, and the Prober stores the others itself.
  const ticks = await eventually(
    () => readTicks(seeded.cohort),
    (t) => t.length >= 25,
  );
  expect(ticks).toHaveLength(25);
  const result = await getQueueResult(batch, createExecutionContext());
  expect([result.explicitAcks, result.retryMessages.map((retry) => retry.msgId)]).toEqual([[], ['one']]);
});

test('failing batches of one message come again by themselves', async () => {
  const cohorts = await Promise.all([2, 2, 2].map((count) => seedCohort({ urls: many(count, '/') })));
  const slot = Date.now();
  const messages = cohorts.map((seeded) => messageFor(seeded, { slot }));
  const [packed] = packMessages(messages);
  const batch = createMessageBatch('pharos-checks-weur', [
    { id: 'one', timestamp: new Date(), attempts: 1, body: packed },
  ]);
  const prober = brokenProbers([0, 1].map((move) => proberName(services, messages[1] as ChecksMessage, 0, move)));
  const sent: unknown[] = [];
  const queue = () => ({ send: async (...given: unknown[]) => void sent.push(given) }) as unknown as Queue;
  await consumeChecks({ ...services, prober, queue }, batch);
  const ticks = await Promise.all(cohorts.map(({ cohort }) => readTicks(cohort)));
  expect(ticks.map(({ length }) => length)).toEqual([2, 0, 2]);
  expect(sent).toEqual([[messages[1], { delaySeconds: expect.any(Number) }]]);
  const result = await getQueueResult(batch, createExecutionContext());
  expect([result.explicitAcks, result.retryMessages]).toEqual([['one'], []]);
});

test('monitors that hang delay no healthy one of their region', async () => {
  const urls = Array.from(
    { length: 130 },
    (_, i) => `${target}${i % 13 < 3 ? '/hang/healthy' : '/delay/10'}?key=hang-${i}`,
  );
  const [first, second] = [urls.slice(0, 100), urls.slice(100)];
  const cohorts = [
    await seedCohort({ urls: first, timeoutMs: 60_000 }),
    await seedCohort({ urls: second, timeoutMs: 60_000 }),
  ];
  const slot = Date.now();
  await services.queue('weur').sendBatch(cohorts.map((seeded) => ({ body: messageFor(seeded, { slot }) })));
  const all = async () => (await Promise.all(cohorts.map((seeded) => readTicks(seeded.cohort)))).flat();
  // All of them are done while the others still hang: that ends with the release alone.
  const ticks = await eventually(all, (t) => t.length >= 100);
  expect(ticks).toHaveLength(100);
  await fetch(`${target}/release/healthy`);
  // The Probers bring the rest themselves, after the queue's message has long been settled.
  const rest = await eventually(all, (t) => t.length === 130);
  expect(rest.every((t) => t.outcome === 'up')).toBe(true);
});

test.for([
  { kind: 'that gathers ticks', gatherer: null, most: 5 },
  { kind: 'that gathers none', gatherer: 'normal:0:1', most: 6 },
])('a Prober $kind has at most $most requests in flight, for any number of checks', async ({ gatherer, most }) => {
  const key = `most-${most}`;
  const seeded = await seedCohort({ urls: Array.from({ length: 40 }, () => `${target}/delay/50?key=${key}`) });
  const { version: _, monitors, ...batch } = messageFor(seeded);
  const checks = await loadChecks(services, { cohort: seeded.cohort, region: 'weur', monitors });
  const options = { answerWithinMs: 10_000, mayHandBack: false, gatherer, isOnlyCall: gatherer === null };
  const prober = services.prober('weur', key);
  const answers = await Promise.all([
    prober.probe(batch, checks.slice(0, 20), options),
    prober.probe(batch, checks.slice(20), options),
  ]);
  expect(answers.flatMap((answer) => answer.done)).toHaveLength(40);
  const seen = await (await fetch(`${target}/in-flight?key=${key}`)).json<{ most: number }>();
  expect(seen.most).toBe(most);
});

test('a Prober with stragglers leaves the sixth connection to what they bring', async () => {
  const key = crypto.randomUUID();
  const urls = [...many(1, '/hang/suspect'), ...Array.from({ length: 20 }, () => `${target}/delay/50?key=${key}`)];
  const seeded = await seedCohort({ urls, timeoutMs: 60_000 });
  const { version: _, monitors, ...batch } = messageFor(seeded);
  const checks = await loadChecks(services, { cohort: seeded.cohort, region: 'weur', monitors });
  const prober = services.prober('weur', 'stragglers-aside');
  const options = { mayHandBack: false, gatherer: 'normal:0:2', isOnlyCall: false };
  const first = await prober.probe(batch, checks.slice(0, 1), { ...options, answerWithinMs: 0 });
  expect(first.open).toBe(1);
  const second = await prober.probe(batch, checks.slice(1), { ...options, answerWithinMs: 20_000 });
  expect(second.done).toHaveLength(20);
  const seen = await (await fetch(`${target}/in-flight?key=${key}`)).json<{ most: number }>();
  // With the one that hangs, five.
  expect(seen.most).toBe(4);
  await fetch(`${target}/release/suspect`);
});
