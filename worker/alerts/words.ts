import { duration } from '../domain/duration.ts';
import type { Problem } from '../domain/escalation/events.ts';
import { lastedText } from '../domain/lasted.ts';
import { reasonSentence, targetLatencyMs } from '../domain/outcome.ts';
import { regionNames } from '../domain/region.ts';
import { firstLines, fitLine, fitList, fitSections, type List, type Page, type Room, type Section } from './fit.ts';
import type {
  AlertMessage,
  ChannelMessage,
  DigestMessage,
  MessageEvent,
  MonitorMessage,
  RegionReport,
} from './message.ts';
import { cut, oneLine } from './text.ts';
import { timeText } from './time.ts';

/** What every channel says, in one place. Names and sentences come out on one line, without signs that steer. */

export interface Fact {
  name: string;
  /** All of it; where it is a list, on several lines. */
  value: string;
  /** What a channel with a limit cuts it by. */
  list?: List;
}

const listFact = (name: string, lines: readonly string[], total = lines.length): Fact => {
  const list = { lines, total };
  return { name, value: firstLines(list).join('\n'), list };
};

export interface Link {
  label: string;
  url: string;
}

const maxNameLength = 200;
const maxSentenceLength = 500;

export const nameOf = ({ name }: { name: string }) => cut(oneLine(name), maxNameLength) || 'A monitor without a name';

/** Without the query, in which people keep keys. */
export const addressOf = (url: string) => {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  return cut(oneLine(parsed ? parsed.origin + parsed.pathname : url), maxSentenceLength);
};

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

/** A coloured sign for chats, where the eye finds it before the words. */
export const symbolOf = ({ event }: AlertMessage) => symbols[event];

/** What is said of the end of a problem. */
const endings: Record<Problem, (name: string) => string> = {
  down: (name) => `Recovered: ${name}`,
  flapping: (name) => `Recovered: ${name}`,
  degraded: (name) => `No longer slow: ${name}`,
  regional: (name) => `Regional problem over: ${name}`,
  unknown: (name) => `Data again from ${name}`,
  expiring: (name) => `No longer about to expire: ${name}`,
};

const titles: Record<MonitorMessage['event'], (name: string, message: MonitorMessage) => string> = {
  down: (name) => `Down: ${name}`,
  up: (name, { about, durationMs }) =>
    durationMs === null ? endings[about](name) : `${endings[about](name)}, after ${duration(durationMs)}`,
  degraded: (name) => `Slow: ${name}`,
  regional: (name) => `Fails in some regions: ${name}`,
  unknown: (name) => `No data from ${name}`,
  expiring: (name) => `Certificate or domain expires soon: ${name}`,
  flapping: (name) => `Keeps changing: ${name}`,
  stable: (name, { standing }) => `Stable again, ${standing === 'down' ? 'down' : 'up'}: ${name}`,
  reminder: (name, { durationMs }) =>
    durationMs === null ? `Still down: ${name}` : `Still down: ${name}, for ${duration(durationMs)}`,
  acknowledged: (name, { acknowledgedBy }) => `${acknowledgerOf(acknowledgedBy)} takes care of ${name}`,
  resolved: (name) => `Closed by hand: ${name}`,
  test: () => 'Test: Pharos can reach you here',
};

const acknowledgerOf = (name: string | null) => (name === null ? 'Somebody' : cut(oneLine(name), 100));

/** In one line, without markup. */
export const titleOf = (message: AlertMessage): string =>
  message.event === 'digest'
    ? digestTitle(message)
    : 'channel' in message
      ? channelTitle(message)
      : titles[message.event](nameOf(message.monitor), message);

const channelTitle = ({ event, channel, durationMs, isDeleted }: ChannelMessage) => {
  if (event === 'channel-failing') return `Alerts do not arrive: ${nameOf(channel)}`;
  if (isDeleted) return `Deleted, after alerts did not arrive: ${nameOf(channel)}`;
  return `Alerts arrive again: ${nameOf(channel)}${durationMs === null ? '' : `, after ${duration(durationMs)}`}`;
};

