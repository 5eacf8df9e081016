import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Batch } from '../../../worker/checks/pipeline/batch.ts';
import { stallsAfterMs } from '../../../worker/domain/checks/schedule.ts';
import { Call } from '../../../worker/objects/call.ts';
import { Gathering } from '../../../worker/objects/gathering.ts';
import { noteTimer } from '../../../worker/objects/pressure.ts';
import { Slots } from '../../../worker/objects/slots.ts';
import type { Tick } from '../../../worker/ticks/tick.ts';

beforeEach(() => {
  vi.useFakeTimers();
  noteTimer(Date.now());
});

afterEach(() => {
  vi.useRealTimers();
});

const forever = Number.POSITIVE_INFINITY;

/** A call of `latencies.length` checks at a Prober of six slots, and when it answered what. */
const answerOf = async (
  latencies: number[],
  whileItRuns: (ms: number) => unknown = () => {},
  lastMs: (number | null)[] = [],
) => {
  const slots = new Slots(() => 6);
  const call = new Call({} as Batch, latencies.length, stallsAfterMs(lastMs));
  const run = async (ms: number) => {
    if (ms < forever) await new Promise((done) => setTimeout(done, ms));
    else await new Promise(() => {});
    call.end({} as never, 0);
  };
  const tickets = latencies.map((ms) => slots.enter(() => run(ms)));
  const startedAt = Date.now();
  let answeredAfterMs: number | null = null;
  const waiting = () => tickets.filter((ticket) => ticket.waiting).length;
  void call
    .untilAnswer(2_000, () => ({ movedAt: slots.lastBegunAt, waits: waiting() > 0 }))
    .then(() => {
      answeredAfterMs = Date.now() - startedAt;
    });
  for (let ms = 0; answeredAfterMs === null && ms < 20_000; ms += 50) {
    await vi.advanceTimersByTimeAsync(50);
    whileItRuns(ms);
  }
  return { answeredAfterMs, stalled: call.stalled, done: call.take().length, waiting: waiting() };
};

const many = (count: number, latencyMs: number) => Array.from({ length: count }, () => latencyMs);

test.for<[latencyMs: number, answeredAfterMs: number]>([
  [5, 20],
  [300, 1_200],
  [620, 2_480],
  [900, 3_600],
  [1_000, 4_000],
  [1_400, 5_600],
])('24 healthy targets of %i ms are answered in one piece', async ([latencyMs, answeredAfterMs]) => {
  expect(await answerOf(many(24, latencyMs))).toEqual({ answeredAfterMs, stalled: false, done: 24, waiting: 0 });
});

test('targets that hold all slots and do not answer stall the call after 1.5 s', async () => {
  const answer = await answerOf([...many(6, forever), ...many(18, 10)]);
  expect(answer).toEqual({ answeredAfterMs: 1_500, stalled: true, done: 0, waiting: 18 });
});

test.for([1_500, 1_900, 2_400])('targets that took %i ms the last time are given twice as long', async (latencyMs) => {
  const last = many(12, latencyMs);
  const answer = await answerOf(many(12, latencyMs), undefined, last);
  expect(answer).toEqual({ answeredAfterMs: 2 * latencyMs, stalled: false, done: 12, waiting: 0 });
  const hanging = await answerOf(many(12, forever), undefined, last);
  expect(hanging).toEqual({ answeredAfterMs: 2 * latencyMs, stalled: true, done: 0, waiting: 6 });
});

test.for<[string, (number | null)[]]>([
  ['most are not known', [...many(5, 2_400), ...Array.from({ length: 7 }, () => null)]],
  ['most are quick', [...many(2, 2_400), ...many(10, 80)]],
  ['they failed', many(12, 10_000)],
])('no more patience is learned where %s', async ([_, last]) => {
  const answer = await answerOf([...many(6, forever), ...many(6, 10)], undefined, last);
  expect(answer).toMatchObject({ answeredAfterMs: 1_500, stalled: true });
});

test('one target that does not answer keeps 23 healthy ones no longer than two seconds', async () => {
  const answer = await answerOf([forever, ...many(23, 10)]);
  expect(answer).toEqual({ answeredAfterMs: 2_000, stalled: false, done: 23, waiting: 0 });
});

test('no call takes longer than three times what was asked for', async () => {
  const answer = await answerOf(many(60, 1_400));
  expect(answer).toMatchObject({ answeredAfterMs: 6_000, stalled: false });
});

