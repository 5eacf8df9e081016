import { continued } from '../domain/cause.ts';
import { duration } from '../domain/duration.ts';
import type { Problem } from '../domain/escalation/events.ts';
import type { NextStep, Notified } from '../domain/escalation/progress.ts';
import { lastedText } from '../domain/lasted.ts';
import { reasonSentence, targetLatencyMs } from '../domain/outcome.ts';
import { regionNames } from '../domain/region.ts';
import { firstLines, fitLine, fitList, fitSections, type List, type Page, type Room, type Section } from './fit.ts';
import {
  type AlertMessage,
  actionOf,
  type ChannelMessage,
  type DigestMessage,
  type MessageEvent,
  type MonitorMessage,
  type RegionReport,
} from './message.ts';
import { cut, oneLine, shownName } from './text.ts';
import { clockText, timeText } from './time.ts';
import { toneOf } from './tone.ts';

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
/** In a title the cause stands behind the name, and receivers cut the end. */
const maxNameInTitle = 100;
const maxAnswerLength = 200;

/** Of a monitor whose name shows nothing: its host. */
export const nameOf = ({ name, url }: { name: string; url?: string }, max = maxNameLength) =>
  shownName(name, url !== undefined && URL.canParse(url) ? new URL(url).host : 'A monitor', max);

export const channelNameOf = ({ name, kind }: { name: string; kind: string }) =>
  shownName(name, kind === '' ? 'A channel' : `${kind} channel`, maxNameLength);

export const teamNameOf = ({ teamName }: { teamName: string }) => shownName(teamName, 'A team', 100);

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
export const symbolOf = (message: AlertMessage) =>
  message.event === 'up' && toneOf(message) !== 'good' ? '⚪' : symbols[message.event];

/** What is said of the end of a problem. */
const endings: Record<Problem, (name: string) => string> = {
  down: (name) => `Recovered: ${name}`,
  flapping: (name) => `Recovered: ${name}`,
  degraded: (name) => `No longer slow: ${name}`,
  regional: (name) => `Regional problem over: ${name}`,
  unknown: (name) => `Data again from ${name}`,
  expiring: (name) => `No longer about to expire: ${name}`,
};

/** `, HTTP 503 in 2 of 3 regions`: it goes on after what stands before it. */
const causeAfter = ({ cause }: MonitorMessage) => {
  const said = causeIn(cause);
  return said === null ? '' : `, ${continued(said)}`;
};

/** On one line; null where there is nothing to see. */
export const causeIn = (cause: string | null | undefined) => (cause ? shownName(cause, '', 150) || null : null);

export const answerIn = (line: string | null | undefined) =>
  line ? shownName(line, '', maxAnswerLength) || null : null;

export const personIn = (person: string) => shownName(person, '', 150) || null;

/** Those with something to see. */
export const recipientsIn = ({ recipients }: NextStep) => recipients.flatMap((name) => personIn(name) ?? []);

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
  flapping: (name, message) => `Keeps changing: ${name}${causeAfter(message)}`,
  stable: (name, message) =>
    message.standing === 'down' ? `Stable again, down: ${name}${causeAfter(message)}` : `Stable again, up: ${name}`,
  reminder: (name, message) => {
    const { durationMs } = message;
    return `Still down: ${name}${durationMs === null ? '' : `, for ${duration(durationMs)}`}${causeAfter(message)}`;
  },
  acknowledged: (name, { acknowledgedBy }) => `${acknowledgerOf(acknowledgedBy)} takes care of ${name}`,
  resolved: (name) => `Closed by hand: ${name}`,
  test: () => 'Test: Pharos can reach you here',
};

export const acknowledgerOf = (name: string | null) => shownName(name ?? '', 'Somebody', 100);

/** In one line, without markup. */
export const titleOf = (message: AlertMessage): string =>
  message.event === 'digest'
    ? digestTitle(message)
    : 'channel' in message
      ? channelTitle(message)
      : titles[message.event](nameOf(message.monitor, maxNameInTitle), message);

const channelTitle = ({ event, channel, durationMs, isDeleted }: ChannelMessage) => {
  if (event === 'channel-failing') return `Alerts do not arrive: ${channelNameOf(channel)}`;
  if (isDeleted) return `Deleted, after alerts did not arrive: ${channelNameOf(channel)}`;
  return `Alerts arrive again: ${channelNameOf(channel)}${durationMs === null ? '' : `, after ${duration(durationMs)}`}`;
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
  const where = dataCentre === null ? '' : shownName(dataCentre, '', 20);
  const place = where ? `${regionNames[region]} (${where})` : regionNames[region];
  const sentence = reasonSentence({ reason, status });
  const said = status === null ? sentence : `${sentence} (HTTP ${status})`;
  const took = targetLatencyMs({ status, reason, latencyMs });
  return took === null ? `${place}: ${said}` : `${place}: ${said}, ${Math.round(took).toLocaleString('en')} ms`;
};

