import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HttpRequest } from '../../../worker/alerts/channels/channel.ts';
import { channels } from '../../../worker/alerts/channels/table.ts';
import { htmlText } from '../../../worker/alerts/mail/html.ts';
import { factsOf } from '../../../worker/alerts/messages/facts.ts';
import { linksOf } from '../../../worker/alerts/messages/links.ts';
import { type AlertMessage, type MonitorMessage, testMessage } from '../../../worker/alerts/messages/message.ts';
import { plainText, shortText } from '../../../worker/alerts/messages/messageTexts.ts';
import { cut, cutBytes, oneLine, shownName } from '../../../worker/alerts/messages/text.ts';
import { timeText } from '../../../worker/alerts/messages/time.ts';
import { titleOf } from '../../../worker/alerts/messages/titles.ts';
import type { ChannelKind } from '../../../worker/domain/delivery/channelKind.ts';
import { hasVisible } from '../../../worker/domain/fields/visibleText.ts';
import { duration } from '../../../worker/domain/time/duration.ts';
import {
  acknowledged,
  advisory,
  channelFailing,
  channelWorking,
  digest,
  down,
  downSince,
  ended,
  up,
} from './messages.ts';
import { context, vendors } from './vendors.ts';

const test1 = testMessage({ teamName: 'T', timeZone: 'UTC', dashboardUrl: 'https://pharos.test/' }, downSince);
const stable = (standing: 'up' | 'down'): MonitorMessage => ({ ...down, event: 'stable', standing });

test.each<[title: string, message: AlertMessage]>([
  ['Down: Shop', down],
  ['Recovered: Shop, after 12 minutes 5 seconds', up],
  ['Recovered: Shop', { ...up, durationMs: null }],
  ['Slow: Shop', advisory('degraded')],
  ['No longer slow: Shop, after 12 minutes 5 seconds', ended(advisory('degraded'))],
  ['Fails in some regions: Shop', advisory('regional')],
  ['Regional problem resolved: Shop, after 12 minutes 5 seconds', ended(advisory('regional'))],
  ['No data from Shop', advisory('unknown')],
  ['Data again from Shop, after 12 minutes 5 seconds', ended(advisory('unknown'))],
  ['Certificate or domain expires soon: Shop', advisory('expiring')],
  ['Flapping: Shop', { ...down, event: 'flapping' }],
  ['Stable again and up: Shop', stable('up')],
  ['Stable again and down: Shop', stable('down')],
  ['Still down: Shop, for 1 hour 5 minutes', { ...down, event: 'reminder', durationMs: 3_900_000 }],
  ['Acknowledged by Ada Lovelace: Shop', acknowledged],
  ['Test: Pharos can reach you here', test1],
  ['9,998 monitors down, 2 recovered', digest],
  ['Alert delivery failing: #ops', channelFailing],
  ['Alert delivery restored: #ops, after 30 minutes', channelWorking],
  ['1 monitor recovered: Shop 1', { ...digest, counts: { up: 1 } }],
])('the title is "%s"', (title, message) => {
  expect(titleOf(message)).toBe(title);
});

test('the short text says what, why and since when', () => {
  expect(shortText(down)).toBe(
    'Down: Shop. Two of three regions see it failing: HTTP 503 in Western Europe, a timeout in Eastern North America. Down since 21 Nov 2026, 03:12 GMT+1 (Europe/Berlin).',
  );
});

test.each<[message: AlertMessage, since: string]>([
  [advisory('regional'), 'Since 21 Nov 2026, 03:12'],
  [{ ...down, event: 'flapping' }, 'Since 21 Nov 2026, 03:12'],
  [acknowledged, 'Since 21 Nov 2026, 03:12'],
  [digest, 'Since 21 Nov 2026, 03:12 GMT+1 (Europe/Berlin)'],
  [channelFailing, 'Since 21 Nov 2026, 03:12'],
])('the short text of $event says since when', (message, since) => {
  expect(shortText(message)).toContain(since);
});

test('a message without an incident links to the monitor, and asks nobody to acknowledge', () => {
  expect(linksOf(advisory('degraded'))).toEqual([
    { label: 'Open the monitor', url: 'https://pharos.test/monitors/mon_shop' },
    { label: 'Open the site', url: 'https://shop.example.com/health' },
  ]);
});

const cause = 'HTTP 503 in 2 of 3 regions, timeout in 1';
const step = (number: number, round = 1) => ({ number, of: 3, round, rounds: 2 });