const digestWords: [event: MonitorMessage['event'], words: string][] = [
  ['down', 'down'],
  ['reminder', 'still down'],
  ['up', 'recovered'],
  ['degraded', 'slow'],
  ['regional', 'failing in some regions'],
  ['unknown', 'without data'],
  ['expiring', 'expiring soon'],
  ['flapping', 'changing all the time'],
  ['stable', 'stable again'],
  ['acknowledged', 'taken care of'],
  ['resolved', 'closed by hand'],
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

const sinceWords: Record<MonitorMessage['event'], string> = {
  down: 'Down since',
  up: 'Began',
  degraded: 'Slow since',
  regional: 'Since',
  unknown: 'Last heard of',
  expiring: 'Noticed',
  flapping: 'Since',
  stable: 'Began',
  reminder: 'Down since',
  acknowledged: 'Since',
  resolved: 'Began',
  test: 'Sent',
};

const regionText = ({ region, reason, status, latencyMs, dataCentre }: RegionReport) => {
  const place = dataCentre ? `${regionNames[region]} (${oneLine(dataCentre)})` : regionNames[region];
  const sentence = reasonSentence({ reason, status });
  const said = status === null ? sentence : `${sentence} (HTTP ${status})`;
  const took = targetLatencyMs({ status, reason, latencyMs });
  return took === null ? `${place}: ${said}` : `${place}: ${said}, ${Math.round(took).toLocaleString('en')} ms`;
};

const monitorFacts = (message: MonitorMessage): (Fact | null)[] => {
  const { event, monitor, since, at, timeZone, durationMs, counted, regions, acknowledgedBy } = message;
  const isOver = event === 'up' || event === 'resolved' || (event === 'stable' && message.standing === 'up');
  const isOpen = event === 'down' || event === 'reminder';
  return [
    event === 'test' ? null : { name: 'Address', value: addressOf(monitor.url) },
    event === 'unknown' ? unknownSince(message) : { name: sinceWords[event], value: timeText(since, timeZone) },
    isOver ? { name: 'Over since', value: timeText(durationMs === null ? at : since + durationMs, timeZone) } : null,
    isOver && durationMs !== null ? { name: 'Lasted', value: lastedText(durationMs, counted) } : null,
    regions.length > 0 ? listFact('Seen from', regions.map(regionText)) : null,
    acknowledgedBy !== null
      ? { name: 'Known by', value: acknowledgerOf(acknowledgedBy) }
      : isOpen
        ? { name: 'Known by', value: 'Nobody has acknowledged it yet' }
        : null,
  ];
};

/** Some region may be heard, and yet too few to tell. */
const unknownSince = ({ since, lastHeardAt, timeZone }: MonitorMessage): Fact =>
  lastHeardAt === null
    ? { name: 'Unknown since', value: timeText(since, timeZone) }
    : { name: sinceWords.unknown, value: timeText(lastHeardAt ?? since, timeZone) };

const digestFacts = ({ since, timeZone, counts, monitors, stillOpen, stillDown }: DigestMessage): (Fact | null)[] => {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const lines = monitors.map((monitor) => {
    const words = digestWords.find(([event]) => event === monitor.event)?.[1] ?? monitor.event;
    // One that was stored by an earlier version does not know how long.
    const lasted =
      monitor.event === 'up' && monitor.durationMs
        ? `, was down from ${timeText(monitor.since, timeZone)} for ${lastedText(monitor.durationMs, monitor.counted)}`
        : '';
    return `${nameOf(monitor)}: ${words}${lasted}`;
  });
  return [
    { name: 'Since', value: timeText(since, timeZone) },
    { name: 'Still down', value: stillDown.toLocaleString('en') },
    stillOpen > stillDown
      ? { name: 'Other problems that last', value: (stillOpen - stillDown).toLocaleString('en') }
      : null,
    lines.length > 0 ? listFact('Monitors', lines, total) : null,
  ];
};

const channelFacts = ({ event, channel, since, timeZone, durationMs }: ChannelMessage): (Fact | null)[] => [
  { name: 'Channel', value: `${nameOf(channel)} (${channel.kind})` },
  { name: event === 'channel-failing' ? 'Since' : 'Began', value: timeText(since, timeZone) },
  durationMs === null ? null : { name: 'Over since', value: timeText(since + durationMs, timeZone) },
  durationMs === null ? null : { name: 'Lasted', value: duration(durationMs) },
];

export const whyOf = ({ why }: AlertMessage) => cut(oneLine(why), maxSentenceLength);

/** What is known, in the order in which one asks. A value may hold several lines. */
export const factsOf = (message: AlertMessage): Fact[] =>
  [
    ...(message.event === 'digest'
      ? digestFacts(message)
      : 'channel' in message
        ? channelFacts(message)
        : monitorFacts(message)),
    { name: 'Team', value: cut(oneLine(message.teamName), 100) },
  ].filter((fact) => fact !== null);

/** The most urgent first. */
export const linksOf = (message: AlertMessage): Link[] =>
  message.event === 'digest'
    ? [{ label: 'Open the list', url: message.url }]
    : 'channel' in message
      ? [{ label: 'Open the channel', url: message.url }]
      : [
          ...(message.acknowledgeUrl ? [{ label: 'Acknowledge', url: message.acknowledgeUrl }] : []),
          ...(message.incident
            ? [{ label: message.event === 'test' ? 'Open Pharos' : 'Open the incident', url: message.incident.url }]
            : [{ label: 'Open the monitor', url: message.monitorPage }]),
        ];

/** Why, and since when: what a notification shows below its title. */
const sentencesOf = (message: AlertMessage): string[] => {
  const facts = factsOf(message);
  const [since] = facts.filter(({ name }) => /since|Began|Last heard of|Noticed|Sent/.test(name));
  // The title has the length; what counts as what is worth a sentence where it is not the same.
  const lasted = facts.find(({ name, value }) => name === 'Lasted' && value.includes(', of which '));
  return [whyOf(message), ...[since, lasted].map((fact) => (fact ? `${fact.name} ${fact.value}.` : ''))].filter(
    Boolean,
  );
};

/** Sentences without markup, whole ones only; the first is cut where it alone is too long. */
const fitSentences = (sentences: readonly string[], page: Partial<Page>): string =>
  fitSections(
    sentences.map((content) => ({ name: null, content })),
    { max: Number.POSITIVE_INFINITY, render: (_, lines) => lines.join(' '), join: ' ', ...page },
  );

/** For a phone's screen: title, why, and since when. Links are not in it. */
export const shortText = (message: AlertMessage, page: Partial<Page> = {}): string =>
  fitSentences([`${titleOf(message)}.`, ...sentencesOf(message)], page);

/** The same without the title, for what shows that by itself. */
export const previewText = (message: AlertMessage, page: Partial<Page> = {}): string =>
  fitSentences(sentencesOf(message), page);

/** The value of a fact in a field of its own: of a list whole lines and how many are left out, of anything else a line. */
export const fitFact = ({ value, list }: Fact, room: Room): string =>
  list ? fitList(list, room) : fitLine(value, room);

const sectionsOf = (message: AlertMessage): Section[] => [
  ...[whyOf(message)].filter(Boolean).map((content) => ({ name: null, content })),
  ...factsOf(message).map(({ name, value, list }) => ({ name, content: list ?? value })),
];

/** Without markup. */
export const plainSection: Page['render'] = (name, lines) => {
  if (name === null) return lines.join('\n');
  return lines.length > 1 ? [`${name}:`, ...lines.map((line) => `- ${line}`)].join('\n') : `${name}: ${lines[0] ?? ''}`;
};

/** Everything but title and links, on lines; cut by whole lines to what the receiver takes. */
export const bodyText = (message: AlertMessage, page: Partial<Page> = {}): string =>
  fitSections(sectionsOf(message), { max: Number.POSITIVE_INFINITY, render: plainSection, ...page });

export const linkLines = (message: AlertMessage): string =>
  linksOf(message)
    .map(({ label, url }) => `${label}: ${url}`)
    .join('\n');

/** The whole message as lines without markup. */
export const plainText = (message: AlertMessage): string =>
  [titleOf(message), bodyText(message), linkLines(message)].filter(Boolean).join('\n\n');
