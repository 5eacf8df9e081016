import { describe, expect, test } from 'vitest';
import type { EscalationPolicy } from '../../../worker/domain/escalation/escalationPolicy.ts';
import { defaultEscalation } from '../../../worker/domain/escalation/escalationPolicy.ts';
import {
  acknowledge,
  begin,
  initialEscalation,
  tick,
  upcomingStep,
} from '../../../worker/domain/escalation/machine.ts';
import { type EarlierDelivery, namesOf, notifiedBefore, stepOf } from '../../../worker/domain/escalation/progress.ts';

const channel = (id: string) => ({ type: 'channel' as const, id });
const minute = 60_000;

const policy: EscalationPolicy = {
  ...defaultEscalation,
  repeat: 1,
  pauseSeconds: 600,
  steps: [
    { afterSeconds: 0, targets: [channel('a')] },
    { afterSeconds: 300, targets: [channel('b')] },
    { afterSeconds: 900, targets: [channel('c')] },
  ],
};

test('each step says which it is of how many, and which comes next', () => {
  const said: unknown[] = [];
  let [state, effects] = begin(initialEscalation, 'down', policy, 0);
  const note = () => {
    for (const effect of effects) said.push([stepOf(effect, state, policy), upcomingStep(state, policy)]);
  };
  note();
  for (let at = minute; at <= 60 * minute; at += minute) {
    [state, effects] = tick(state, policy, at);
    note();
  }
  const step = (number: number, round: number) => ({ number, of: 3, round, rounds: 2 });
  const next = (id: string, minutes: number) => ({ at: minutes * minute, targets: [channel(id)] });
  expect(said).toEqual([
    [step(1, 1), next('b', 5)],
    [step(2, 1), next('c', 15)],
    [step(3, 1), next('a', 25)],
    [step(1, 2), next('b', 30)],
    [step(2, 2), next('c', 40)],
    [step(3, 2), null],
  ]);
});

test('nobody is next once somebody acknowledged, and after a problem that is no outage', () => {
  const [open] = begin(initialEscalation, 'down', policy, 0);
  expect(upcomingStep(acknowledge(open, policy, 1)[0], policy)).toBe(null);
  const asked = { ...policy, events: ['degraded' as const] };
  const [slow, [effect]] = begin(initialEscalation, 'degraded', asked, 0);
  expect(upcomingStep(slow, asked)).toBe(null);
  expect(effect && stepOf(effect, slow, asked)).toBe(null);
});

describe('the earlier recipients', () => {
  const delivery = (given: Partial<EarlierDelivery>): EarlierDelivery => ({
    ...{ channelId: 'a', channel: 'Ops', kind: 'slack', person: null, event: 'down', state: 'delivered' },
    ...{ createdAt: 0, settledAt: 1_000 },
    ...given,
  });
  const states = (deliveries: EarlierDelivery[], at: number) =>
    notifiedBefore(deliveries, at).map(({ channel: name, at: since, state }) => [name, since, state]);

  test('contain each channel once, with the first message and whether one arrived', () => {
    const notified = [
      delivery({}),
      delivery({ channelId: 'b', channel: 'Boss', state: 'failed' }),
      delivery({ channelId: 'c', channel: 'Chat', state: 'waiting', settledAt: null }),
      delivery({ channelId: 'b', channel: 'Boss', createdAt: 2_000, state: 'delivered', settledAt: 2_500 }),
    ];
    expect(states(notified, 3_000)).toEqual([
      ['Ops', 0, 'delivered'],
      ['Boss', 0, 'delivered'],
      ['Chat', 0, 'trying'],
    ]);
  });

  test.each<[what: string, given: Partial<EarlierDelivery>, state: string | null]>([
    ['a later arrival was still being retried', { settledAt: 6_000 }, 'trying'],
    ['a later failure was still being retried as well', { state: 'failed', settledAt: 6_000 }, 'trying'],
    ['a failed delivery did not arrive', { state: 'failed' }, 'failed'],
    ['a suppressed delivery notified nobody', { state: 'suppressed' }, null],
    ['a delivery of the same moment is not earlier', { createdAt: 5_000, settledAt: 5_000 }, null],
    ['a recovery notifies nobody of a problem', { event: 'recovered' }, null],
  ])('are the same in each attempt: %s', (_, given, state) => {
    expect(notifiedBefore([delivery(given)], 5_000).map((one) => one.state)).toEqual(state === null ? [] : [state]);
  });

  test('are none for an incident that was closed and reopened', () => {
    const notified = [delivery({}), delivery({ event: 'resolved', createdAt: 2_000 }), delivery({ createdAt: 3_000 })];
    expect(states(notified, 4_000)).toEqual([['Ops', 3_000, 'delivered']]);
  });
});

test('the next recipients are named as the team knows them, and each once', () => {
  const at = Date.UTC(2026, 10, 21, 12);
  const schedule = (personId: string | null) => ({
    ...{ name: 'Night watch', timeZone: 'UTC', layers: [] },
    overrides: personId === null ? [] : [{ personId, from: at, to: at + 1 }],
  });
  const directory = {
    channels: new Map([['a', 'Ops']]),
    people: new Map([['p', 'Ada']]),
    schedules: new Map([
      ['s', schedule('p')],
      ['empty', schedule(null)],
    ]),
  };
  const targets = [
    channel('a'),
    { type: 'person' as const, id: 'p' },
    { type: 'onCall' as const, id: 's' },
    { type: 'onCall' as const, id: 'empty' },
    channel('gone'),
    channel('a'),
  ];
  expect(namesOf({ at, targets }, directory)).toEqual([
    'Ops',
    'Ada',
    'Ada, on call in Night watch',
    'The person on call in Night watch',
  ]);
});