test.each<[title: string, message: AlertMessage]>([
  ['Down: Shop, HTTP 503 in 2 of 3 regions, timeout in 1', { ...down, cause, step: step(1) }],
  ['Down: Shop, timeout in 3 of 3 regions', { ...down, cause: 'Timeout in 3 of 3 regions' }],
  ['Escalated (step 2 of 3): Shop is down, timeout', { ...down, cause: 'Timeout', step: step(2) }],
  ['Escalated again (round 2, step 1 of 3): Shop is down, timeout', { ...down, cause: 'Timeout', step: step(1, 2) }],
  ['Escalated (step 2 of 3): Shop is down', { ...down, step: step(2) }],
  ['Still down: Shop, for 5 minutes, HTTP 503', { ...down, event: 'reminder', durationMs: 300_000, cause: 'HTTP 503' }],
  [
    'Slow: Shop, up to 2,345 ms in 2 of 3 regions',
    { ...advisory('degraded'), cause: 'Up to 2,345 ms in 2 of 3 regions' },
  ],
  [
    'Fails in some regions: Shop, timeout in 1 of 3 regions',
    { ...advisory('regional'), cause: 'Timeout in 1 of 3 regions' },
  ],
  [
    'No data from Shop, checks blocked by bot protection',
    { ...advisory('unknown'), cause: 'Checks blocked by bot protection' },
  ],
  ['Flapping: Shop, TLS or certificate failure', { ...down, event: 'flapping', cause: 'TLS or certificate failure' }],
  ['Stable again and down: Shop, HTTP 503', { ...stable('down'), cause: 'HTTP 503' }],
  ['Stable again and up: Shop', { ...stable('up'), cause: 'HTTP 503' }],
  ['Recovered: Shop, after 12 minutes 5 seconds', { ...up, cause: null }],
])('with its cause and its step the title is "%s"', (title, message) => {
  expect(titleOf(message)).toBe(title);
});

/** Everything that is known of an escalation. */
const escalated: MonitorMessage = {
  ...down,
  at: downSince + 300_000,
  cause,
  step: step(2),
  answerLine: 'no healthy upstream',
  tags: ['shop', 'production'],
  runbookUrl: 'https://wiki.example.com/shop?page=outage',
  notified: [
    { channel: '#ops', kind: 'Slack', person: null, at: downSince, state: 'delivered' },
    { channel: 'Ada’s phone', kind: 'SMS', person: 'Ada, on call in Night watch', at: downSince, state: 'failed' },
    { channel: 'Log', kind: 'Webhook', person: null, at: downSince - 86_400_000, state: 'trying' },
  ],
  next: { at: downSince + 900_000, recipients: ['Boss', 'Grace, on call in Managers'] },
};
const fact = (message: AlertMessage, name: string) => factsOf(message).find((one) => one.name === name)?.value;

test('a channel with the name of its kind is named once', () => {
  const notified = [
    { channel: 'ntfy', kind: 'ntfy', person: null, at: downSince, state: 'delivered' },
  ] satisfies MonitorMessage['notified'];
  expect(fact({ ...escalated, notified }, 'Notified earlier')).toBe('ntfy at 03:12');
});

test('regions that fail come first, then those without a result, slow ones and those that pass', () => {
  const report = (region: 'weur' | 'enam' | 'apac' | 'oc', health: 'up' | 'degraded' | 'down' | 'unknown') => ({
    ...{ region, health, reason: 'ok' as const, status: null, latencyMs: 1, dataCentre: null },
  });
  const regions = [report('weur', 'up'), report('enam', 'degraded'), report('apac', 'down'), report('oc', 'unknown')];
  const seen = fact({ ...escalated, regions }, 'Seen from');
  expect(seen?.split('\n').map((line) => line.split(':')[0])).toEqual([
    'Asia-Pacific',
    'Oceania',
    'North America, east',
    'Europe, west',
  ]);
});

test('an escalation says who was notified before, whether that arrived, and who is next', () => {
  expect(fact(escalated, 'Notified earlier')).toBe(
    [
      '#ops (Slack) at 03:12',
      'Ada, on call in Night watch (Ada’s phone) at 03:12, not delivered',
      'Log (Webhook) at 20 Nov 2026, 03:12, not delivered yet',
    ].join('\n'),
  );
  expect(fact(escalated, 'Next')).toBe('At 03:27, unless acknowledged: Boss; Grace, on call in Managers');
});

