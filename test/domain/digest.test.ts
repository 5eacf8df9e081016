import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  digestOf,
  maxPerMinute,
  planSending,
  type Sent,
  type Told,
  type Unsettled,
} from '../../worker/domain/digest.ts';
import type { DeliveryEvent } from '../../worker/domain/escalation/events.ts';

const second = 1_000;
const minute = 60 * second;
const now = 1_000 * minute;

const waiting = (count: number, given: Partial<Unsettled> = {}): Unsettled[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `d${i}`,
    incidentId: `i${i}`,
    fate: 'waiting',
    dueAt: now,
    ...given,
  }));
const sent = (count: number, agoMs: number, isDigest = false): Sent[] =>
  Array.from({ length: count }, () => ({ at: now - agoMs, isDigest }));
const ids = (count: number) => waiting(count).map(({ id }) => id);

describe('a channel', () => {
  test.for<[name: string, unsettled: Unsettled[], sent: Sent[], plan: ReturnType<typeof planSending>]>([
    ['with nothing to say waits for nothing', [], [], { send: [], digest: [], againAt: null }],
    ['sends a few one by one', waiting(3), [], { send: ids(3), digest: [], againAt: null }],
    ['sends ten one by one', waiting(10), [], { send: ids(10), digest: [], againAt: null }],
    ['folds eleven', waiting(11), [], { send: [], digest: ids(11), againAt: now + minute }],
    ['folds a few after many', waiting(3), sent(8, 30 * second), { send: [], digest: ids(3), againAt: now + minute }],
    ['sends them one by one a minute later', waiting(3), sent(8, minute), { send: ids(3), digest: [], againAt: null }],
    [
      'keeps the eleventh alone until another comes, or there is room',
      waiting(1),
      sent(10, 20 * second),
      { send: [], digest: [], againAt: now + 40 * second },
    ],
    [
      'gathers for a minute after a digest',
      waiting(1),
      sent(1, 20 * second, true),
      { send: [], digest: [], againAt: now + 40 * second },
    ],
    ['waits for what is not due', waiting(1, { dueAt: now + 5 }), [], { send: [], digest: [], againAt: now + 5 }],
    [
      'sends of one incident one after the other',
      waiting(3, { incidentId: 'i' }),
      [],
      { send: ['d0'], digest: [], againAt: null },
    ],
    [
      'says nothing more of an incident while something of it is being sent',
      [...waiting(1, { id: 'x', fate: 'sending' }), ...waiting(1, { id: 'y' })],
      [],
      { send: [], digest: [], againAt: null },
    ],
    [
      'says nothing more of an incident while something of it waits for its next attempt',
      [...waiting(1, { id: 'x', dueAt: now + 9 }), ...waiting(1, { id: 'y' })],
      [],
      { send: [], digest: [], againAt: now + 9 },
    ],
  ])('%s', ([, unsettled, before, plan]) => {
    expect(planSending(unsettled, before, now)).toEqual(plan);
  });
});

describe('a digest', () => {
  const told = (said: [incident: string, event: DeliveryEvent][]): Told[] =>
    said.map(([incidentId, event]) => ({ incidentId, event, name: `Monitor ${incidentId}` }));
  const line = (digest: ReturnType<typeof digestOf>) =>
    digest.lines.map(({ name, standing, event }) => `${name}: ${standing}, ${event}`);

  test('says which are down, which are up again, and which went down and up within it', () => {
    const digest = digestOf(
      told([
        ['a', 'recovered'],
        ['b', 'down'],
        ['c', 'down'],
        ['b', 'recovered'],
        ['d', 'down'],
        ['c', 'acknowledged'],
      ]),
    );
    expect(line(digest)).toEqual([
      'Monitor c: open, acknowledged',
      'Monitor d: open, down',
      'Monitor a: over, recovered',
      'Monitor b: passed, recovered',
    ]);
    expect([digest.events, digest.standings, digest.more]).toEqual([
      { recovered: 2, down: 3, acknowledged: 1 },
      { open: 2, over: 1, passed: 1 },
      0,
    ]);
  });

  test('counts those whose names do not fit, without losing any', () => {
    const digest = digestOf(told(Array.from({ length: 10_000 }, (_, i) => [`${i}`, 'down'])), 10);
    expect([digest.lines.length, digest.lines[0]?.name, digest.more, digest.standings.open]).toEqual([
      10,
      'Monitor 0',
      9_990,
      10_000,
    ]);
  });

  test('says that one is open which has begun again', () => {
    expect(
      line(
        digestOf(
          told([
            ['a', 'down'],
            ['a', 'recovered'],
            ['a', 'down'],
          ]),
        ),
      ),
    ).toEqual(['Monitor a: open, down']);
    expect(
      line(
        digestOf(
          told([
            ['a', 'recovered'],
            ['a', 'down'],
          ]),
        ),
      ),
    ).toEqual(['Monitor a: open, down']);
    expect(
      line(
        digestOf(
          told([
            ['a', 'down'],
            ['a', 'recovered'],
            ['a', 'down'],
            ['a', 'recovered'],
          ]),
        ),
      ),
    ).toEqual(['Monitor a: passed, recovered']);
  });
});