const monitorFacts = (message: MonitorMessage): (Fact | null)[] => {
  const { event, monitor, since, at, timeZone, durationMs, counted, regions, acknowledgedBy } = message;
  const isOver = event === 'up' || event === 'resolved' || (event === 'stable' && message.standing === 'up');
  const isOpen = event === 'down' || event === 'reminder';
  const cause = event === 'acknowledged' ? causeIn(message.cause) : null;
  const answer = answerIn(message.answerLine);
  const tags = tagsOf(message);
  return [
    event === 'test' ? null : { name: 'Address', value: addressOf(monitor.url) },
    event === 'unknown' ? unknownSince(message) : { name: sinceWords[event], value: timeText(since, timeZone) },
    isOver ? { name: 'Over since', value: timeText(durationMs === null ? at : since + durationMs, timeZone) } : null,
    isOver && durationMs !== null ? { name: 'Lasted', value: lastedText(durationMs, counted) } : null,
    cause === null ? null : { name: 'Cause', value: cause },
    answer === null ? null : { name: 'Answer', value: answer },
    regions.length > 0 ? listFact('Seen from', regions.map(regionText)) : null,
    acknowledgedBy !== null
      ? { name: 'Known by', value: acknowledgerOf(acknowledgedBy) }
      : isOpen
        ? { name: 'Known by', value: 'Nobody has acknowledged it yet' }
        : null,
    notifiedFact(message),
    nextFact(message),
    tags.length > 0 ? { name: 'Tags', value: tags.join(', ') } : null,
  ];
};

/** Names in which there is something to see. */
export const tagsOf = ({ tags = [] }: MonitorMessage): string[] =>
  tags.map((tag) => shownName(tag, '', 50)).filter(Boolean);

const maxNotified = 10;

/** `Ada, on call in Ops (E-mail)`. */
const recipientText = ({ channel, kind, person }: Notified) => {
  const name = person === null ? null : personIn(person);
  const through = channelNameOf({ name: channel, kind });
  return name === null
    ? kind && through !== `${kind} channel`
      ? `${through} (${kind})`
      : through
    : `${name} (${through})`;
};

const notifiedStates: Record<Notified['state'], string> = {
  delivered: '',
  failed: ', not delivered',
  trying: ', not delivered yet',
};

const notifiedFact = ({ notified = [], at: now, timeZone }: MonitorMessage): Fact | null => {
  if (notified.length === 0) return null;
  const lines = notified
    .slice(0, maxNotified)
    .map((one) => `${recipientText(one)} at ${clockText(one.at, now, timeZone)}${notifiedStates[one.state]}`);
  return listFact('Notified before', lines, notified.length);
};

/** Of a policy with one step nothing is said: there was never anybody else. */
const nextFact = ({ next, step, at: now, timeZone }: MonitorMessage): Fact | null => {
  if (next) {
    const names = recipientsIn(next);
    const [shown, more] = [names.slice(0, maxNotified), names.length - maxNotified];
    const who = [...shown, ...(more > 0 ? [`${more.toLocaleString('en')} more`] : [])].join('; ') || 'The next step';
    return { name: 'Next', value: `${who} at ${clockText(next.at, now, timeZone)}, unless somebody acknowledges` };
  }
  const isLast = next === null && step && (step.of > 1 || step.rounds > 1);
  return isLast ? { name: 'Next', value: 'Nobody else: this is the last step' } : null;
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
  { name: 'Channel', value: `${channelNameOf(channel)} (${oneLine(channel.kind)})` },
  { name: event === 'channel-failing' ? 'Since' : 'Began', value: timeText(since, timeZone) },
  durationMs === null ? null : { name: 'Over since', value: timeText(since + durationMs, timeZone) },
  durationMs === null ? null : { name: 'Lasted', value: duration(durationMs) },
];

export const whyOf = ({ why }: AlertMessage) => shownName(why, '', maxSentenceLength);

/** What is known, in the order in which one asks. A value may hold several lines. */
export const factsOf = (message: AlertMessage): Fact[] =>
  [
    ...(message.event === 'digest'
      ? digestFacts(message)
      : 'channel' in message
        ? channelFacts(message)
        : monitorFacts(message)),
    { name: 'Team', value: teamNameOf(message) },
  ].filter((fact) => fact !== null);

/** The page in the dashboard that a message is about. */
const pageLink = (message: AlertMessage): Link => {
  if (message.event === 'digest') return { label: 'Open the list', url: message.url };
  if ('channel' in message) return { label: 'Open the channel', url: message.url };
  const { incident, monitorPage, event } = message;
  if (incident) return { label: event === 'test' ? 'Open Pharos' : 'Open the incident', url: incident.url };
  return { label: 'Open the monitor', url: monitorPage };
};

export const pageOf = (message: AlertMessage): string => pageLink(message).url;

/** The most urgent first, for channels that show only a few: what helps to act stands before what can be reached from there. */
export const linksOf = (message: AlertMessage): Link[] => {
  const page = pageLink(message);
  if (message.event === 'digest' || 'channel' in message || message.event === 'test') return [page];
  const { acknowledgeUrl, runbookUrl, monitor, monitorPage, incident } = message;
  const runbook = actionOf(message) === 'close' ? null : webAddress(runbookUrl ?? '', ({ href }) => href);
  const site = webAddress(monitor.url, ({ origin, pathname }) => origin + pathname);
  return [
    ...(acknowledgeUrl ? [{ label: 'Acknowledge', url: acknowledgeUrl }] : []),
    page,
    ...(runbook ? [{ label: 'Open the runbook', url: runbook }] : []),
    ...(site ? [{ label: 'Open the site', url: site }] : []),
    ...(incident ? [{ label: 'Open the monitor', url: monitorPage }] : []),
  ];
};

/** Longer ones would take the room of the text: links are never cut. */
const maxLinkLength = 500;

/** Null unless it is an address that a browser opens, short enough for every receiver. */
const webAddress = (text: string, of: (url: URL) => string): string | null => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const address = url && /^https?:$/.test(url.protocol) ? of(url) : '';
  return address !== '' && address.length <= maxLinkLength ? address : null;
};

/** Why, and since when: what a notification shows below its title. */
const sentencesOf = (message: AlertMessage): string[] => {
  const facts = factsOf(message);
  const [since] = facts.filter(({ name }) => /since|Began|Last heard of|Noticed|Sent/i.test(name));
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