test.each<[what: string, changes: Partial<MonitorMessage>, next: string | undefined]>([
  ['the last step says so', { next: null }, 'Last step: no further notifications'],
  ['a policy with one step says nothing', { next: null, step: { number: 1, of: 1, round: 1, rounds: 1 } }, undefined],
  ['a message of an earlier version has no next step', { next: undefined, step: undefined }, undefined],
  [
    'deleted recipients are the next step',
    { next: { at: downSince + 900_000, recipients: ['\u200b'] } },
    'At 03:27, unless acknowledged: the next step',
  ],
])('%s', (_, changes, next) => {
  expect(fact({ ...escalated, ...changes } as MonitorMessage, 'Next')).toBe(next);
});

test('the facts hold what people need at 3 a.m.', () => {
  expect(fact(escalated, 'Response')).toBe('no healthy upstream');
  expect(fact(escalated, 'Tags')).toBe('shop, production');
  expect(fact({ ...acknowledged, cause }, 'Cause')).toBe(cause);
});

test('the links come in the order of urgency: to act, the incident, the runbook, the site, and what is reached from there', () => {
  expect(linksOf(escalated)).toEqual([
    { label: 'Acknowledge', url: escalated.acknowledgeUrl },
    { label: 'Open the incident', url: 'https://pharos.test/incidents/inc_4k2' },
    { label: 'Open the runbook', url: 'https://wiki.example.com/shop?page=outage' },
    // Without the query, in which people keep keys.
    { label: 'Open the site', url: 'https://shop.example.com/health' },
    { label: 'Open the monitor', url: 'https://pharos.test/monitors/mon_shop' },
  ]);
  const labels = (message: AlertMessage) => linksOf(message).map(({ label }) => label);
  const runbookUrl = escalated.runbookUrl as string;
  expect(labels({ ...up, runbookUrl })).toEqual(['Open the incident', 'Open the site', 'Open the monitor']);
  expect(labels({ ...acknowledged, runbookUrl })).toContain('Open the runbook');
  expect(labels(test1)).toEqual(['Open Pharos']);
});

test.each([
  ['javascript:alert(1)'],
  ['not an address'],
  ['ftp://example.com/'],
  [`https://example.com/${'a'.repeat(500)}`],
])('no link leads to %s', (url) => {
  const message = { ...escalated, runbookUrl: url, monitor: { ...escalated.monitor, url } };
  expect(linksOf(message).map(({ label }) => label)).toEqual(['Acknowledge', 'Open the incident', 'Open the monitor']);
});

const invisibleNames: [what: string, name: string][] = [
  ['nothing', ''],
  ['blanks', ' \t\u00a0\u3000'],
  ['spaces without width', '\u200b\u200c\u200d\ufeff\u2060'],
  ['marks that turn the direction', '\u202e\u2066\u2069\u061c'],
  ['variation selectors', '\ufe0f\u{e0100}'],
  ['a soft hyphen', '\u00ad'],
  ['a combining grapheme joiner', '\u034f'],
  ['fillers of Hangul', '\u3164\u115f\u1160\uffa0'],
  ['tags', '\u{e0041}\u{e007f}'],
  ['half of a surrogate pair', '\ud800'],
  ['control characters', '\0\u0007\u009f'],
  ['the empty pattern of Braille', '\u2800'],
  ['a mark on nothing', '\u0301'],
];

test.each(invisibleNames)('a name of %s is replaced wherever it stands', (_, name) => {
  const message: MonitorMessage = {
    ...escalated,
    monitor: { ...escalated.monitor, name },
    teamName: name,
    tags: [name, 'shop'],
    answerLine: name,
    notified: [
      { channel: name, kind: 'Slack', person: null, at: downSince, state: 'delivered' },
      { channel: name, kind: 'SMS', person: name, at: downSince, state: 'delivered' },
    ],
    next: { at: downSince + 900_000, recipients: [name, 'Boss'] },
  };
  expect(titleOf(message)).toContain('shop.example.com is down');
  expect(fact(message, 'Team')).toBe('A team');
  expect(fact(message, 'Tags')).toBe('shop');
  expect(fact(message, 'Response')).toBe(undefined);
  expect(fact(message, 'Notified earlier')).toBe('Slack channel at 03:12\nSMS channel at 03:12');
  expect(fact(message, 'Next')).toMatch(/: Boss$/);
  expect(titleOf({ ...acknowledged, acknowledgedBy: name })).toBe('Acknowledged: Shop');
  expect(fact({ ...acknowledged, acknowledgedBy: name }, 'Acknowledged by')).toBe('A team member');
  const channel = { ...channelFailing, channel: { ...channelFailing.channel, name } };
  expect(titleOf(channel)).toBe('Alert delivery failing: Slack channel');
  expect(titleOf({ ...digest, counts: { down: 1 }, monitors: digest.monitors.map((one) => ({ ...one, name })) })).toBe(
    '1 monitor down: shop.example.com',
  );
  for (const line of plainText(message)
    .split('\n')
    .filter((text) => text !== ''))
    expect(hasVisible(line)).toBe(true);
});

