import { env } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import { cohortMessages, dispatchMinute } from '../../../worker/checks/dispatch/dispatch.ts';
import {
  type ChecksMessage,
  checksMessage,
  packMessages,
  queueMessage,
  unpackMessage,
} from '../../../worker/checks/dispatch/message.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { failingD1 } from '../database/failingD1.ts';
import { seedCohort, services } from '../support/seed.ts';

const minuteOf = (at: number) => Math.floor(at / 60_000) * 60_000;
const dispatches = async () =>
  (await env.DB.prepare('SELECT minute, messages, checks FROM dispatches ORDER BY minute').all()).results;

/** As if it were `now`: nothing of what is sent for later arrives during the tests. */
const at = (now: number) => ({ ...services, now: () => now });

test('the same cron minute twice, even at once, sends its checks once', async () => {
  await seedCohort({
    urls: [`${inject('target')}/`, `${inject('target')}/two`],
    intervalSeconds: 10,
    regions: ['weur', 'apac'],
  });
  const cronAt = minuteOf(Date.now());
  const then = at(cronAt + 500);
  const untilTheOther = () => scheduler.wait(10);
  await Promise.all([dispatchMinute(then, cronAt, untilTheOther), dispatchMinute(then, cronAt, untilTheOther)]);
  await dispatchMinute(then, cronAt + 20_000);
  const own = (await dispatches()).find((row) => row.minute === cronAt);
  expect(own).toMatchObject({ messages: 6 * 2, checks: 6 * 2 * 2 });
});

test('a cron minute that was missed is made up for by the next, for what still lies ahead', async () => {
  const cronAt = minuteOf(Date.now()) + 3_600_000;
  await dispatchMinute(at(cronAt + 30_000), cronAt);
  const rows = (await dispatches()).filter((row) => Number(row.minute) >= cronAt - 60_000);
  expect(rows.map((row) => row.minute)).toEqual([cronAt - 60_000, cronAt]);
  expect(rows.map((row) => row.messages)).toEqual([3 * 2, 6 * 2]);
});

interface Sent {
  body: ChecksMessage;
  at: number;
  delaySeconds: number;
}

/** A run from `start` on whose clock moves with its pauses, with queues that are real but for what they refuse. */
const runFrom = (start: number, { refuses = (_: Region): boolean => false, d1 = env.DB } = {}) => {
  let now = start;
  const sent: Sent[] = [];
  const queue = (region: Region) => {
    const real = services.queue(region);
    const sendBatch: Queue<ChecksMessage>['sendBatch'] = async (messages) => {
      if (refuses(region)) throw new Error('Queue sendBatch failed: Queue is overloaded. Please back off.');
      const list = [...messages];
      const each = list.flatMap(({ body, delaySeconds = 0 }) =>
        unpackMessage(body).map((batch) => ({ body: batch, delaySeconds, at: now })),
      );
      sent.push(...each);
      return real.sendBatch(list);
    };
    return Object.assign(Object.create(real), { sendBatch }) as Queue;
  };
  const pass = async (ms: number) => {
    now += ms;
  };
  return {
    sent,
    pass,
    now: () => now,
    dispatch: (cronAt: number, sleep = pass) =>
      dispatchMinute({ ...services, d1, queue, now: () => now }, cronAt, sleep),
  };
};

const hours = (n: number) => minuteOf(Date.now()) + n * 3_600_000;
const finishedFrom = async (from: number) =>
  (
    await env.DB.prepare('SELECT minute FROM dispatches WHERE minute >= ? AND finished_at > 0 ORDER BY minute')
      .bind(from)
      .all()
  ).results.map(({ minute }) => minute);

/** The checks due in the window of a minute of the cron, by how often each was sent. */
const timesSent = (sent: readonly Sent[], cronAt: number) =>
  Map.groupBy(
    sent.filter(({ body }) => body.slot >= cronAt + 60_000 && body.slot < cronAt + 120_000),
    ({ body }) => `${body.cohort} ${body.region} ${body.slot} ${body.lane}`,
  );

test('each check arrives when it is due, however long the queries before took', async () => {
  const cronAt = hours(10);
  let pass = async (_: number): Promise<void> => undefined;
  const slow = failingD1(env.DB, async () => {
    await pass(1_700);
    return null;
  });
  const run = runFrom(cronAt + 55_000, { d1: slow });
  pass = run.pass;
  await run.dispatch(cronAt);
  expect(run.now()).toBeGreaterThan(cronAt + 60_000);
  const own = run.sent.filter(({ body }) => body.slot >= cronAt + 60_000);
  expect(own.length).toBeGreaterThan(0);
  for (const { body, at: sentAt, delaySeconds } of own)
    expect(Math.abs(sentAt + delaySeconds * 1_000 - body.slot)).toBeLessThanOrEqual(500);
});

