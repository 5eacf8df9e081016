import type { ChannelMessage, DigestMessage, MonitorMessage } from '../../../worker/alerts/messages/message.ts';

export const downSince = Date.UTC(2026, 10, 21, 2, 12, 5);

const links = {
  incident: { id: 'inc_4k2', url: 'https://pharos.test/incidents/inc_4k2' },
  acknowledgeUrl: 'https://pharos.test/a/0Ab3xYz8Kq1LmN5pR7sT9uVwX2c',
};

export const down: MonitorMessage = {
  event: 'down',
  about: 'down',
  dedupKey: 'inc_4k2',
  monitorPage: 'https://pharos.test/monitors/mon_shop',
  monitor: { id: 'mon_shop', name: 'Shop', url: 'https://shop.example.com/health?key=of-the-monitor' },
  ...links,
  since: downSince,
  at: downSince + 8_000,
  standing: 'down',
  durationMs: null,
  why: 'Two of three regions see it failing: HTTP 503 in Western Europe, a timeout in Eastern North America.',
  regions: [
    { region: 'weur', health: 'down', reason: 'status', status: 503, latencyMs: 120, dataCentre: 'FRA' },
    { region: 'enam', health: 'down', reason: 'timeout', status: null, latencyMs: 10_000, dataCentre: 'EWR' },
    { region: 'apac', health: 'up', reason: 'ok', status: 200, latencyMs: 310, dataCentre: null },
  ],
  acknowledgedBy: null,
  teamName: 'Night watch',
  timeZone: 'Europe/Berlin',
};

export const up: MonitorMessage = {
  ...down,
  event: 'up',
  at: downSince + 750_000,
  standing: 'up',
  durationMs: 725_000,
  why: 'All regions are answered again.',
  regions: [],
  acknowledgedBy: 'Ada Lovelace',
  acknowledgeUrl: null,
};

export const acknowledged: MonitorMessage = {
  ...down,
  event: 'acknowledged',
  acknowledgedBy: 'Ada Lovelace',
  acknowledgeUrl: null,
};

/** Of a problem that has no incident. */
export const advisory = (problem: 'degraded' | 'regional' | 'unknown' | 'expiring'): MonitorMessage => ({
  ...down,
  event: problem,
  about: problem,
  dedupKey: `mon_shop-${downSince}`,
  incident: null,
  acknowledgeUrl: null,
  standing: 'up',
});

/** Its end. */
export const ended = (message: MonitorMessage): MonitorMessage => ({
  ...message,
  event: 'up',
  at: downSince + 750_000,
  durationMs: 725_000,
  regions: [],
});

export const digest: DigestMessage = {
  event: 'digest',
  digestId: 'digest_7',
  alerts: 10_000,
  counts: { down: 9_998, up: 2 },
  stillOpen: 9_996,
  stillDown: 9_996,
  monitors: [1, 2, 3].map((n) => ({
    id: `mon_${n}`,
    name: `Shop ${n}`,
    url: 'https://shop.example.com/',
    event: 'down' as const,
    since: downSince,
    durationMs: null,
  })),
  url: 'https://pharos.test/monitors?digest=dig_7',
  since: downSince,
  at: downSince + 60_000,
  why: 'Many monitors changed at the same time.',
  teamName: 'Night watch',
  timeZone: 'Europe/Berlin',
};

export const channelFailing: ChannelMessage = {
  event: 'channel-failing',
  dedupKey: 'chn_1-1795226525000',
  channel: { id: 'chn_1', name: '#ops', kind: 'Slack' },
  since: downSince,
  at: downSince + 900_000,
  durationMs: null,
  url: 'https://pharos.test/alerts/channels/chn_1',
  why: 'The receiver rejected the message (HTTP 400). Check the settings of this channel and send a test.',
  teamName: 'Night watch',
  timeZone: 'Europe/Berlin',
};

export const channelWorking: ChannelMessage = {
  ...channelFailing,
  event: 'channel-working',
  at: downSince + 1_800_000,
  durationMs: 1_800_000,
  why: 'A message arrived there.',
};

/** Names that would do something elsewhere, were they not made harmless. */
export const hostileNames: [what: string, name: string][] = [
  ['HTML', '<script>alert(1)</script><b>bold</b>'],
  ['Markdown', '[click](https://evil.example) **bold** `code` ![i](https://evil.example/i.png)'],
  ['mentions', '@everyone @here @channel <!channel> <@U123> <users/all>'],
  ['line breaks', 'first\r\nSubject: other\n\nsecond\u2028third'],
  ['10,000 characters', `long ${'x'.repeat(10_000)}`],
  ['10,000 emoji', '🚨'.repeat(5_000)],
  ['text from right to left', 'متجر\u202egnp.exe'],
  ['half a surrogate pair and NUL', 'a\ud800b\0c'],
  ['template braces', '{{monitor.url}} {7*7} %s'],
  ['quotation marks', `"';\\--`],
];

export const named = (name: string): MonitorMessage => ({
  ...down,
  monitor: { ...down.monitor, name },
  why: `${name} does not answer.`,
  teamName: name,
});