test('a name behind more than its length of invisible characters is shown', () => {
  expect(shownName(`${'\u200b'.repeat(300)}Shop`, 'none', 100)).toBe('Shop');
});

test('the title, the name and each line of a fact are one visible line, for any texts of a message', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 150 }),
    fc.constantFrom(...invisibleNames.map(([, name]) => name), 'a\nb\r\nc\u2028d', '\u202egnp.exe', '@everyone **x**'),
  );
  const message = fc.record({
    name: text,
    team: text,
    person: text,
    cause: fc.option(text),
    answer: fc.option(text),
    tags: fc.array(text, { maxLength: 20 }),
  });
  fc.assert(
    fc.property(message, ({ name, team, person, cause: said, answer, tags }) => {
      const sample: MonitorMessage = {
        ...escalated,
        ...{ monitor: { ...escalated.monitor, name }, teamName: team, acknowledgedBy: person },
        ...{ cause: said, answerLine: answer, tags, why: name },
        notified: [{ channel: name, kind: 'Slack', person, at: downSince, state: 'delivered' }],
        next: { at: downSince + 900_000, recipients: [name, person] },
      };
      for (const one of [
        sample,
        { ...sample, event: 'acknowledged' as const },
        { ...sample, event: 'reminder' as const },
      ]) {
        const lines = [titleOf(one), ...factsOf(one).flatMap((each) => [each.name, ...each.value.split('\n')])];
        for (const line of lines) {
          expect(line).not.toMatch(/[\r\n\u2028\u2029\u202a-\u202e\0]/);
          expect(hasVisible(line), JSON.stringify(line)).toBe(true);
        }
      }
    }),
  );
});

test('the recovery says from when to when, and who knew', () => {
  const text = plainText(up);
  expect(text).toContain('Began: 21 Nov 2026, 03:12 GMT+1 (Europe/Berlin)');
  expect(text).toContain('Recovered at: 21 Nov 2026, 03:24 GMT+1 (Europe/Berlin)');
  expect(text).toContain('Acknowledged by: Ada Lovelace');
});

test('a digest says how much of each recovery’s length had no data', () => {
  const [first] = digest.monitors as [(typeof digest.monitors)[number]];
  const counted = { down: 40_000, unknown: 269_000 };
  const one = { ...first, event: 'up' as const, durationMs: 309_000, counted };
  expect(plainText({ ...digest, counts: { up: 1 }, monitors: [one] })).toContain(
    'for 5 minutes 9 seconds, of which 40 seconds were observed down and 4 minutes 29 seconds had no data',
  );
});

test.each([
  ['no region has data', downSince + 30_000, 'Last data: 21 Nov 2026, 03:12 GMT+1 (Europe/Berlin)'],
  ['some region has data', null, 'Unknown since: 21 Nov 2026, 03:12 GMT+1 (Europe/Berlin)'],
  ['an earlier version stored it', undefined, 'Last data: 21 Nov 2026, 03:12 GMT+1 (Europe/Berlin)'],
])('a message about a monitor without a verdict says since when, if %s', (_, lastSeenAt, fact) => {
  const { lastSeenAt: __, ...message } = advisory('unknown');
  const sample = lastSeenAt === undefined ? message : { ...message, lastSeenAt };
  expect(plainText(sample)).toContain(fact);
  expect(shortText(sample)).toContain(fact.replace(': ', ' '));
});

test('a message about a channel names it, says why, and leads to it', () => {
  const text = plainText(channelFailing);
  expect(text).toContain('HTTP 400');
  expect(text).toContain('Channel: #ops (Slack)');
  expect(text).toContain('Since: 21 Nov 2026, 03:12 GMT+1 (Europe/Berlin)');
  expect(text).toContain('Open the channel: https://pharos.test/alerts/channels/chn_1');
});

