import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextAttempt } from '../../../worker/domain/delivery/backoff.ts';
import {
  maxAlonePerMinute,
  maxPerMinute,
  planSending,
  type SendingPlan,
  type Sent,
  type SentDigest,
  type Unsettled,
} from '../../../worker/domain/delivery/sending.ts';
import { runs } from '../../properties.ts';

const second = 1_000;
const minute = 60 * second;
const now = 1_000 * minute;

const waiting = (count: number, given: Partial<Unsettled> = {}, first = 0): Unsettled[] =>
  Array.from({ length: count }, (_, i) => ({
    number: first + i,
    incidentId: `i${first + i}`,
    state: 'waiting',
    dueAt: now,
    isTried: false,
    belongsTo: null,
    ...given,
  }));
const sent = (count: number, agoMs: number): Sent[] =>
  Array.from({ length: count }, (_, i) => ({ number: 1_000 + i, at: now - agoMs }));
const digest = (agoMs: number, given: Partial<SentDigest> = {}): SentDigest => ({
  number: 2_000,
  createdAt: now - agoMs,
  triedAt: now - agoMs,
  dueAt: null,
  ...given,
});
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const folded = (of: number[], digestId: string | null = null) => ({ digestId, numbers: of });
const nothing: SendingPlan = { send: [], digest: null, retry: null, againAt: null };

describe('a channel', () => {
  const inA = { belongsTo: { digestId: 'a' } };
  const inB = { belongsTo: { digestId: 'b' } };
  test.for<[string, Unsettled[], { sent?: Sent[]; digests?: SentDigest[] }, Partial<SendingPlan>]>([
    ['with nothing to say waits for nothing', [], {}, {}],
    ['sends a few one by one', waiting(3), {}, { send: numbers(3) }],
    ['sends ten one by one', waiting(10), {}, { send: numbers(10) }],
    [
      'gathers alerts for a digest, however few, and sends the others',
      [...waiting(2, { incidentId: 'i', together: true }), ...waiting(1, {}, 2)],
      {},
      { send: [2], digest: folded(numbers(2)) },
    ],
    ['folds eleven', waiting(11), {}, { digest: folded(numbers(11)) }],
    ['folds a few after many', waiting(3), { sent: sent(8, 30 * second) }, { digest: folded(numbers(3)) }],
    ['sends them one by one a minute later', waiting(3), { sent: sent(8, minute) }, { send: numbers(3) }],
    [
      'keeps the eleventh alone until another comes, or there is room',
      waiting(1),
      { sent: sent(10, 20 * second) },
      { againAt: now + 40 * second },
    ],
    ['gathers for a minute after a digest', waiting(1), { digests: [digest(20_000)] }, { againAt: now + 40_000 }],
    [
      'gathers for longer while digests before are still being tried',
      waiting(1),
      { digests: [digest(3 * minute, { dueAt: now + 9 * minute }), digest(2 * minute, { dueAt: now + 9 * minute })] },
      { againAt: now + 2 * minute },
    ],
    ['waits for what is not due', waiting(1, { dueAt: now + 5 }), {}, { againAt: now + 5 }],
    ['sends of one incident one after the other', waiting(3, { incidentId: 'i' }), {}, { send: [0] }],
    [
      'says nothing more of an incident while something of it is being sent',
      [...waiting(1, { state: 'sending' }), ...waiting(1, { incidentId: 'i0' }, 1)],
      {},
      {},
    ],
    [
      'says nothing more of an incident while something of it waits for its next attempt',
      [...waiting(1, { dueAt: now + 9 }), ...waiting(1, { incidentId: 'i0' }, 1)],
      {},
      { againAt: now + 9 },
    ],
    [
      'folds nothing that was tried by itself, nor what comes after it of the same incident',
      [...waiting(2, { isTried: true }), ...waiting(1, { incidentId: 'i0' }, 2), ...waiting(20, {}, 3)],
      {},
      { send: [0, 1], digest: folded(numbers(23).slice(3)) },
    ],
    [
      'folds what is new while ten that failed wait for their next attempts, also one alone',
      [...waiting(10, { isTried: true, dueAt: now + 9 * minute }), ...waiting(1, {}, 10)],
      {},
      { digest: folded([10]), againAt: now + 9 * minute },
    ],
    [
      'sends what has to go by itself, however much else was sent, but not too much in a minute',
      waiting(70, { belongsTo: 'itself' }),
      { sent: sent(10, 20 * second), digests: [digest(second)] },
      { send: numbers(50), againAt: now + 40 * second },
    ],
    [
      'continues with the digest that contained a problem, even with one alone',
      [...waiting(1, inA), ...waiting(2, inB, 1), ...waiting(1, inA, 3), ...waiting(2, {}, 4)],
      {},
      { send: [4, 5], digest: folded([0, 3], 'a') },
    ],
    [
      'ends one deduplication key of an incident before it starts another',
      [...waiting(1, inA), ...waiting(1, { incidentId: 'i0' }, 1)],
      {},
      { digest: folded([0], 'a') },
    ],
    [
      'tries a digest that is due, the one first that has waited longest',
      [],
      { digests: [digest(5 * minute, { dueAt: now - 1 }), digest(3 * minute, { number: 7, dueAt: now - 2 })] },
      { retry: 7, againAt: now - 2 },
    ],
    [
      'tries no digest within a minute after another',
      [],
      { digests: [digest(5 * minute, { dueAt: now - 1 }), digest(20 * second)] },
      { againAt: now + 40 * second },
    ],
    [
      'sends new alerts before it retries a digest',
      waiting(11),
      { digests: [digest(5 * minute, { dueAt: now - 1 })] },
      { digest: folded(numbers(11)), retry: null, againAt: now - 1 },
    ],
    [
      'tries at once a digest that was not tried yet',
      waiting(11, { state: 'sending' }),
      { digests: [digest(0, { triedAt: null, dueAt: now })] },
      { retry: 2_000, againAt: now },
    ],
  ])('%s', ([, unsettled, past, plan]) => {
    expect(planSending(unsettled, { sent: [], digests: [], ...past }, now)).toEqual({ ...nothing, ...plan });
  });
});