test('a dispatch that fails after its claim is tried again by the same run', async () => {
  const cronAt = hours(20);
  let failures = 0;
  const d1 = failingD1(env.DB, (sql) => sql.includes('FROM cohorts') && failures++ < 2);
  const run = runFrom(cronAt + 500, { d1 });
  await run.dispatch(cronAt);
  expect(await finishedFrom(cronAt)).toEqual([cronAt]);
  const times = timesSent(run.sent, cronAt);
  expect(times.size).toBe(6 * 2);
  expect([...times.values()].map((t) => t.length)).toEqual(Array(6 * 2).fill(1));
});

test.for([
  { how: 'after its claim', hour: 30, gone: ['FROM cohorts'], lostUntil: 61_000 },
  // The claim of 58 s past the minute ends by itself 30 s later.
  { how: 'and cannot give up its claim', hour: 40, gone: ['FROM cohorts', 'claimed_at = 0'], lostUntil: 88_000 },
])('a dispatch that fails $how is made up by the next run, which comes three seconds later', async (broken) => {
  const cronAt = hours(broken.hour);
  const d1 = failingD1(env.DB, (sql) => broken.gone.some((part) => sql.includes(part)));
  // The runtime ends the run before it tries again.
  const end = () => Promise.reject(new Error('Worker exceeded CPU time limit.'));
  await expect(dispatchMinute({ ...services, d1, now: () => cronAt + 58_000 }, cronAt, end)).rejects.toThrow();
  expect(await finishedFrom(cronAt)).toEqual([]);
  const next = runFrom(cronAt + 61_000);
  // The clock is one for both minutes: it stands still until the other has been sent.
  const sleep = async (ms: number) => {
    await expect.poll(() => finishedFrom(cronAt)).toContain(cronAt + 60_000);
    await next.pass(ms);
  };
  await next.dispatch(cronAt + 60_000, sleep);
  expect(await finishedFrom(cronAt)).toEqual([cronAt, cronAt + 60_000]);
  const madeUp = [...timesSent(next.sent, cronAt).values()].flat().map(({ body }) => body.slot);
  const whole = [...timesSent(next.sent, cronAt + 60_000).values()].flat().map(({ body }) => body.slot - 60_000);
  expect(madeUp.toSorted()).toEqual(whole.filter((slot) => slot >= cronAt + broken.lostUntil).toSorted());
  expect(madeUp.length).toBeGreaterThan(0);
});

test('a run that is under way is waited for, and its minute is not sent again', async () => {
  const cronAt = hours(50);
  const claim = (minute: number, claimedAt: number) =>
    env.DB.prepare('INSERT INTO dispatches (minute, claimed_at) VALUES (?, ?)').bind(minute, claimedAt).run();
  await claim(cronAt - 60_000, cronAt - 300);
  await claim(cronAt, cronAt + 500);
  const run = runFrom(cronAt + 1_000);
  const finishing = async (ms: number) => {
    await env.DB.prepare('UPDATE dispatches SET finished_at = ?2 WHERE minute >= ?1')
      .bind(cronAt - 60_000, cronAt + 2_000)
      .run();
    await run.pass(ms);
  };
  await dispatchMinute({ ...services, now: run.now }, cronAt, finishing);
  expect(run.sent).toEqual([]);
});

test('a region whose queue refuses its messages gets them later, and no other region gets its own twice', async () => {
  const cronAt = hours(60);
  let refusals = 0;
  const run = runFrom(cronAt + 500, { refuses: (region) => region === 'apac' && refusals++ < 4 });
  await run.dispatch(cronAt);
  expect(await finishedFrom(cronAt)).toEqual([cronAt]);
  const times = timesSent(run.sent, cronAt);
  expect(times.size).toBe(6 * 2);
  expect([...times.values()].map((t) => t.length)).toEqual(Array(6 * 2).fill(1));
});

test('a queue that stays broken costs the other regions nothing, in this run and the next', async () => {
  const cronAt = hours(70);
  const refuses = (region: Region) => region === 'apac';
  const run = runFrom(cronAt + 500, { refuses });
  await expect(run.dispatch(cronAt)).rejects.toThrow(/overloaded/);
  const next = runFrom(cronAt + 60_500, { refuses });
  await expect(next.dispatch(cronAt + 60_000)).rejects.toThrow(/overloaded/);
  for (const minute of [cronAt, cronAt + 60_000]) {
    const times = timesSent([...run.sent, ...next.sent], minute);
    expect([...times.values()].map((t) => [t.length, t[0]?.body.region])).toEqual(Array(6).fill([1, 'weur']));
  }
});