test('a busy machine is given longer, so that a call is answered in one piece', async () => {
  const answer = await answerOf(many(60, 1_400), (ms) => ms % 500 === 0 && vi.setSystemTime(Date.now() + 300));
  expect(answer.stalled).toBe(false);
  expect(answer.answeredAfterMs).toBeGreaterThan(9_000);
  expect(answer.answeredAfterMs).toBeLessThan(12_000);
});

test('timers that fire late are no reason to hand checks on', async () => {
  // As on a machine that is busy elsewhere: the clock has moved on when a timer fires at last.
  const answer = await answerOf(many(24, 1_450), (ms) => ms % 1_000 === 0 && vi.setSystemTime(Date.now() + 1_000));
  expect(answer.stalled).toBe(false);
});

/** How many of these tasks a Prober has begun. */
const begun = { count: 0 };

test.for<[lagMs: number, atOnce: number]>([
  [0, 6],
  [150, 4],
  [400, 2],
  [3_000, 1],
])(
  'where timers are %i ms late, a Prober begins %i checks at a time, and all of them once it is calm',
  async ([lagMs, atOnce]) => {
    noteTimer(Date.now() - lagMs);
    const slots = new Slots(() => 6);
    begun.count = 0;
    const hang = async () => {
      begun.count++;
      await new Promise(() => {});
    };
    for (let i = 0; i < 8; i++) slots.enter(hang);
    expect(begun.count).toBe(atOnce);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(begun.count).toBe(6);
  },
);

const tick = (monitor: number) => ({ monitor, outcome: {} }) as Tick;

/** The rows that a gathering writes, each with the time since the start. */
const rowsOf = (gathering: Gathering) => {
  const startedAt = Date.now();
  const rows: [ms: number, monitors: number[]][] = [];
  const ended = { afterMs: null as number | null };
  const collect = async () => {
    for await (const ticks of gathering.rows())
      rows.push([Date.now() - startedAt, ticks.map(({ monitor }) => monitor).sort()]);
    ended.afterMs = Date.now() - startedAt;
  };
  void collect();
  return { rows, ended };
};

test('late outcomes of several calls are written once, when the last call is done', async () => {
  const gathering = new Gathering();
  const { rows, ended } = rowsOf(gathering);
  const storeBy = Date.now() + 20_000;
  gathering.add({ ticks: [tick(1)], storeBy, closes: true });
  await vi.advanceTimersByTimeAsync(3_000);
  gathering.expect(3);
  gathering.add({ ticks: [tick(2)], storeBy, closes: true });
  await vi.advanceTimersByTimeAsync(5_000);
  gathering.add({ ticks: [tick(3), tick(4)], storeBy, closes: true });
  await vi.advanceTimersByTimeAsync(1);
  expect(rows).toEqual([[8_000, [1, 2, 3, 4]]]);
  expect(ended.afterMs).toBe(8_000);
});

test('loud ticks of several calls are written together, at once, and with all that waits', async () => {
  const gathering = new Gathering();
  const { rows } = rowsOf(gathering);
  gathering.expect(3);
  gathering.add({ ticks: [tick(1)], storeBy: Date.now() + 20_000, closes: true });
  await vi.advanceTimersByTimeAsync(4_000);
  gathering.add({ ticks: [tick(2)], storeBy: 0, closes: false });
  await vi.advanceTimersByTimeAsync(300);
  gathering.add({ ticks: [tick(3)], storeBy: 0, closes: true });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(rows).toEqual([[4_500, [1, 2, 3]]]);
  gathering.add({ ticks: [tick(4)], storeBy: Date.now() + 20_000, closes: true });
  await vi.advanceTimersByTimeAsync(1);
  expect(rows.slice(1)).toEqual([[14_300, [4]]]);
});

test('a quiet tick does not wait for its neighbours until its region would be stale', async () => {
  const gathering = new Gathering();
  const { rows, ended } = rowsOf(gathering);
  gathering.expect(2);
  gathering.add({ ticks: [tick(1)], storeBy: Date.now() + 12_000, closes: true });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(rows).toEqual([[12_000, [1]]]);
  gathering.add({ ticks: [tick(2)], storeBy: Date.now() + 12_000, closes: true });
  await vi.advanceTimersByTimeAsync(1);
  expect(rows.slice(1)).toEqual([[60_000, [2]]]);
  expect(ended.afterMs).toBe(60_000);
});

test('a gathering that nobody finishes stores what it has and ends', async () => {
  const gathering = new Gathering();
  const { rows, ended } = rowsOf(gathering);
  gathering.add({ ticks: [tick(1)], storeBy: Date.now() + 20_000, closes: true });
  await vi.advanceTimersByTimeAsync(120_000);
  expect(rows).toEqual([[20_000, [1]]]);
  expect(ended.afterMs).toBe(75_000);
});
