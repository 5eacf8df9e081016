import { expect, test } from 'vitest';
import type { HttpRequest } from '../../../worker/alerts/channels/channel.ts';
import { channels } from '../../../worker/alerts/channels/table.ts';
import { htmlText } from '../../../worker/alerts/mail/html.ts';
import { type AlertMessage, type MonitorMessage, testMessage } from '../../../worker/alerts/messages/message.ts';
import { symbolOf } from '../../../worker/alerts/messages/titles.ts';
import { problemSeverityOf, type Tone, toneOf } from '../../../worker/alerts/messages/tone.ts';
import type { ChannelKind } from '../../../worker/domain/delivery/channelKind.ts';
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

const testSent = testMessage({ teamName: 'T', timeZone: 'UTC', dashboardUrl: 'https://pharos.test/' }, downSince);
const of = (more: Partial<MonitorMessage>): MonitorMessage => ({ ...down, ...more });

const sent = async (kind: ChannelKind, message: AlertMessage) => {
  const settings = channels[kind].settings({ allowPrivate: false, ownHosts: [] }).parse(vendors[kind].settings);
  return JSON.parse(
    ((await channels[kind].request(message, settings, 'dlv_1', context)) as HttpRequest).body as string,
  );
};

test.each<[what: string, tone: Tone, severity: string, message: AlertMessage]>([
  ['an outage', 'critical', 'critical', down],
  ['a reminder', 'critical', 'critical', of({ event: 'reminder' })],
  ['an acknowledged outage', 'acknowledged', 'critical', acknowledged],
  ['an acknowledged slowness', 'acknowledged', 'warning', { ...advisory('degraded'), event: 'acknowledged' }],
  ['a recovery', 'good', 'critical', up],
  ['an incident closed by hand', 'neutral', 'critical', of({ event: 'resolved' })],
  ['a slow monitor', 'warning', 'warning', advisory('degraded')],
  ['the end of slowness', 'good', 'warning', ended(advisory('degraded'))],
  ['the end of slowness by an outage', 'neutral', 'warning', { ...ended(advisory('degraded')), standing: 'down' }],
  ['flapping', 'warning', 'warning', of({ event: 'flapping', about: 'flapping' })],
  ['the end of flapping, down', 'critical', 'critical', of({ event: 'stable', about: 'flapping', standing: 'down' })],
  ['the end of flapping, up', 'good', 'warning', of({ event: 'stable', about: 'flapping', standing: 'up' })],
  ['a test', 'neutral', 'info', testSent],
  ['a digest of outages', 'critical', 'critical', digest],
  ['a digest of slow monitors', 'warning', 'warning', { ...digest, counts: { degraded: 3 }, stillDown: 0 }],
  ['the last digest', 'good', 'warning', { ...digest, counts: { up: 3 }, stillDown: 0, stillOpen: 0 }],
  ['a channel that fails', 'warning', 'warning', channelFailing],
  ['a channel that works again', 'good', 'warning', channelWorking],
])('%s is %s, and its problem %s, in every channel with colours', async (_, tone, severity, message) => {
  expect(toneOf(message)).toBe(tone);
  expect(symbolOf(message) === '🟢').toBe(tone === 'good' && message.event === 'up');
  expect(problemSeverityOf(message)).toBe(severity);
  const colors = { critical: 0xd13438, warning: 0xe0a100, acknowledged: 0x2b62ad, good: 0x2e7d32, neutral: 0x6b7280 };
  expect((await sent('discord', message)).embeds[0].color).toBe(colors[tone]);
  expect((await sent('mattermost', message)).attachments[0].color).toBe(`#${colors[tone].toString(16)}`);
  const names = { critical: 'Attention', warning: 'Warning', acknowledged: 'Accent', good: 'Good', neutral: 'Default' };
  expect((await sent('teams', message)).attachments[0].content.body[0].inlines[0].color).toBe(names[tone]);
  const tags = {
    critical: 'rotating_light',
    warning: 'warning',
    acknowledged: 'raising_hand',
    good: 'white_check_mark',
  };
  const neutralTag = message.event === 'test' ? 'bell' : 'information_source';
  expect((await sent('ntfy', message)).tags).toEqual([tone === 'neutral' ? neutralTag : tags[tone]]);
  const lines = {
    critical: '#c0362c',
    warning: '#a66300',
    acknowledged: '#2b62ad',
    good: '#1c7c4c',
    neutral: '#6b7280',
  };
  expect(htmlText(message)).toContain(`border-left:4px solid ${lines[tone]}`);
  expect((await sent('pagerduty', message)).payload.severity).toBe(severity);
  expect((await sent('incident-io', message)).metadata.severity).toBe(severity);
});