test('a minute whose end could not be written is not sent a second time because of that', async () => {
  const cronAt = hours(80);
  let failures = 0;
  const d1 = failingD1(env.DB, (sql) => sql.includes('SET finished_at') && failures++ < 2);
  const run = runFrom(cronAt + 500, { d1 });
  await run.dispatch(cronAt);
  expect(await finishedFrom(cronAt)).toEqual([cronAt]);
  expect([...timesSent(run.sent, cronAt).values()].map((t) => t.length)).toEqual(Array(6 * 2).fill(1));
});

test('three regions on 30 s check in turn, one every 10 s, and each message passes its own parser', () => {
  const cohort = { id: 3, intervalSeconds: 30, regions: ['enam', 'weur', 'apac'] as ('enam' | 'weur' | 'apac')[] };
  const messages = cohortMessages(
    cohort,
    [{ number: 1, cohort: 3, slowRegions: 0, stretch: 1, place: null }],
    { from: 600_000, to: 660_000 },
    'run_x',
  );
  const slots = messages.map((m) => m.slot).sort((a, b) => a - b);
  expect(slots).toHaveLength(6);
  expect(slots.slice(1).map((slot, i) => slot - (slots[i] ?? 0))).toEqual([10_000, 10_000, 10_000, 10_000, 10_000]);
  for (const message of messages) expect(checksMessage.parse(message)).toEqual(message);
});

test('failing and slow monitors travel in a lane of their own', () => {
  const cohort = { id: 3, intervalSeconds: 60, regions: ['weur'] as 'weur'[] };
  const members = [
    { number: 1, cohort: 3, slowRegions: 0, stretch: 1, place: null },
    { number: 2, cohort: 3, slowRegions: 0b100, stretch: 1, place: null },
    { number: 3, cohort: 3, slowRegions: 0b010, stretch: 1, place: null },
  ];
  const messages = cohortMessages(cohort, members, { from: 600_000, to: 660_000 }, 'run_x');
  expect(messages.map((m) => [m.lane, m.monitors])).toEqual([
    ['normal', [1, 3]],
    ['slow', [2]],
  ]);
});

test('monitors with a place are checked at their own seconds, in one message for each of them, and others with the cohort', () => {
  const cohort = { id: 3, intervalSeconds: 30, regions: ['enam', 'weur', 'apac'] as ('enam' | 'weur' | 'apac')[] };
  const members = [
    { number: 1, cohort: 3, slowRegions: 0, stretch: 1, place: null },
    { number: 2, cohort: 3, slowRegions: 0, stretch: 1, place: 7 },
    { number: 3, cohort: 3, slowRegions: 0, stretch: 1, place: 7 },
    { number: 4, cohort: 3, slowRegions: 0, stretch: 2, place: 45 },
  ];
  const messages = cohortMessages(cohort, members, { from: 600_000, to: 660_000 }, 'run_x');
  const of = (number: number) =>
    messages.filter(({ monitors }) => monitors.includes(number)).map(({ region, slot }) => [region, slot / 1000 - 600]);
  expect(of(2)).toEqual([
    ['enam', 7],
    ['enam', 37],
    ['weur', 17],
    ['weur', 47],
    ['apac', 27],
    ['apac', 57],
  ]);
  expect(of(3)).toEqual(of(2));
  expect(of(4)).toEqual([
    ['enam', 45],
    ['weur', 5],
    ['apac', 25],
  ]);
  expect(of(1)).toHaveLength(6);
  expect(messages).toHaveLength(6 + 6 + 3);
});

test('batches of one region that are due in the same second travel together, at most five of them', () => {
  const about = { version: 1, correlationId: 'run_test', intervalSeconds: 30, lane: 'normal' } as const;
  const batchOf = (cohort: number, region: Region, slot: number): ChecksMessage => ({
    ...about,
    ...{ cohort, region, slot, monitors: [1] },
  });
  const batches = [
    ...Array.from({ length: 7 }, (_, i) => batchOf(i + 1, 'weur', 1_000_000_020_000)),
    batchOf(8, 'apac', 1_000_000_020_000),
    batchOf(9, 'weur', 1_000_000_021_000),
    { ...batchOf(10, 'weur', 1_000_000_020_000), correlationId: 'run_other' },
    { ...batchOf(1, 'weur', 1_000_000_020_000), lane: 'slow' as const, stretch: 2 },
  ];
  const packed = packMessages(batches);
  expect(packed.map((message) => unpackMessage(message).length)).toEqual([5, 3, 1, 1, 1]);
  for (const message of packed) expect(queueMessage.parse(message)).toEqual(message);
  const byCohort = (list: readonly ChecksMessage[]) =>
    list.toSorted((a, b) => a.cohort - b.cohort || a.lane.localeCompare(b.lane));
  expect(byCohort(packed.flatMap(unpackMessage))).toEqual(byCohort(batches));
});
