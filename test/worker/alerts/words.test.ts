import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HttpRequest } from '../../../worker/alerts/channels/channel.ts';
import { channels } from '../../../worker/alerts/channels/table.ts';
import { htmlText } from '../../../worker/alerts/mail/html.ts';
import { type AlertMessage, type MonitorMessage, testMessage } from '../../../worker/alerts/message.ts';
import { cut, cutBytes, oneLine } from '../../../worker/alerts/text.ts';
import { timeText } from '../../../worker/alerts/time.ts';
import { linksOf, plainText, shortText, titleOf } from '../../../worker/alerts/words.ts';
import type { ChannelKind } from '../../../worker/domain/channelKind.ts';
import { duration } from '../../../worker/domain/duration.ts';
import {
  acknowledged,
  channelFailing,
  channelWorking,
  digest,
  down,
  downSince,
  ended,
  lesser,
  up,
} from './messages.ts';
import { context, vendors } from './vendors.ts';

const test1 = testMessage({ teamName: 'T', timeZone: 'UTC', dashboardUrl: 'https://pharos.test/' }, downSince);
const stable = (standing: 'up' | 'down'): MonitorMessage => ({ ...down, event: 'stable', standing });

test.each<[title: string, message: AlertMessage]>([
  ['Down: Shop', down],
  ['Recovered: Shop, after 12 minutes 5 seconds', up],
  ['Recovered: Shop', { ...up, durationMs: null }],
  ['Slow: Shop', lesser('degraded')],
  ['No longer slow: Shop, after 12 minutes 5 seconds', ended(lesser('degraded'))],
  ['Fails in some regions: Shop', lesser('regional')],
  ['Regional problem over: Shop, after 12 minutes 5 seconds', ended(lesser('regional'))],
  ['No data from Shop', lesser('unknown')],
  ['Data again from Shop, after 12 minutes 5 seconds', ended(lesser('unknown'))],
  ['Certificate or domain expires soon: Shop', lesser('expiring')],
  ['Keeps changing: Shop', { ...down, event: 'flapping' }],
  ['Stable again, up: Shop', stable('up')],
  ['Stable again, down: Shop', stable('down')],
  ['Still down: Shop, for 1 hour 5 minutes', { ...down, event: 'reminder', durationMs: 3_900_000 }],
  ['Ada Lovelace takes care of Shop', acknowledged],
  ['Test: Pharos can reach you here', test1],
  ['9,998 monitors down, 2 recovered', digest],
  ['Alerts do not arrive: #ops', channelFailing],
  ['Alerts arrive again: #ops, after 30 minutes', channelWorking],
  ['1 monitor recovered: Shop 1', { ...digest, counts: { up: 1 } }],
])('the title is "%s"', (title, message) => {
  expect(titleOf(message)).toBe(title);
});

test('the short text says what, why and since when', () => {
  expect(shortText(down)).toBe(
    'Down: Shop. Two of three regions were answered with HTTP 503. Down since 21 Nov 2026, 03:12 GMT+1 (Europe/Berlin).',
  );
});

test('what has no incident leads to the monitor, and asks nobody to acknowledge', () => {
  expect(linksOf(lesser('degraded'))).toEqual([
    { label: 'Open the monitor', url: 'https://pharos.test/monitors/mon_shop' },
  ]);
});

test('the recovery says from when to when, and who knew', () => {
  const text = plainText(up);
  expect(text).toContain('Began: 21 Nov 2026, 03:12 GMT+1 (Europe/Berlin)');
  expect(text).toContain('Over since: 21 Nov 2026, 03:24 GMT+1 (Europe/Berlin)');
  expect(text).toContain('Known by: Ada Lovelace');
});

test('a digest says of each recovery what of its length had no data', () => {
  const [first] = digest.monitors as [(typeof digest.monitors)[number]];
  const counted = { down: 40_000, unknown: 269_000 };
  const one = { ...first, event: 'up' as const, durationMs: 309_000, counted };
  expect(plainText({ ...digest, counts: { up: 1 }, monitors: [one] })).toContain(
    'for 5 minutes 9 seconds, of which 40 seconds were observed down and 4 minutes 29 seconds had no data',
  );
});

test.each([
  ['no region is heard', downSince + 30_000, 'Last heard of: 21 Nov 2026, 03:12 GMT+1 (Europe/Berlin)'],
  ['some region is heard', null, 'Unknown since: 21 Nov 2026, 03:12 GMT+1 (Europe/Berlin)'],
  ['an earlier version stored it', undefined, 'Last heard of: 21 Nov 2026, 03:12 GMT+1 (Europe/Berlin)'],
])('of a monitor that is unknown it says since when, where %s', (_, lastHeardAt, fact) => {
  const { lastHeardAt: __, ...message } = lesser('unknown');
  const told = lastHeardAt === undefined ? message : { ...message, lastHeardAt };
  expect(plainText(told)).toContain(fact);
  expect(shortText(told)).toContain(fact.replace(': ', ' '));
});

test('what is told of a channel names it, says why, and leads to it', () => {
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

describe('who keeps incidents of its own', () => {
  const sent = async (kind: ChannelKind, message: AlertMessage) => {
    const channel = channels[kind];
    const settings = channel.settings({ allowPrivate: false, ownHosts: [] }).parse(vendors[kind].settings);
    return JSON.parse(((await channel.request(message, settings, 'dlv_1', context)) as HttpRequest).body as string);
  };

  test.each<[message: AlertMessage, action: string, status: string, story: string]>([
    [down, 'trigger', 'firing', 'inc_4k2'],
    [{ ...down, event: 'reminder' }, 'trigger', 'firing', 'inc_4k2'],
    [acknowledged, 'acknowledge', 'firing', 'inc_4k2'],
    [up, 'resolve', 'resolved', 'inc_4k2'],
    [stable('up'), 'resolve', 'resolved', 'inc_4k2'],
    [stable('down'), 'trigger', 'firing', 'inc_4k2'],
    [lesser('regional'), 'trigger', 'firing', `mon_shop-${downSince}`],
    [ended(lesser('regional')), 'resolve', 'resolved', `mon_shop-${downSince}`],
    [digest, 'trigger', 'firing', 'digest_7'],
    [{ ...digest, counts: { degraded: 40 }, stillOpen: 40, stillDown: 0 }, 'trigger', 'firing', 'digest_7'],
    [{ ...digest, counts: { up: 9_998 }, stillOpen: 0, stillDown: 0 }, 'resolve', 'resolved', 'digest_7'],
    [test1, 'trigger', 'firing', `test-${downSince}`],
  ])('$event opens, notes or closes the same one', async (message, action, status, story) => {
    expect(await sent('pagerduty', message)).toMatchObject({ event_action: action, dedup_key: story });
    expect(await sent('incident-io', message)).toMatchObject({ status, deduplication_key: story });
  });
});
