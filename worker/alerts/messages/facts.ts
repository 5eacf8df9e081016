import type { AnyKind } from '../../checks/kinds/kind.ts';
import { type Observation, outcomeTexts, targetLatencyMs } from '../../domain/checks/outcome.ts';
import { regionNames } from '../../domain/checks/region.ts';
import type { Notified } from '../../domain/escalation/progress.ts';
import { lastedText } from '../../domain/incidents/lasted.ts';
import { duration } from '../../domain/time/duration.ts';
import { firstLines, fitLine, fitList, type List, type Room } from './fit.ts';
import type { AlertMessage, ChannelMessage, DigestMessage, MonitorMessage } from './message.ts';
import {
  acknowledgerOf,
  addressOf,
  answerIn,
  causeIn,
  channelNameOf,
  kindOf,
  nameOf,
  personIn,
  recipientsIn,
  tagsOf,
  teamNameOf,
} from './names.ts';
import { oneLine, shownName } from './text.ts';
import { clockText, timeText } from './time.ts';
import { digestWords } from './titles.ts';

/** The facts that every channel shows, in one place. Names and sentences are on one line, without control characters. */

export interface Fact {
  name: string;
  /** The complete value; a list on several lines. */
  value: string;
  /** The kind of cut for channels with a limit. */
  list?: List;
}

const listedEvent = (name: string, lines: readonly string[], total = lines.length): Fact => {
  const list = { lines, total };
  return { name, value: firstLines(list).join('\n'), list };
};

const sinceLabels: Record<MonitorMessage['event'], string> = {
  down: 'Down since',
  up: 'Began',
  degraded: 'Slow since',
  regional: 'Since',
  unknown: 'Last data',
  expiring: 'Noticed',
  flapping: 'Since',
  stable: 'Began',
  reminder: 'Down since',
  acknowledged: 'Since',
  resolved: 'Began',
  test: 'Sent',
};

const regionText = (kind: AnyKind, { region, reason, status, latencyMs, dataCentre }: Observation) => {
  const where = dataCentre === null ? '' : shownName(dataCentre, '', 20);
  const place = where ? `${regionNames[region]} (${where})` : regionNames[region];
  const sentence = outcomeTexts({ reason, status }).sentence;
  const said = status === null ? sentence : `${sentence} (${kind.statusText(status)})`;
  const took = targetLatencyMs({ status, reason, latencyMs });
  return took === null ? `${place}: ${said}` : `${place}: ${said}, ${Math.round(took).toLocaleString('en')} ms`;
};

/** Failing monitors come first, and stay where a channel cuts the list. */
const badness: Record<Observation['health'], number> = { down: 0, unknown: 1, degraded: 2, up: 3 };

const worstFirst = (regions: readonly Observation[]) =>
  [...regions].sort((one, other) => badness[one.health] - badness[other.health]);

const monitorFacts = (message: MonitorMessage): (Fact | null)[] => {
  const { event, monitor, since, at, timeZone, durationMs, counted, regions, acknowledgedBy } = message;
  const isOver = event === 'up' || event === 'resolved' || (event === 'stable' && message.standing === 'up');
  const isOpen = event === 'down' || event === 'reminder';
  const cause = event === 'acknowledged' ? causeIn(message.cause) : null;
  const answer = answerIn(message.answerLine);
  const tags = tagsOf(message);
  return [
    event === 'test' ? null : { name: 'Address', value: addressOf(monitor) },
    event === 'unknown' ? unknownSince(message) : { name: sinceLabels[event], value: timeText(since, timeZone) },
    isOver ? { name: 'Recovered at', value: timeText(durationMs === null ? at : since + durationMs, timeZone) } : null,
    isOver && durationMs !== null ? { name: 'Lasted', value: lastedText(durationMs, counted) } : null,
    cause === null ? null : { name: 'Cause', value: cause },
    answer === null ? null : { name: 'Response', value: answer },
    regions.length > 0
      ? listedEvent(
          'Seen from',
          worstFirst(regions).map((report) => regionText(kindOf(monitor), report)),
        )
      : null,
    acknowledgedBy !== null
      ? { name: 'Acknowledged by', value: acknowledgerOf(acknowledgedBy) }
      : isOpen
        ? { name: 'Acknowledged by', value: 'Not acknowledged yet' }
        : null,
    notifiedFact(message),
    nextFact(message),
    tags.length > 0 ? { name: 'Tags', value: tags.join(', ') } : null,
  ];
};

