import { describe, expect, test } from 'vitest';
import type { Target } from '../../../worker/domain/escalation/escalationPolicy.ts';
import { type Reachable, type Reached, recipientsOf } from '../../../worker/domain/escalation/recipients.ts';

const at = Date.parse('2026-11-24T12:00:00Z');

const layer = (participants: string[], startsAt = '2026-11-23T09:00') => ({
  name: 'First',
  participants,
  startsAt,
  rotation: { count: 1, unit: 'weeks' as const },
  hours: [],
});

const schedule = (name: string, layers: ReturnType<typeof layer>[]) => ({
  name,
  timeZone: 'Europe/Berlin',
  layers,
  overrides: [],
});

const reachable: Reachable = {
  channels: new Set(['ops', 'ada-sms', 'ada-mail', 'ben-sms']),
  people: new Map([
    ['ada', { name: 'Ada', channels: ['ada-sms', 'ada-mail', 'deleted'] }],
    ['ben', { name: 'Ben', channels: ['ben-sms'] }],
    ['cy', { name: 'Cy', channels: [] }],
  ]),
  schedules: new Map([
    ['ada-on-call', schedule('Ops', [layer(['ada', 'ben'])])],
    ['cy-on-call', schedule('Nights', [layer(['cy'])])],
    ['stranger-on-call', schedule('Old', [layer(['left'])])],
    ['gap', schedule('Later', [layer(['ada'], '2026-12-24T09:00')])],
  ]),
};

const [channel, person, onCall] = (['channel', 'person', 'onCall'] as const).map((type) => (id: string) => ({
  type,
  id,
})) as [(id: string) => Target, (id: string) => Target, (id: string) => Target];

const shown = ({ recipients, unreached, inPlace }: Reached) => [
  recipients.map((one) => (one.person === null ? one.channelId : `${one.channelId}: ${one.person}`)),
  unreached.map((one) => `${one.schedule ?? '-'}: ${one.person ?? 'nobody'}`),
  inPlace,
];

type Row = [
  name: string,
  targets: Target[],
  later: Target[][] | null,
  recipients: string[],
  unreached: string[],
  inPlace: Reached['inPlace'],
];

const everything = ['ops', 'ada-sms', 'ada-mail', 'ben-sms'];

describe('a step of a policy', () => {
  test.for<Row>([
    ['leads to a channel', [channel('ops')], [], ['ops'], [], null],
    ['leads to the channels of a person that exist', [person('ada')], [], ['ada-sms: Ada', 'ada-mail: Ada'], [], null],
    [
      'leads to the channels of the person on call',
      [onCall('ada-on-call')],
      [],
      ['ada-sms: Ada, on call in Ops', 'ada-mail: Ada, on call in Ops'],
      [],
      null,
    ],
    [
      'notifies each channel once, and names its people',
      [channel('ada-sms'), onCall('ada-on-call'), person('ada')],
      [],
      ['ada-sms: Ada, on call in Ops; Ada', 'ada-mail: Ada, on call in Ops; Ada'],
      [],
      null,
    ],
    [
      'names a gap where others are reached',
      [onCall('gap'), channel('ops')],
      [[person('ben')]],
      ['ops'],
      ['Later: nobody'],
      null,
    ],
    ['names a person without channels', [person('cy'), channel('ops')], [], ['ops'], ['-: Cy'], null],
    [
      'gives its place to the next step that leads to somebody',
      [onCall('gap')],
      [[person('cy')], [person('ben')], [channel('ops')]],
      ['ben-sms: Ben'],
      ['Later: nobody'],
      'later-step',
    ],
    [
      'gives its place to all channels where no later step leads to anybody',
      [onCall('cy-on-call')],
      [[onCall('gap')]],
      everything,
      ['Nights: Cy'],
      'all-channels',
    ],
    ['notifies nobody of an event that is no outage', [onCall('gap')], null, [], ['Later: nobody'], 'nobody'],
    [
      'names a deleted person on call',
      [onCall('stranger-on-call')],
      [],
      everything,
      ['Old: Deleted person'],
      'all-channels',
    ],
    ['skips deleted targets', [channel('deleted'), onCall('deleted')], [], everything, [], 'all-channels'],
  ])('%s', ([, targets, later, recipients, unreached, inPlace]) => {
    expect(shown(recipientsOf(targets, { later, reachable, at }))).toEqual([recipients, unreached, inPlace]);
  });
});

test('a team without channels notifies nobody', () => {
  const none = { ...reachable, channels: new Set<string>() };
  expect(recipientsOf([onCall('gap')], { later: [], reachable: none, at })).toEqual({
    recipients: [],
    unreached: [{ schedule: 'Later', person: null }],
    inPlace: 'nobody',
  });
});
