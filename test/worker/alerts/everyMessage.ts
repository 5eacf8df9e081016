import {
  type AlertMessage,
  type DigestMessage,
  type MonitorMessage,
  testMessage,
} from '../../../worker/alerts/messages/message.ts';
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

const minute = 60_000;

const known = {
  cause: 'HTTP 503 in 1 of 3 regions, timeout in 1',
  tags: ['shop', 'customer-facing'],
  runbookUrl: 'https://wiki.example.com/runbooks/shop_(eu)?step=1&lang=en#restart',
};

/** The second step of a policy, with all that can be known. */
const escalated: MonitorMessage = {
  ...down,
  at: downSince + 5 * minute,
  ...known,
  answerLine: 'upstream connect error or disconnect/reset before headers',
  step: { number: 2, of: 3, round: 1, rounds: 2 },
  notified: [
    { channel: '#ops', kind: 'Slack', person: null, at: downSince + 8_000, state: 'delivered' },
    { channel: 'Mail', kind: 'E-mail', person: 'Ada, on call in Ops', at: downSince + 8_000, state: 'failed' },
  ],
  next: { at: downSince + 20 * minute, recipients: ['Grace Hopper, on call in Platform', '#management'] },
};

const first: MonitorMessage = {
  ...escalated,
  at: down.at,
  step: { number: 1, of: 3, round: 1, rounds: 2 },
  notified: [],
  next: { at: downSince + 5 * minute, recipients: ['Ada, on call in Ops'] },
};

const mixed: DigestMessage = {
  ...digest,
  alerts: 44,
  counts: { down: 12, up: 20, degraded: 8, acknowledged: 1 },
  stillOpen: 21,
  stillDown: 13,
  monitors: (['down', 'degraded', 'up', 'acknowledged'] as const).map((event, i) => ({
    id: `mon_${i}`,
    name: `Shop ${i}`,
    url: 'https://shop.example.com/',
    event,
    since: downSince,
    cause: event === 'up' ? null : 'HTTP 503 in 2 of 3 regions',
    durationMs: event === 'up' ? 3 * minute : null,
    ...(event === 'up' ? { counted: { down: 2 * minute, unknown: minute } } : {}),
  })),
  why: '44 alerts came at about the same time, so they are sent as one.',
};

const long: DigestMessage = {
  ...digest,
  alerts: 5_000,
  counts: { down: 5_000 },
  stillOpen: 5_000,
  stillDown: 5_000,
  monitors: Array.from({ length: 20 }, (_, i) => ({
    id: `mon_${i}`,
    name: `Storefront of the northern warehouse, checkout and payment ${i + 1}`,
    url: `https://shop-${i}.example.com/`,
    event: 'down' as const,
    since: downSince,
    durationMs: null,
  })),
};

/** A message of an earlier version, without causes, steps and links. */
const { counted: _counted, lastSeenAt: _lastSeenAt, ...stored } = down;

/** Every event, and its variants: the suite checks them, and `npm run alerts -- preview` shows them. */
export const everyMessage: Record<string, AlertMessage> = {
  down: first,
  'down-next-step': escalated,
  'down-stored': stored,
  up: { ...up, ...known, counted: { down: 700_000, unknown: 25_000 } },
  'up-unknown-length': { ...up, durationMs: null },
  reminder: { ...escalated, event: 'reminder', durationMs: 65 * minute, at: downSince + 65 * minute },
  acknowledged: { ...acknowledged, ...known },
  resolved: { ...up, event: 'resolved', why: 'Ada Lovelace resolved the incident in Pharos.' },
  degraded: { ...advisory('degraded'), why: 'Three of three regions take longer than 2,000 ms.', tags: ['shop'] },
  'degraded-over': ended({ ...advisory('degraded'), why: 'All regions are answered quickly again.' }),
  regional: { ...advisory('regional'), why: 'One of three regions is not answered.' },
  'regional-over': ended({ ...advisory('regional'), why: 'All regions are answered again.' }),
  unknown: { ...advisory('unknown'), lastSeenAt: downSince - 30_000, why: 'No region has sent a result.' },
  'unknown-over': ended({ ...advisory('unknown'), why: 'All regions send results again.' }),
  expiring: { ...advisory('expiring'), regions: [], why: 'The certificate expires in 6 days.' },
  'expiring-over': ended({ ...advisory('expiring'), why: 'The certificate was renewed.' }),
  flapping: { ...down, event: 'flapping', about: 'flapping', why: 'It changed six times in half an hour.' },
  'stable-up': {
    ...down,
    event: 'stable',
    acknowledgeUrl: null,
    standing: 'up',
    why: 'It has not changed for half an hour.',
  },
  'stable-down': { ...down, event: 'stable', standing: 'down', why: 'It has not changed for half an hour.' },
  test: testMessage(
    { teamName: 'Night watch', timeZone: 'Europe/Berlin', dashboardUrl: 'https://pharos.test/' },
    downSince,
  ),
  digest: mixed,
  'digest-long': long,
  'digest-one': {
    ...digest,
    alerts: 1,
    counts: { up: 1 },
    stillOpen: 0,
    stillDown: 0,
    monitors: mixed.monitors.slice(2, 3),
  },
  'digest-advisories': {
    ...digest,
    alerts: 40,
    counts: { degraded: 40 },
    stillOpen: 40,
    stillDown: 0,
    monitors: digest.monitors.map((monitor) => ({ ...monitor, event: 'degraded' as const })),
  },
  'digest-over': { ...digest, alerts: 9_998, counts: { up: 9_998 }, stillOpen: 0, stillDown: 0, monitors: [] },
  'channel-failing': channelFailing,
  'channel-working': channelWorking,
  'channel-deleted': { ...channelWorking, isDeleted: true, why: 'The channel was deleted.' },
};
