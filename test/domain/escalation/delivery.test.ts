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
    ['that a channel fails begins a story', 'channel-failing', [], 'send'],
    ['that it works again follows', 'channel-working', [['channel-failing', 'delivered']], 'send'],
    ['and waits for it', 'channel-working', [['channel-failing', 'waiting']], 'wait'],
    ['but goes to nobody who was not told', 'channel-working', [['channel-failing', 'failed']], 'suppress'],
    ['of an outage goes at once', 'down', [], 'send'],
    ['of a recovery goes after its outage', 'recovered', [['down', 'delivered']], 'send'],
    ['of a recovery waits while the outage is being sent', 'recovered', [['down', 'sending']], 'wait'],
    ['of a recovery waits while the outage is still being tried', 'recovered', [['down', 'waiting']], 'wait'],
    ['of a recovery is left out where the outage never came through', 'recovered', [['down', 'failed']], 'suppress'],
    ['of a recovery is left out where no outage was told', 'recovered', [], 'suppress'],
    [
      'of a recovery goes where one of two tellings came through',
      'recovered',
      [
        ['down', 'failed'],
        ['down', 'delivered'],
      ],
      'send',
    ],
    [
      'of a recovery is left out where the story before was closed',
      'recovered',
      [
        ['down', 'delivered'],
        ['resolved', 'delivered'],
      ],
      'suppress',
    ],
    [
      'of an outage waits until the recovery before it is through',
      'down',
      [
        ['down', 'delivered'],
        ['recovered', 'waiting'],
      ],
      'wait',
    ],
    [
      'of an outage goes after a recovery that died',
      'down',
      [
        ['down', 'delivered'],
        ['recovered', 'failed'],
      ],
      'send',
    ],
    ['that repeats an outage which is still being tried waits', 'down', [['down', 'waiting']], 'wait'],
    ['that repeats one which was delivered goes', 'down', [['down', 'delivered']], 'send'],
    ['of a reminder is left out while the outage is still being tried', 'reminder', [['down', 'waiting']], 'suppress'],
    [
      'of a reminder is left out while another is',
      'reminder',
      [
        ['down', 'delivered'],
        ['reminder', 'waiting'],
      ],
      'suppress',
    ],
    ['of a reminder goes to whoever knows', 'reminder', [['down', 'delivered']], 'send'],
    ['of an acknowledgement waits for the outage', 'acknowledged', [['down', 'sending']], 'wait'],
    ['of flapping waits for the outage before it', 'flapping', [['down', 'waiting']], 'wait'],
  ])('%s', ([, event, earlier, turn]) => {
    expect(turnFor({ event, createdAt: earlier.length }, records(earlier))).toBe(turn);
  });

  test.for<[name: string, state: DeliveryState, settledAt: number | null, turn: string]>([
    ['waits while that is being tried', 'waiting', null, 'wait'],
    ['is left out once that has come through after all', 'delivered', 20, 'suppress'],
    ['goes once that was given up', 'failed', 20, 'send'],
    ['goes where that had come through before', 'delivered', 5, 'send'],
  ])('of a repeated step whose first telling is late %s', ([, state, settledAt, turn]) => {
    const [first] = records([['down', state]]) as [DeliveryRecord];
    expect(turnFor({ event: 'down', createdAt: 10 }, [{ ...first, settledAt }])).toBe(turn);
  });

  test.for<[name: string, said: Said[], pointless: string[]]>([
    [
      'a repetition once it is over, also while the first telling is being tried',
      [
        ['down', 'waiting'],
        ['down', 'waiting'],
        ['recovered', 'waiting'],
      ],
      ['d1'],
    ],
    [
      'but not one whose first telling was given up',
      [
        ['down', 'failed'],
        ['down', 'waiting'],
        ['recovered', 'waiting'],
      ],
      [],
    ],
    [
      'a lesser problem once it is an outage',
      [
        ['degraded', 'waiting'],
        ['down', 'waiting'],
      ],
      ['d0'],
    ],
    [
      'but not once it is another lesser one',
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
      'but never the first telling',
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
    ['but not where the newer one was left out', 'suppressed', true, []],
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

describe('those who were notified', () => {
  const said = records([
    ['down', 'delivered', 'mail'],
    ['down', 'failed', 'pager'],
    ['down', 'waiting', 'chat'],
    ['recovered', 'delivered', 'mail'],
    ['down', 'delivered', 'phone'],
  ]);

  test('are the channels with an open story that came through or still may', () => {
    expect(audienceOf('acknowledged', said, 9)).toEqual(['chat', 'phone']);
  });

  test('have an end at hand also where the problem failed, should somebody send that again', () => {
    expect(audienceOf('recovered', said, 9)).toEqual(['pager', 'chat', 'phone']);
    expect(missedBy(said)).toEqual(['pager']);
    expect(missedBy([...said, ...records([['down', 'delivered', 'pager']])])).toEqual([]);
  });

  test('are not reminded of what they hear at the same time', () => {
    expect(audienceOf('reminder', said, 4)).toEqual(['chat']);
  });
});

describe('whatever befalls its deliveries, a channel', () => {
  /** What is created, and in between what becomes of the deliveries that may go. */
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

  test('hears of an end only after the problem, and of each end once', () => {
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

  test('is told that it is over wherever it was notified of the problem, unless that died', () => {
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
