import type { Kind } from '../../checks/kinds/kind.ts';
import type { Observation } from '../../domain/checks/outcome.ts';
import { type ChannelEvent, channelEvents, type Problem } from '../../domain/escalation/events.ts';
import type { NextStep, Notified, Step } from '../../domain/escalation/progress.ts';
import type { CountedTime } from '../../domain/incidents/lasted.ts';
import type { Standing } from '../../domain/verdict/alerts.ts';

/**
 * The events of messages. `digest` contains many alerts, `test` is sent by the button of that name, and those of channels are
 * about another channel of the team.
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
  /** Missing in messages from before other kinds existed: `http`. */
  kind?: Kind;
  /** The target, in the form of its kind. */
  url: string;
}

interface MessageBase {
  /** Beginning of the problem (of an outage: its first failed check), ms since the epoch. */
  since: number;
  /** Time of the decision to notify, ms since the epoch. The same in every attempt. */
  at: number;
  /** In one sentence. */
  why: string;
  teamName: string;
  /** IANA name of the time zone for times. */
  timeZone: string;
}

/** The information about one monitor that a person needs at 3 a.m. */
export interface MonitorMessage extends MessageBase {
  event: Exclude<MessageEvent, 'digest' | ChannelEvent>;
  /** The problem that begins, continues or has ended. */
  about: Problem;
  /** Deduplication key of all messages about the same problem. */
  dedupKey: string;
  monitor: MonitorRef;
  /** The monitor's page in the dashboard. */
  monitorPage: string;
  /** `url` is the incident's page in the dashboard. Null where there is none: only an outage has one. */
  incident: { id: string; url: string } | null;
  /** State after the message; for `stable` the state of the monitor. */
  standing: Standing | null;
  /** Duration of the problem, in a recovery; in a reminder: the duration so far. */
  durationMs: number | null;
  /** The class of that time, in the recovery of an outage; missing in messages of an earlier version. */
  counted?: CountedTime | null;
  /** Time of the last data from any region, for `unknown`; null while some region sends data. Missing as `counted` is. */
  lastSeenAt?: number | null;
  regions: Observation[];
  /** Name of the person who acknowledged it. */
  acknowledgedBy: string | null;
  /** Signed, needs no session; null where there is nothing to acknowledge. */
  acknowledgeUrl: string | null;
  // The fields below are missing in messages of an earlier version.
  /** Short, for titles: `HTTP 503 in 2 of 3 regions`. Null where the regions' reports name none. */
  cause?: string | null;
  /** First line of the target's response, without secrets and markup. */
  answerLine?: string | null;
  /** Names of the monitor's tags. */
  tags?: readonly string[];
  runbookUrl?: string | null;
  /** Null where the message is no step of a policy. */
  step?: Step | null;
  /** Oldest first, with display names of kinds; empty where this is the first message. */
  notified?: Notified[];
  /** Null where nobody else will be notified. */
  next?: NextStep | null;
}

/** Many transitions in one message. */
export interface DigestMessage extends MessageBase {
  event: 'digest';
  /** The same for all digests of one wave: the last one closes what the first one opened. */
  digestId: string;
  /** Number of deliveries in it. */
  alerts: number;
  /** Number of its monitors, by their result. */
  counts: Partial<Record<MonitorMessage['event'], number>>;
  /** Number of open incidents in digests of this id; 0 closes it. */
  stillOpen: number;
  /** How many of these are outages. */
  stillDown: number;
  /** The first few of them. */
  monitors: (MonitorRef & Pick<MonitorMessage, 'event' | 'since' | 'durationMs' | 'counted' | 'cause'>)[];
  /** The dashboard's list of its monitors. */
  url: string;
}

/** Alerts through another channel of the team do not arrive, or arrive again. */
export interface ChannelMessage extends MessageBase {
  event: ChannelEvent;
  /** The same for both of them. */
  dedupKey: string;
  /** `kind` is its display name. */
  channel: { id: string; name: string; kind: string };
  /** Duration of the failure so far; null after the recovery. */
  durationMs: number | null;
  /** It no longer fails because it is deleted. */
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
  // A test must not open or close anything real, nor join an earlier test.
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

/** The action of a stateful receiver on its incident: open it, note the acknowledgement, or close it. */
export const actionOf = (message: AlertMessage): 'open' | 'acknowledge' | 'close' => {
  if (message.event === 'digest') return message.stillOpen === 0 ? 'close' : 'open';
  if (message.event === 'acknowledged') return 'acknowledge';
  if ('channel' in message) return message.event === 'channel-working' ? 'close' : 'open';
  const isOver =
    message.event === 'up' || message.event === 'resolved' || (message.event === 'stable' && message.standing === 'up');
  return isOver ? 'close' : 'open';
};

/** The key by which stateful receivers open and close the same incident. */
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
