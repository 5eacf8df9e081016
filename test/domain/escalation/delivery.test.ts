import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  audienceOf,
  type DeliveryRecord,
  deliveryKey,
  type Fate,
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

type Said = [event: NotificationEvent, fate: Fate, channelId?: string];

const isSettled = (fate: Fate) => fate !== 'waiting' && fate !== 'sending';

const records = (said: Said[]): DeliveryRecord[] =>
  said.map(([event, fate, channelId = 'mail'], i) => ({
    id: `d${i}`,
    channelId,
    event,
    fate,
    createdAt: i,
    settledAt: isSettled(fate) ? i : null,
  }));

describe('a delivery', () => {
  test.for<[name: string, event: NotificationEvent, earlier: Said[], turn: string]>([
    ['that a channel fails begins a story', 'channel-failing', [], 'send'],
    ['that it works again follows', 'channel-working', [['channel-failing', 'delivered']], 'send'],
    ['and waits for it', 'channel-working', [['channel-failing', 'waiting']], 'wait'],
    ['but goes to nobody who was not told', 'channel-working', [['channel-failing', 'dead']], 'skip'],
    ['of an outage goes at once', 'down', [], 'send'],
    ['of a recovery goes after its outage', 'recovered', [['down', 'delivered']], 'send'],
    ['of a recovery waits while the outage is being sent', 'recovered', [['down', 'sending']], 'wait'],
    ['of a recovery waits while the outage is still being tried', 'recovered', [['down', 'waiting']], 'wait'],
    ['of a recovery is left out where the outage never came through', 'recovered', [['down', 'dead']], 'skip'],
    ['of a recovery is left out where no outage was told', 'recovered', [], 'skip'],
    [
      'of a recovery goes where one of two tellings came through',
      'recovered',
      [
        ['down', 'dead'],
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
      'skip',
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
        ['recovered', 'dead'],
      ],
      'send',
    ],
    ['that repeats an outage which is still being tried waits', 'down', [['down', 'waiting']], 'wait'],
    ['that repeats one which was delivered goes', 'down', [['down', 'delivered']], 'send'],
    ['of a reminder is left out while the outage is still being tried', 'reminder', [['down', 'waiting']], 'skip'],
    [
      'of a reminder is left out while another is',
      'reminder',
      [
        ['down', 'delivered'],
        ['reminder', 'waiting'],
      ],
      'skip',
    ],
    ['of a reminder goes to whoever knows', 'reminder', [['down', 'delivered']], 'send'],
    ['of an acknowledgement waits for the outage', 'acknowledged', [['down', 'sending']], 'wait'],
    ['of flapping waits for the outage before it', 'flapping', [['down', 'waiting']], 'wait'],
  ])('%s', ([, event, earlier, turn]) => {
    expect(turnFor({ event, createdAt: earlier.length }, records(earlier))).toBe(turn);
  });

  test.for<[name: string, fate: Fate, settledAt: number | null, turn: string]>([
    ['waits while that is being tried', 'waiting', null, 'wait'],
    ['is left out once that has come through after all', 'delivered', 20, 'skip'],
    ['goes once that was given up', 'dead', 20, 'send'],
    ['goes where that had come through before', 'delivered', 5, 'send'],
  ])('of a repeated step whose first telling is late %s', ([, fate, settledAt, turn]) => {
    const [first] = records([['down', fate]]) as [DeliveryRecord];
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
        ['down', 'dead'],
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

  test.for<[name: string, later: Fate, isHeld: boolean, pointless: string[]]>([
    ['once they hold a newer one', 'waiting', true, ['d1']],
    ['but not where the newer one was left out', 'skipped', true, []],
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

describe('those who were told', () => {
  const said = records([
    ['down', 'delivered', 'mail'],
    ['down', 'dead', 'pager'],
    ['down', 'waiting', 'chat'],
    ['recovered', 'delivered', 'mail'],
    ['down', 'delivered', 'phone'],
  ]);

  test('are the channels with an open story that came through or still may', () => {
    expect(audienceOf('acknowledged', said, 9)).toEqual(['chat', 'phone']);
  });

  test('have an end at hand also where the problem was given up, should somebody send that again', () => {
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
      fc.record({ send: fc.nat(), as: fc.constantFrom<Fate>('delivered', 'dead', 'waiting', 'sending') }),
    ),
    { maxLength: 60 },
  );

  type Move = { create: DeliveryEvent } | { send: number; as: Fate };
  /** The events in the order in which they came through, and what is left at the end. */
  const live = (given: Move[]) => {
    let list: DeliveryRecord[] = [];
    const heard: NotificationEvent[] = [];
    let now = 0;
    const settle = (id: string, fate: Fate) => {
      const settledAt = isSettled(fate) ? now : null;
      list = list.map((one) => (one.id === id ? { ...one, fate, settledAt } : one));
    };
    const send = (one: DeliveryRecord, as: Fate) => {
      const turn = one.fate === 'sending' ? 'send' : turnFor(one, list.slice(0, list.indexOf(one)));
      if (turn === 'skip') settle(one.id, 'skipped');
      if (turn !== 'send') return;
      settle(one.id, as);
      if (as === 'delivered') heard.push(one.event);
    };
    for (const move of given) {
      now++;
      if ('create' in move) {
        const record = { id: `d${list.length}`, channelId: 'mail', event: move.create, createdAt: now };
        list = [...list, { ...record, fate: 'waiting', settledAt: null }];
        for (const pointless of superseded(list)) settle(pointless.id, 'skipped');
      } else {
        const open = list.filter(({ fate }) => fate === 'waiting' || fate === 'sending');
        const one = open[move.send % Math.max(1, open.length)];
        if (one) send(one, move.as);
      }
    }
    // In the end everything that may go goes.
    for (now++; now < 2 * given.length + 2; now++)
      for (const { id } of list) {
        const one = list.find((other) => other.id === id);
        if (one && (one.fate === 'waiting' || one.fate === 'sending')) send(one, 'delivered');
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
        expect(live(given).list.filter(({ fate }) => fate === 'waiting' || fate === 'sending')).toEqual([]);
      }),
    );
  });

  test('is told that it is over wherever it was told of the problem, unless that died', () => {
    fc.assert(
      fc.property(moves, (given) => {
        const { list } = live([...given, { create: 'recovered' }]);
        const lastEnd = list.findLastIndex(({ event }) => isClosing(event));
        const current = list.slice(list.slice(0, lastEnd).findLastIndex(({ event }) => isClosing(event)) + 1, lastEnd);
        const wasNotified = current.some(({ event, fate }) => isProblem(event) && fate === 'delivered');
        expect(list[lastEnd]?.fate).toBe(wasNotified ? 'delivered' : 'skipped');
      }),
    );
  });
});