test('a digest names the first few and counts the rest', () => {
  expect(plainText(digest)).toContain('- Shop 3: down\n- and 9,997 more');
});

test('HTML loads nothing and holds the links whole', () => {
  const html = htmlText(down);
  expect(html).not.toMatch(/<(img|script|link|iframe)|url\(/);
  for (const { url } of linksOf(down)) expect(html).toContain(`href="${url.replaceAll('&', '&amp;')}"`);
});

test.each([
  [Date.UTC(2026, 6, 1, 12, 0), 'UTC', '1 Jul 2026, 12:00 UTC'],
  [Date.UTC(2026, 6, 1, 12, 0), 'Europe/Berlin', '1 Jul 2026, 14:00 GMT+2 (Europe/Berlin)'],
  [Date.UTC(2026, 9, 25, 0, 30), 'Europe/Berlin', '25 Oct 2026, 02:30 GMT+2 (Europe/Berlin)'],
  [Date.UTC(2026, 9, 25, 1, 30), 'Europe/Berlin', '25 Oct 2026, 02:30 GMT+1 (Europe/Berlin)'],
  [Date.UTC(2026, 6, 1, 12, 0), 'Asia/Kathmandu', '1 Jul 2026, 17:45 GMT+5:45 (Asia/Kathmandu)'],
  [Date.UTC(2026, 6, 1, 0, 0), 'America/New_York', '30 Jun 2026, 20:00 GMT-4 (America/New_York)'],
  [Date.UTC(2026, 6, 1, 12, 0), 'Nowhere/Land', '1 Jul 2026, 12:00 UTC'],
])('%d in %s is %s', (at, zone, text) => {
  expect(timeText(at, zone)).toBe(text);
});

test.each([
  [0, 'a moment'],
  [1_000, '1 second'],
  [59_600, '1 minute'],
  [3_600_000, '1 hour'],
  [90_061_000, '1 day 1 hour'],
  [172_800_000 + 61_000, '2 days'],
])('%d ms last %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

const anyText = fc.string({ unit: 'binary', maxLength: 200 });

test('nothing that is cut is longer than it may be, nor broken', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 4, max: 120 }), (text, max) => {
      expect(cut(text, max).length).toBeLessThanOrEqual(max);
      expect(new TextEncoder().encode(cutBytes(text.toWellFormed(), max)).length).toBeLessThanOrEqual(max);
      expect(cut(text.toWellFormed(), max).isWellFormed()).toBe(true);
      if (text.length <= max) expect(cut(text, max)).toBe(text);
      expect(oneLine(text)).not.toMatch(/[\r\n\u2028\u2029\u202e]/);
    }),
  );
});

describe('stateful channels', () => {
  const sent = async (kind: ChannelKind, message: AlertMessage) => {
    const channel = channels[kind];
    const settings = channel.settings({ allowPrivate: false, ownHosts: [] }).parse(vendors[kind].settings);
    return JSON.parse(((await channel.request(message, settings, 'dlv_1', context)) as HttpRequest).body as string);
  };

  test.each<[message: AlertMessage, action: string, status: string, dedupKey: string]>([
    [down, 'trigger', 'firing', 'inc_4k2'],
    [{ ...down, event: 'reminder' }, 'trigger', 'firing', 'inc_4k2'],
    [acknowledged, 'acknowledge', 'firing', 'inc_4k2'],
    [up, 'resolve', 'resolved', 'inc_4k2'],
    [stable('up'), 'resolve', 'resolved', 'inc_4k2'],
    [stable('down'), 'trigger', 'firing', 'inc_4k2'],
    [advisory('regional'), 'trigger', 'firing', `mon_shop-${downSince}`],
    [ended(advisory('regional')), 'resolve', 'resolved', `mon_shop-${downSince}`],
    [digest, 'trigger', 'firing', 'digest_7'],
    [{ ...digest, counts: { degraded: 40 }, stillOpen: 40, stillDown: 0 }, 'trigger', 'firing', 'digest_7'],
    [{ ...digest, counts: { up: 9_998 }, stillOpen: 0, stillDown: 0 }, 'resolve', 'resolved', 'digest_7'],
    [test1, 'trigger', 'firing', `test-${downSince}`],
  ])('$event opens, notes or closes the same one', async (message, action, status, dedupKey) => {
    expect(await sent('pagerduty', message)).toMatchObject({ event_action: action, dedup_key: dedupKey });
    expect(await sent('incident-io', message)).toMatchObject({ status, deduplication_key: dedupKey });
  });
});
