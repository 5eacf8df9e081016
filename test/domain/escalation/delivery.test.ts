import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  audienceOf,
  type DeliveryRecord,
  type DeliveryState,
  deliveryKey,
  missedBy,
  superseded,
  turnFor,
} from '../../../worker/domain/escalation/delivery.ts';
import {
  type DeliveryEvent,
  deliveryEvents,
  isClosing,
  isProblem,
  type NotificationEvent,
} from '../../../worker/domain/escalation/events.ts';

type Said = [event: NotificationEvent, state: DeliveryState, channelId?: string];

const isSettled = (state: DeliveryState) => state !== 'waiting' && state !== 'sending';

const records = (said: Said[]): DeliveryRecord[] =>
  said.map(([event, state, channelId = 'mail'], i) => ({
    id: `d${i}`,
    channelId,
    event,
    state,
    createdAt: i,
    settledAt: isSettled(state) ? i : null,
  }));

describe('a delivery', () => {
  test.for<[name: string, event: NotificationEvent, earlier: Said[], turn: string]>([
    ['about a failing channel starts a deduplication key', 'channel-failing', [], 'send'],
    ['about its recovery follows', 'channel-working', [['channel-failing', 'delivered']], 'send'],
    ['and waits for it', 'channel-working', [['channel-failing', 'waiting']], 'wait'],
    ['but goes to nobody who was not notified', 'channel-working', [['channel-failing', 'failed']], 'suppress'],
    ['about an outage goes at once', 'down', [], 'send'],
    ['about a recovery goes after its outage', 'recovered', [['down', 'delivered']], 'send'],
    ['about a recovery waits while the outage is being sent', 'recovered', [['down', 'sending']], 'wait'],
    ['about a recovery waits while the outage is being retried', 'recovered', [['down', 'waiting']], 'wait'],
    ['about a recovery is suppressed if the outage failed', 'recovered', [['down', 'failed']], 'suppress'],
    ['about a recovery is suppressed if no outage was notified', 'recovered', [], 'suppress'],
    [
      'about a recovery goes if one of two alerts arrived',
      'recovered',
      [
        ['down', 'failed'],
        ['down', 'delivered'],
      ],
      'send',
    ],
    [
      'about a recovery is suppressed if its deduplication key was closed before',
      'recovered',
      [
        ['down', 'delivered'],
        ['resolved', 'delivered'],
      ],
      'suppress',
    ],
    [
      'about an outage waits until the recovery before it has arrived',
      'down',
      [
        ['down', 'delivered'],
        ['recovered', 'waiting'],
      ],
      'wait',
    ],
    [
      'about an outage goes after a failed recovery',
      'down',
      [
        ['down', 'delivered'],
        ['recovered', 'failed'],
      ],
      'send',
    ],
    ['about an outage waits while an earlier one is being retried', 'down', [['down', 'waiting']], 'wait'],
    ['about an outage goes after an earlier one was delivered', 'down', [['down', 'delivered']], 'send'],
    ['with a reminder is suppressed while the outage is being retried', 'reminder', [['down', 'waiting']], 'suppress'],
    [
      'with a reminder is suppressed while another is being sent',
      'reminder',
      [
        ['down', 'delivered'],
        ['reminder', 'waiting'],
      ],
      'suppress',
    ],
    ['with a reminder goes to recipients of the outage', 'reminder', [['down', 'delivered']], 'send'],
    ['about an acknowledgement waits for the outage', 'acknowledged', [['down', 'sending']], 'wait'],
    ['about flapping waits for the outage before it', 'flapping', [['down', 'waiting']], 'wait'],
  ])('%s', ([, event, earlier, turn]) => {
    expect(turnFor({ event, createdAt: earlier.length }, records(earlier))).toBe(turn);
  });

  test.for<[name: string, state: DeliveryState, settledAt: number | null, turn: string]>([
    ['waits while that is being tried', 'waiting', null, 'wait'],
    ['is suppressed once the first alert has arrived after all', 'delivered', 20, 'suppress'],
    ['goes once the first alert has failed', 'failed', 20, 'send'],
    ['goes where that had come through before', 'delivered', 5, 'send'],
  ])('a repeated step whose first alert is late %s', ([, state, settledAt, turn]) => {
    const [first] = records([['down', state]]) as [DeliveryRecord];
    expect(turnFor({ event: 'down', createdAt: 10 }, [{ ...first, settledAt }])).toBe(turn);
  });

  test.for<[name: string, said: Said[], pointless: string[]]>([
    [
      'a repetition once it is over, also while the first alert is being retried',
      [
        ['down', 'waiting'],
        ['down', 'waiting'],
        ['recovered', 'waiting'],
      ],
      ['d1'],
    ],
    [
      'but not one whose first alert failed',
      [
        ['down', 'failed'],
        ['down', 'waiting'],
        ['recovered', 'waiting'],
      ],
      [],
    ],
    [
      'an advisory once it is an outage',
      [
        ['degraded', 'waiting'],
        ['down', 'waiting'],
      ],
      ['d0'],
    ],
    [
      'but not once it is another advisory',
      [
        ['degraded', 'waiting'],
        ['regional', 'waiting'],
      ],
      [],
    ],
    [
      'a reminder once it has recovered',
      [
        ['down', 'delivered'],
        ['reminder', 'waiting'],
        ['recovered', 'waiting'],
      ],
      ['d1'],
    ],
    [
      'but not one that is being sent',
      [
        ['down', 'delivered'],
        ['reminder', 'sending'],
        ['recovered', 'waiting'],
      ],
      [],
    ],
    [
      'but never the first alert',
      [
        ['down', 'waiting'],
        ['recovered', 'waiting'],
      ],
      [],
    ],
    [
      'a reminder once somebody takes care',
      [
        ['down', 'delivered'],
        ['reminder', 'waiting'],
        ['acknowledged', 'waiting'],
      ],
      ['d1'],
    ],
    [
      'but not a repetition then',
      [
        ['down', 'delivered'],
        ['down', 'waiting'],
        ['acknowledged', 'waiting'],
      ],
      [],
    ],
    [
      'but not the next outage',
      [
        ['down', 'delivered'],
        ['recovered', 'delivered'],
        ['down', 'waiting'],
        ['recovered', 'waiting'],
      ],
      [],
    ],
  ])('is pointless: %s', ([, said, pointless]) => {
    expect(superseded(records(said)).map(({ id }) => id)).toEqual(pointless);
  });

  test.for<[name: string, later: DeliveryState, isHeld: boolean, pointless: string[]]>([
    ['once they hold a newer one', 'waiting', true, ['d1']],
    ['but not if the newer one was suppressed', 'suppressed', true, []],
    ['but not where none hold it', 'waiting', false, []],
  ])('is pointless: a reminder that quiet hours hold, %s', ([, later, isHeld, pointless]) => {
    const [down, reminder, newer] = records([
      ['down', 'delivered'],
      ['reminder', 'waiting'],
      ['reminder', later],
    ]);
    if (!down || !reminder || !newer) throw new Error('Three were made.');
    const held = { ...reminder, heldUntil: isHeld ? 100 : null };
    expect(superseded([down, held, newer]).map(({ id }) => id)).toEqual(pointless);
  });

  test('has a name that no other has, and that a header can carry', () => {
    const names = fc.record({
      incidentId: fc.string({ maxLength: 6 }),
      event: fc.constantFrom(...deliveryEvents),
      round: fc.nat(12),
      step: fc.nat(12),
      channelId: fc.string({ maxLength: 6 }),
    });
    fc.assert(
      fc.property(names, names, (a, b) => {
        expect(deliveryKey(a)).toMatch(/^[\w%:-]+$/);
        expect(deliveryKey(a) === deliveryKey(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
    const name = { incidentId: 'inc_1', event: 'down', round: 0, step: 2, channelId: 'chan_x' } as const;
    expect(deliveryKey(name)).toBe('inc_1:down:0:2:chan_x');
  });
});

describe('the recipients', () => {
  const said = records([
    ['down', 'delivered', 'mail'],
    ['down', 'failed', 'pager'],
    ['down', 'waiting', 'chat'],
    ['recovered', 'delivered', 'mail'],
    ['down', 'delivered', 'phone'],
  ]);

  test('are the channels with an open deduplication key whose alert arrived or still may', () => {
    expect(audienceOf('acknowledged', said, 9)).toEqual(['chat', 'phone']);
  });

  test('have an end at hand also where the problem failed, should somebody send that again', () => {
    expect(audienceOf('recovered', said, 9)).toEqual(['pager', 'chat', 'phone']);
    expect(missedBy(said)).toEqual(['pager']);
    expect(missedBy([...said, ...records([['down', 'delivered', 'pager']])])).toEqual([]);
  });

  test('get no reminder together with another message', () => {
    expect(audienceOf('reminder', said, 4)).toEqual(['chat']);
  });
});

describe('a channel, with any result of its deliveries,', () => {
  /** The deliveries that are created, and the results in between of those that may go. */
  const moves = fc.array(
    fc.oneof(
      fc.record({ create: fc.constantFrom(...deliveryEvents) }),
      fc.record({ send: fc.nat(), as: fc.constantFrom<DeliveryState>('delivered', 'failed', 'waiting', 'sending') }),
    ),
    { maxLength: 60 },
  );

  type Move = { create: DeliveryEvent } | { send: number; as: DeliveryState };
  /** The events in the order in which they came through, and what is left at the end. */
  const live = (given: Move[]) => {
    let list: DeliveryRecord[] = [];
    const heard: NotificationEvent[] = [];
    let now = 0;
    const settle = (id: string, state: DeliveryState) => {
      const settledAt = isSettled(state) ? now : null;
      list = list.map((one) => (one.id === id ? { ...one, state, settledAt } : one));
    };
    const send = (one: DeliveryRecord, as: DeliveryState) => {
      const turn = one.state === 'sending' ? 'send' : turnFor(one, list.slice(0, list.indexOf(one)));
      if (turn === 'suppress') settle(one.id, 'suppressed');
      if (turn !== 'send') return;
      settle(one.id, as);
      if (as === 'delivered') heard.push(one.event);
    };
    for (const move of given) {
      now++;
      if ('create' in move) {
        const record = { id: `d${list.length}`, channelId: 'mail', event: move.create, createdAt: now };
        list = [...list, { ...record, state: 'waiting', settledAt: null }];
        for (const pointless of superseded(list)) settle(pointless.id, 'suppressed');
      } else {
        const open = list.filter(({ state }) => state === 'waiting' || state === 'sending');
        const one = open[move.send % Math.max(1, open.length)];
        if (one) send(one, move.as);
      }
    }
    // In the end everything that may go goes.
    for (now++; now < 2 * given.length + 2; now++)
      for (const { id } of list) {
        const one = list.find((other) => other.id === id);
        if (one && (one.state === 'waiting' || one.state === 'sending')) send(one, 'delivered');
      }
    return { heard, list };
  };

  test('is notified of an end only after the problem, and of each end once', () => {
    fc.assert(
      fc.property(moves, (given) => {
        let open = false;
        for (const event of live(given).heard) {
          if (!isProblem(event)) expect(open).toBe(true);
          open = isProblem(event) || (open && !isClosing(event));
        }
      }),
    );
  });

  test('has nothing left that waits for ever', () => {
    fc.assert(
      fc.property(moves, (given) => {
        expect(live(given).list.filter(({ state }) => state === 'waiting' || state === 'sending')).toEqual([]);
      }),
    );
  });

  test('is notified of the end wherever it was notified of the problem, unless that failed', () => {
    fc.assert(
      fc.property(moves, (given) => {
        const { list } = live([...given, { create: 'recovered' }]);
        const lastEnd = list.findLastIndex(({ event }) => isClosing(event));
        const current = list.slice(list.slice(0, lastEnd).findLastIndex(({ event }) => isClosing(event)) + 1, lastEnd);
        const wasNotified = current.some(({ event, state }) => isProblem(event) && state === 'delivered');
        expect(list[lastEnd]?.state).toBe(wasNotified ? 'delivered' : 'suppressed');
      }),
    );
  });
});