const maxNotified = 10;

/** `Ada, on call in Ops (E-mail)`. */
const recipientText = ({ channel, kind, person }: Notified) => {
  const name = person === null ? null : personIn(person);
  const through = channelNameOf({ name: channel, kind });
  return name === null
    ? kind && through !== `${kind} channel` && through !== kind
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
  return listedEvent('Notified earlier', lines, notified.length);
};

/** A policy with one step has no such fact: it had nobody else to notify. */
const nextFact = ({ next, step, at: now, timeZone }: MonitorMessage): Fact | null => {
  if (next) {
    const names = recipientsIn(next);
    const [shown, more] = [names.slice(0, maxNotified), names.length - maxNotified];
    const who = [...shown, ...(more > 0 ? [`${more.toLocaleString('en')} more`] : [])].join('; ') || 'the next step';
    return { name: 'Next', value: `At ${clockText(next.at, now, timeZone)}, unless acknowledged: ${who}` };
  }
  const isLast = next === null && step && (step.of > 1 || step.rounds > 1);
  return isLast ? { name: 'Next', value: 'Last step: no further notifications' } : null;
};

/** A region may send data, and yet too few do for a verdict. */
const unknownSince = ({ since, lastSeenAt, timeZone }: MonitorMessage): Fact =>
  lastSeenAt === null
    ? { name: 'Unknown since', value: timeText(since, timeZone) }
    : { name: sinceLabels.unknown, value: timeText(lastSeenAt ?? since, timeZone) };

const digestFacts = ({ since, timeZone, counts, monitors, stillOpen, stillDown }: DigestMessage): (Fact | null)[] => {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const lines = monitors.map((monitor) => {
    const words = digestWords.find(([event]) => event === monitor.event)?.[1] ?? monitor.event;
    // A message of an earlier version has no duration.
    const lasted =
      monitor.event === 'up' && monitor.durationMs
        ? `, was down from ${timeText(monitor.since, timeZone)} for ${lastedText(monitor.durationMs, monitor.counted)}`
        : '';
    const cause = monitor.cause && monitor.event !== 'up' ? `, ${oneLine(monitor.cause)}` : '';
    return `${nameOf(monitor)}: ${words}${cause}${lasted}`;
  });
  return [
    { name: 'Since', value: timeText(since, timeZone) },
    { name: 'Still down', value: stillDown.toLocaleString('en') },
    stillOpen > stillDown ? { name: 'Other open problems', value: (stillOpen - stillDown).toLocaleString('en') } : null,
    lines.length > 0 ? listedEvent('Monitors', lines, total) : null,
  ];
};

const channelFacts = ({ event, channel, since, timeZone, durationMs }: ChannelMessage): (Fact | null)[] => [
  { name: 'Channel', value: `${channelNameOf(channel)} (${oneLine(channel.kind)})` },
  { name: event === 'channel-failing' ? 'Since' : 'Began', value: timeText(since, timeZone) },
  durationMs === null ? null : { name: 'Recovered at', value: timeText(since + durationMs, timeZone) },
  durationMs === null ? null : { name: 'Lasted', value: duration(durationMs) },
];

/** The known facts, in the order of their importance. A value may contain several lines. */
export const factsOf = (message: AlertMessage): Fact[] =>
  [
    ...(message.event === 'digest'
      ? digestFacts(message)
      : 'channel' in message
        ? channelFacts(message)
        : monitorFacts(message)),
    { name: 'Team', value: teamNameOf(message) },
  ].filter((fact) => fact !== null);

/** The value of a fact in a field of its own: of a list whole lines and the number of omitted ones, of other values a line. */
export const fitFact = ({ value, list }: Fact, room: Room): string =>
  list ? fitList(list, room) : fitLine(value, room);