describe('whatever comes, a channel', () => {
  interface Arrival {
    afterMs: number;
    incidentId: string;
  }
  interface Message {
    at: number;
    ids: string[];
    isDigest: boolean;
  }
  const arrivals = fc.array(
    fc.record({
      afterMs: fc.oneof({ weight: 8, arbitrary: fc.nat(2 * second) }, { weight: 1, arbitrary: fc.nat(3 * minute) }),
      incidentId: fc.nat(40).map((n) => `i${n}`),
    }),
    { maxLength: 150 },
  );
  /** How long each message takes to be sent, and whether it comes through or has to be tried again. */
  const fates = fc.infiniteStream(
    fc.record({ takesMs: fc.nat(8 * second), fails: fc.integer({ min: 0, max: 5 }).map((n) => n === 0) }),
  );

  /** Sends as planned, and ends once everything was delivered. */
  const live = (given: Arrival[], fate: Iterator<{ takesMs: number; fails: boolean }>) => {
    let time = now;
    const coming = given.map(({ afterMs, incidentId }, i) => {
      time += afterMs;
      return { id: `d${i}`, incidentId, at: time };
    });
    let open: Unsettled[] = [];
    const inFlight: (Message & { until: number; fails: boolean })[] = [];
    const messages: Message[] = [];
    const delivered: string[] = [];
    const start = (ids: string[], isDigest: boolean, at: number) => {
      const { takesMs, fails } = fate.next().value as { takesMs: number; fails: boolean };
      const message = { at, ids, isDigest };
      messages.push(message);
      inFlight.push({ ...message, until: at + takesMs, fails });
      const own = new Set(ids);
      open = open.map((one) => (own.has(one.id) ? { ...one, fate: 'sending' } : one));
    };
    const land = (at: number) => {
      for (const message of inFlight.filter(({ until }) => until <= at)) {
        inFlight.splice(inFlight.indexOf(message), 1);
        const own = new Set(message.ids);
        if (message.fails)
          open = open.map((one) => (own.has(one.id) ? { ...one, fate: 'waiting', dueAt: at + 5 * second } : one));
        else {
          delivered.push(...message.ids);
          open = open.filter(({ id }) => !own.has(id));
        }
      }
    };
    let at = now;
    for (let turns = 0; turns < 20_000 && (coming.length > 0 || open.length > 0); turns++) {
      land(at);
      while (coming[0] && coming[0].at <= at) {
        const [{ id, incidentId }] = coming.splice(0, 1) as [(typeof coming)[number]];
        open.push({ id, incidentId, fate: 'waiting', dueAt: at });
      }
      const plan = planSending(open, messages, at);
      for (const id of plan.send) start([id], false, at);
      if (plan.digest.length > 0) start(plan.digest, true, at);
      const next = [coming[0]?.at, plan.againAt, ...inFlight.map(({ until }) => until)].filter(
        (time) => typeof time === 'number' && time > at,
      ) as number[];
      const idle = plan.send.length === 0 && plan.digest.length === 0;
      at = next.length > 0 ? Math.min(...next) : at + (idle ? second : 0);
    }
    return { messages, delivered };
  };

  test('tells everything once, in the order of each incident, and never too much in a minute', () => {
    fc.assert(
      fc.property(arrivals, fates, (given, stream) => {
        const { messages, delivered } = live(given, stream[Symbol.iterator]());
        expect(delivered.toSorted()).toEqual(given.map((_, i) => `d${i}`).toSorted());
        for (const incidentId of new Set(given.map((one) => one.incidentId))) {
          const own = delivered.filter((id) => given[Number(id.slice(1))]?.incidentId === incidentId);
          expect(own).toEqual(own.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))));
        }
        for (const { at } of messages) {
          const within = messages.filter((one) => one.at > at - minute && one.at <= at);
          expect(within.filter(({ isDigest }) => !isDigest).length).toBeLessThanOrEqual(maxPerMinute);
          expect(within.filter(({ isDigest }) => isDigest).length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('tells ten thousand outages of one minute, and their ends, in a handful of messages', () => {
    const given = Array.from({ length: 10_000 }, (_, i) => ({
      afterMs: i % 100 === 0 ? 600 : 0,
      incidentId: `i${i % 5_000}`,
    }));
    const never = { next: () => ({ value: { takesMs: 300, fails: false }, done: false }) };
    const { messages, delivered } = live(given, never as Iterator<{ takesMs: number; fails: boolean }>);
    expect([delivered.length, new Set(delivered).size]).toEqual([10_000, 10_000]);
    expect(messages.length).toBeLessThanOrEqual(4);
  });
});
