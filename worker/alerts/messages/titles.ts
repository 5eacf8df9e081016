import type { Problem } from '../../domain/escalation/events.ts';
import { continued } from '../../domain/incidents/cause.ts';
import { duration } from '../../domain/time/duration.ts';
import type { AlertMessage, ChannelMessage, DigestMessage, MessageEvent, MonitorMessage } from './message.ts';
import { causeIn, channelNameOf, nameOf } from './names.ts';
import { shownName } from './text.ts';
import { toneOf } from './tone.ts';

/** The title of each event, in every channel. */

/** In a title the cause follows the name, and receivers cut the end. */
const maxNameInTitle = 100;

const symbols: Record<MessageEvent, string> = {
  down: '🔴',
  up: '🟢',
  degraded: '🟡',
  regional: '🟠',
  unknown: '⚪',
  expiring: '🟡',
  flapping: '🟠',
  stable: '🔵',
  reminder: '🔴',
  acknowledged: '🙋',
  resolved: '⚪',
  test: '🔔',
  digest: '📋',
  'channel-failing': '📵',
  'channel-working': '📶',
};

/** A coloured symbol for chats, visible before the text. */
export const symbolOf = (message: AlertMessage) =>
  message.event === 'up' && toneOf(message) !== 'good' ? '⚪' : symbols[message.event];

/** The sentence about the end of a problem. */
const endings: Record<Problem, (name: string) => string> = {
  down: (name) => `Recovered: ${name}`,
  flapping: (name) => `Recovered: ${name}`,
  degraded: (name) => `No longer slow: ${name}`,
  regional: (name) => `Regional problem resolved: ${name}`,
  unknown: (name) => `Data again from ${name}`,
  expiring: (name) => `No longer about to expire: ${name}`,
};

/** `, HTTP 503 in 2 of 3 regions`: continues the preceding text. */
const causeAfter = ({ cause }: MonitorMessage) => {
  const said = causeIn(cause);
  return said === null ? '' : `, ${continued(said)}`;
};

/** `Escalated (step 2 of 3): `; null for the first step, which is no escalation. */
const escalatedOf = ({ step }: MonitorMessage): string | null => {
  if (!step || (step.number === 1 && step.round === 1)) return null;
  const where = `step ${step.number} of ${step.of}`;
  return step.round === 1 ? `Escalated (${where})` : `Escalated again (round ${step.round}, ${where})`;
};

const titles: Record<MonitorMessage['event'], (name: string, message: MonitorMessage) => string> = {
  down: (name, message) => {
    const escalated = escalatedOf(message);
    return `${escalated === null ? `Down: ${name}` : `${escalated}: ${name} is down`}${causeAfter(message)}`;
  },
  up: (name, { about, durationMs }) =>
    durationMs === null ? endings[about](name) : `${endings[about](name)}, after ${duration(durationMs)}`,
  degraded: (name, message) => `Slow: ${name}${causeAfter(message)}`,
  regional: (name, message) => `Fails in some regions: ${name}${causeAfter(message)}`,
  unknown: (name, message) => `No data from ${name}${causeAfter(message)}`,
  expiring: (name) => `Certificate or domain expires soon: ${name}`,
  flapping: (name, message) => `Flapping: ${name}${causeAfter(message)}`,
  stable: (name, message) =>
    message.standing === 'down'
      ? `Stable again and down: ${name}${causeAfter(message)}`
      : `Stable again and up: ${name}`,
  reminder: (name, message) => {
    const { durationMs } = message;
    return `Still down: ${name}${durationMs === null ? '' : `, for ${duration(durationMs)}`}${causeAfter(message)}`;
  },
  acknowledged: (name, { acknowledgedBy }) => {
    const by = shownName(acknowledgedBy ?? '', '', 100);
    return by === '' ? `Acknowledged: ${name}` : `Acknowledged by ${by}: ${name}`;
  },
  resolved: (name) => `Resolved manually: ${name}`,
  test: () => 'Test: Pharos can reach you here',
};

/** In one line, without markup. */
export const titleOf = (message: AlertMessage): string =>
  message.event === 'digest'
    ? digestTitle(message)
    : 'channel' in message
      ? channelTitle(message)
      : titles[message.event](nameOf(message.monitor, maxNameInTitle), message);

const channelTitle = ({ event, channel, durationMs, isDeleted, isPartial }: ChannelMessage) => {
  if (event === 'channel-failing' && isPartial) return `Alerts do not reach all recipients: ${channelNameOf(channel)}`;
  if (event === 'channel-failing') return `Alert delivery failing: ${channelNameOf(channel)}`;
  if (isDeleted) return `Deleted while alerts failed: ${channelNameOf(channel)}`;
  return `Alert delivery restored: ${channelNameOf(channel)}${durationMs === null ? '' : `, after ${duration(durationMs)}`}`;
};

export const digestWords: [event: MonitorMessage['event'], words: string][] = [
  ['down', 'down'],
  ['reminder', 'still down'],
  ['up', 'recovered'],
  ['degraded', 'slow'],
  ['regional', 'failing in some regions'],
  ['unknown', 'without data'],
  ['expiring', 'expiring soon'],
  ['flapping', 'flapping'],
  ['stable', 'stable again'],
  ['acknowledged', 'acknowledged'],
  ['resolved', 'resolved manually'],
];

const digestTitle = ({ counts, monitors }: DigestMessage): string => {
  const parts = digestWords.flatMap(([event, words]) => (counts[event] ? [{ count: counts[event], words }] : []));
  const [first, ...rest] = parts;
  if (!first) return 'Monitors changed';
  const [only] = monitors;
  if (only && first.count === 1 && rest.length === 0) return `1 monitor ${first.words}: ${nameOf(only)}`;
  const head = `${first.count.toLocaleString('en')} monitor${first.count === 1 ? '' : 's'} ${first.words}`;
  return [head, ...rest.map(({ count, words }) => `${count.toLocaleString('en')} ${words}`)].join(', ');
};