describe('a channel, in any situation,', () => {
  interface Arrival {
    afterMs: number;
    incidentId: string;
    belongsTo: Unsettled['belongsTo'];
  }
  interface Message {
    at: number;
    /** Own id of the message: that of the delivery, or of the digest. */
    id: string;
    numbers: number[];
    isDigest: boolean;
  }
  type DeliveryState = { takesMs: number; fails: boolean };
  const arrivals = fc.array(
    fc.record({
      afterMs: fc.oneof({ weight: 8, arbitrary: fc.nat(2 * second) }, { weight: 1, arbitrary: fc.nat(3 * minute) }),
      incidentId: fc.nat(40).map((n) => `i${n}`),
      belongsTo: fc.oneof(
        { weight: 4, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.constant<Unsettled['belongsTo']>('itself') },
        { weight: 1, arbitrary: fc.constantFrom('a', 'b').map((digestId) => ({ digestId })) },
      ),
    }),
    { maxLength: 150 },
  );
  /** How long each message takes to be sent, and whether it comes through or has to be tried again. */
  const deliveryStates = fc.infiniteStream(
    fc.record({ takesMs: fc.nat(8 * second), fails: fc.integer({ min: 0, max: 5 }).map((n) => n === 0) }),
  );

  const statesAfter = (stream: fc.Stream<DeliveryState>) => {
    const deliveryStates = stream[Symbol.iterator]();
    return () => deliveryStates.next().value as DeliveryState;
  };

  /** Sends as planned, and ends once everything was delivered. */
  const live = (given: Arrival[], stateAfter: (at: number) => DeliveryState) => {
    let time = now;
    const coming = given.map(({ afterMs, ...one }, number) => {
      time += afterMs;
      return { number, ...one, at: time };
    });
    let open: Unsettled[] = [];
    const digests: (SentDigest & { numbers: number[] })[] = [];
    const inFlight: (Message & { until: number; fails: boolean })[] = [];
    const messages: Message[] = [];
    const delivered: number[] = [];
    const change = (own: readonly number[], to: Partial<Unsettled>) => {
      const set = new Set(own);
      open = open.map((one) => (set.has(one.number) ? { ...one, ...to } : one));
    };
    const start = (id: string, numbers: number[], isDigest: boolean, at: number): number => {
      const { takesMs, fails } = stateAfter(at);
      const tries = messages.filter((one) => one.id === id).length + 1;
      messages.push({ id, at, numbers, isDigest });
      inFlight.push({ id, at, numbers, isDigest, until: at + takesMs, fails });
      const next = nextAttempt(tries, at, at + takesMs, null, 0.5);
      return next === 'failed' ? at : next.at;
    };
    const land = (at: number) => {
      for (const message of inFlight.filter(({ until }) => until <= at)) {
        inFlight.splice(inFlight.indexOf(message), 1);
        if (message.fails) continue;
        const own = new Set(message.numbers);
        delivered.push(...message.numbers);
        open = open.filter(({ number }) => !own.has(number));
        for (const one of digests) if (`g${one.number}` === message.id) one.dueAt = null;
      }
    };
    let at = now;
    for (let turns = 0; turns < 50_000 && (coming.length > 0 || open.length > 0); turns++) {
      land(at);
      while (coming[0] && coming[0].at <= at) {
        const { at: dueAt, ...one } = coming.shift() as (typeof coming)[number];
        open.push({ ...one, state: 'waiting', dueAt, isTried: false });
      }
      const alone = messages.filter(({ isDigest }) => !isDigest);
      const past = { sent: alone.map((one) => ({ number: one.numbers[0] ?? -1, at: one.at })), digests };
      const plan = planSending(open, past, at);
      for (const number of plan.send)
        change([number], { isTried: true, dueAt: start(`${number}`, [number], false, at) });
      if (plan.digest) {
        change(plan.digest.numbers, { state: 'sending' });
        digests.push({ number: digests.length, createdAt: at, triedAt: null, dueAt: at, numbers: plan.digest.numbers });
      }
      const tried = digests.find(({ number }) => number === plan.retry);
      if (tried) Object.assign(tried, { triedAt: at, dueAt: start(`g${tried.number}`, tried.numbers, true, at) });
      const times = [coming[0]?.at, plan.againAt, ...inFlight.map(({ until }) => until)];
      const isIdle = plan.send.length === 0 && !plan.digest && !tried;
      const later = times.filter((one): one is number => typeof one === 'number' && one > at);
      if (isIdle) at = later.length > 0 ? Math.min(...later) : at + second;
    }
    return { messages, delivered };
  };

  test('sends everything once, in the order of each incident, and never too much in a minute', () => {
    fc.assert(
      fc.property(arrivals, deliveryStates, (given, stream) => {
        const { messages, delivered } = live(given, statesAfter(stream));
        expect(delivered.toSorted((a, b) => a - b)).toEqual(given.map((_, i) => i));
        for (const incidentId of new Set(given.map((one) => one.incidentId))) {
          const own = delivered.filter((number) => given[number]?.incidentId === incidentId);
          expect(own).toEqual(own.toSorted((a, b) => a - b));
        }
        const firsts = messages.filter((one, i) => messages.findIndex(({ id }) => id === one.id) === i);
        for (const { at } of messages) {
          const within = (one: Message) => one.at > at - minute && one.at <= at;
          const isNew = ({ numbers: [number = -1] }: Message) => given[number]?.belongsTo === null;
          expect(firsts.filter((one) => within(one) && !one.isDigest && isNew(one)).length).toBeLessThanOrEqual(
            maxPerMinute,
          );
          expect(messages.filter((one) => within(one) && one.isDigest).length).toBeLessThanOrEqual(1);
          const alone = new Set(messages.filter((one) => within(one) && !one.isDigest).map(({ id }) => id));
          expect(alone.size).toBeLessThanOrEqual(maxAlonePerMinute);
        }
      }),
      { numRuns: runs(50) },
    );
  });

  test('sends each alert under one id only, in all attempts, and in the digest that it belongs to', () => {
    fc.assert(
      fc.property(arrivals, deliveryStates, (given, stream) => {
        const { messages } = live(given, statesAfter(stream));
        const ids = new Map<number, Set<string>>();
        for (const { id, numbers: of } of messages)
          for (const number of of) ids.set(number, (ids.get(number) ?? new Set()).add(id));
        for (const own of ids.values()) expect(own.size).toBe(1);
        for (const { numbers: of, isDigest } of messages)
          for (const number of of) {
            const belongsTo = given[number]?.belongsTo ?? null;
            if (belongsTo !== null) expect(isDigest).toBe(belongsTo !== 'itself');
            if (isDigest) expect(belongsTo).toEqual(given[of[0] ?? -1]?.belongsTo);
          }
      }),
      { numRuns: runs(50) },
    );
  });

  test('sends ten thousand outages of one minute, and their ends, in a handful of messages', () => {
    const given = Array.from({ length: 10_000 }, (_, i) => ({
      afterMs: i % 100 === 0 ? 600 : 0,
      incidentId: `i${i % 5_000}`,
      belongsTo: null,
    }));
    const { messages, delivered } = live(given, () => ({ takesMs: 300, fails: false }));
    expect([delivered.length, new Set(delivered).size]).toEqual([10_000, 10_000]);
    expect(messages.length).toBeLessThanOrEqual(4);
  });

  test('makes few digests while its receiver fails for three hours, and sends all soon after', () => {
    const given = Array.from({ length: 1_800 }, (_, i) => ({
      afterMs: 6 * second,
      incidentId: `i${i}`,
      belongsTo: null,
    }));
    const { messages, delivered } = live(given, (at) => ({ takesMs: 100, fails: at < now + 180 * minute }));
    expect(delivered).toHaveLength(1_800);
    const digests = new Set(messages.filter(({ isDigest }) => isDigest).map(({ id }) => id));
    expect(digests.size).toBeLessThanOrEqual(15);
    expect(messages.at(-1)?.at).toBeLessThan(now + 240 * minute);
  });
});
