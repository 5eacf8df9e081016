import type { Kind } from '../../checks/kinds/kind.ts';
import type { Observation } from '../../domain/checks/outcome.ts';
import { type ChannelEvent, channelEvents, type Problem } from '../../domain/escalation/events.ts';
import type { NextStep, Notified, Step } from '../../domain/escalation/progress.ts';
import type { CountedTime } from '../../domain/incidents/lasted.ts';
import type { Standing } from '../../domain/verdict/alerts.ts';

/**
 * What a message can say. `digest` stands for many at once, `test` is sent by the button of that name, and those of
 * channels are about another channel of the team.
 */
export const messageEvents = [
  'down',
  'up',
  'degraded',
  'regional',
  'unknown',
  'expiring',
  'flapping',
  'stable',
  'reminder',
  'acknowledged',
  'resolved',
  'test',
  'digest',
  ...channelEvents,
] as const;
export type MessageEvent = (typeof messageEvents)[number];

export interface MonitorRef {
  id: string;
  name: string;
  /** Missing in messages of before other kinds: `http`. */
  kind?: Kind;
  /** What it watches, as its kind writes addresses. */
  url: string;
}

interface MessageBase {
  /** When what is told began (of an outage: its first failed check), ms since the epoch. */
  since: number;
  /** When it was decided to tell it, ms since the epoch. The same in every attempt. */
  at: number;
  /** In one sentence. */
  why: string;
  teamName: string;
  /** IANA name, in which times are shown. */
  timeZone: string;
}

/** What a person needs at 3 a.m. of one monitor. */
export interface MonitorMessage extends MessageBase {
  event: Exclude<MessageEvent, 'digest' | ChannelEvent>;
  /** The problem that begins, goes on or has ended. */
  about: Problem;
  /** Names what all messages of the same trouble have in common. */
  dedupKey: string;
  monitor: MonitorRef;
  /** The monitor's page in the dashboard. */
  monitorPage: string;
  /** `url` is the incident's page in the dashboard. Null where there is none: only an outage has one. */
  incident: { id: string; url: string } | null;
  /** What holds after the message; of `stable` it says what became of the monitor. */
  standing: Standing | null;
  /** How long it lasted, in a message that something is over; of a reminder: how long so far. */
  durationMs: number | null;
  /** How that time counts, in a message that an outage is over; missing in what an earlier version stored. */
  counted?: CountedTime | null;
  /** When any region was heard last, of `unknown`; null while some region is heard. Missing as `counted` is. */
  lastSeenAt?: number | null;
  regions: Observation[];
  /** Name of who has taken it on. */
  acknowledgedBy: string | null;
  /** Signed, needs no session; null where there is nothing to acknowledge. */
  acknowledgeUrl: string | null;
  // What follows is missing in messages that an earlier version stored.
  /** Short, for titles: `HTTP 503 in 2 of 3 regions`. Null where the regions' reports name none. */
  cause?: string | null;
  /** First line of what the target answered, without secrets and markup. */
  answerLine?: string | null;
  /** Names of the monitor's tags. */
  tags?: readonly string[];
  runbookUrl?: string | null;
  /** Null where the message is no step of a policy. */
  step?: Step | null;
  /** Oldest first, with kinds as people know them; empty where this is the first message. */
  notified?: Notified[];
  /** Null where nobody else will be notified. */
  next?: NextStep | null;
}

/** Many transitions in one message. */
export interface DigestMessage extends MessageBase {
  event: 'digest';
  /** The same for all digests of one wave: the last one closes what the first one opened. */
  digestId: string;
  /** How many deliveries are told with it. */
  alerts: number;
  /** How many monitors it tells of, by what became of them. */
  counts: Partial<Record<MonitorMessage['event'], number>>;
  /** How many incidents of which digests of this id told are not over; 0 closes it. */
  stillOpen: number;
  /** How many of these are outages. */
  stillDown: number;
  /** The first few of them. */
  monitors: (MonitorRef & Pick<MonitorMessage, 'event' | 'since' | 'durationMs' | 'counted' | 'cause'>)[];
  /** The dashboard's list of its monitors. */
  url: string;
}

/** That alerts do not arrive through another channel of the team, or arrive there again. */
export interface ChannelMessage extends MessageBase {
  event: ChannelEvent;
  /** The same for both of them. */
  dedupKey: string;
  /** `kind` as people know it. */
  channel: { id: string; name: string; kind: string };
  /** How long nothing arrived; null while nothing does. */
  durationMs: number | null;
  /** It fails no more because it is gone. */
  isDeleted?: boolean;
  /** It fails for some of its recipients only. */
  isPartial?: boolean;
  /** The channel's page in the dashboard. */
  url: string;
}

export type AlertMessage = MonitorMessage | DigestMessage | ChannelMessage;

/** Null where a message is about none, or about many. */
export const monitorOf = (message: AlertMessage): MonitorRef | null => ('monitor' in message ? message.monitor : null);

export const channelOf = (message: AlertMessage): ChannelMessage['channel'] | null =>
  'channel' in message ? message.channel : null;

/** What the button "Send a test" sends. */
export const testMessage = (
  { teamName, timeZone, dashboardUrl }: { teamName: string; timeZone: string; dashboardUrl: string },
  now: number,
): MonitorMessage => ({
  event: 'test',
  about: 'down',
  // A test must not open or close anything that is real, nor join an earlier test.
  dedupKey: `test-${now}`,
  monitorPage: dashboardUrl,
  monitor: { id: 'mon_example', name: 'Example website', url: 'https://example.com/' },
  incident: { id: 'inc_example', url: dashboardUrl },
  since: now,
  at: now,
  standing: null,
  durationMs: null,
  why: 'Nothing is wrong: a user pressed "Send test" in Pharos.',
  regions: [],
  acknowledgedBy: null,
  acknowledgeUrl: null,
  teamName,
  timeZone,
});

/** What a receiver has to do with an incident of its own: open it, note that somebody took it on, or close it. */
export const actionOf = (message: AlertMessage): 'open' | 'acknowledge' | 'close' => {
  if (message.event === 'digest') return message.stillOpen === 0 ? 'close' : 'open';
  if (message.event === 'acknowledged') return 'acknowledge';
  if ('channel' in message) return message.event === 'channel-working' ? 'close' : 'open';
  const isOver =
    message.event === 'up' || message.event === 'resolved' || (message.event === 'stable' && message.standing === 'up');
  return isOver ? 'close' : 'open';
};

/** By this receivers that keep incidents of their own open and close the same one. */
export const dedupKeyOf = (message: AlertMessage): string =>
  message.event === 'digest' ? message.digestId : message.dedupKey;

export type Severity = 'critical' | 'warning' | 'info';

export const severityOf = (message: AlertMessage): Severity => {
  if (actionOf(message) !== 'open' || message.event === 'test') return 'info';
  const isDown =
    (message.event === 'digest' && message.stillDown > 0) ||
    message.event === 'down' ||
    message.event === 'reminder' ||
    (message.event === 'stable' && message.standing === 'down');
  return isDown ? 'critical' : 'warning';
};
