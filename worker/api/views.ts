/**
 * What the API and the live feed answer with, as JSON. Times are UTC ISO 8601 strings; durations carry their unit.
 * The browser reads these types through the typed client.
 */

import type { AlertEvent } from '../domain/alerts.ts';
import type { AuditAction, AuditChange } from '../domain/audit.ts';
import type { ChannelKind } from '../domain/channelKind.ts';
import type { Fate } from '../domain/escalation/delivery.ts';
import type { DeliveryEvent, ToldEvent } from '../domain/escalation/events.ts';
import type { EscalationPolicy } from '../domain/escalation/policy.ts';
import type { InPlace, Unreached } from '../domain/escalation/recipients.ts';
import type { LesserProblem } from '../domain/lesser.ts';
import type { httpMethods } from '../domain/monitor.ts';
import type { Layer } from '../domain/onCallSchedule.ts';
import type { Health, Reason } from '../domain/outcome.ts';
import type { PolicySettings } from '../domain/policy.ts';
import type { QuietHours } from '../domain/quietHours.ts';
import type { Region } from '../domain/region.ts';
import type { IntervalSeconds } from '../domain/schedule.ts';
import type { ReclassifiedAs, Verdict } from '../domain/uptime.ts';
import type { DecidedVerdict, Explanation, RegionVote } from '../domain/verdict.ts';

export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

export interface TickView {
  monitorId: string;
  region: Region;
  outcome: Health | 'unknown';
  reason: Reason;
  status: number | null;
  latencyMs: number;
  dataCentre: string | null;
  scheduledAt: string;
  startedAt: string;
}

export interface MonitorView extends PolicySettings {
  id: string;
  kind: 'http';
  name: string;
  url: string;
  method: (typeof httpMethods)[number];
  /** Values are masked (`maskedSecret`); sending the mask back keeps the stored value. */
  headers: Record<string, string>;
  /** Masked as well; null where there is none. */
  body: string | null;
  timeoutMs: number;
  intervalSeconds: IntervalSeconds;
  regions: Region[];
  expectedStatus: string;
  maxRedirects: number;
  bodyContains: string | null;
  bodyNotContains: string | null;
  degradedAboveMs: number | null;
  tags: string[];
  /** Ids of monitors: while one of these is down, this one alerts nobody. */
  dependsOn: string[];
  /** The policy that was chosen for it; null: that of its tags, or else the default. */
  escalationPolicyId: string | null;
  /** Its alerts come through quiet hours, where the channel lets them. */
  severe: boolean;
  verdict: Verdict;
  verdictSince: string;
  /** Some region disagrees with the verdict and confirmation is running. */
  suspect: boolean;
  /** It changes so often that its changes are no longer told one by one. */
  flapping: boolean;
  regionHealth: Partial<Record<Region, DecidedVerdict>>;
  createdAt: string;
  updatedAt: string;
}

/** A monitor as the list shows it. */
export interface MonitorListItem extends MonitorView {
  /** Percent with three decimals over the last 24 h; null without data. */
  uptime24h: number | null;
  /** The latest ticks of all regions, oldest first, at most 30. */
  latestTicks: TickView[];
  /** The window that holds it just now; of several the one that ends last. Its verdict stays what it is. */
  maintenance: OccurrenceView | null;
  nextMaintenance: OccurrenceView | null;
  /** Null where the team has no escalation policy yet. */
  toldBy: ToldByView | null;
}

/** The escalation policy that a monitor goes by, and why by that one; `tag`: which of its tags led there. */
export interface ToldByView {
  id: string;
  name: string;
  because: 'monitor' | 'tag' | 'default';
  tag: string | null;
}

/** A monitor that goes by a policy, and what it goes by without that; null: there is always the default. */
export interface GovernedMonitorView {
  id: string;
  name: string;
  toldBy: ToldByView;
  otherwise: ToldByView | null;
}

/** `GET /policies/:id/monitors`, and what `DELETE /policies/:id` answers: the monitors that go, or went, by the policy. */
export interface GovernedMonitorsView {
  total: number;
  /** The newest, at most 100. */
  monitors: GovernedMonitorView[];
}

/** A monitor as one that is related to it names it. */
export interface RelatedMonitorView {
  id: string;
  name: string;
  verdict: Verdict;
}

export interface RegionView {
  id: Region;
  name: string;
  chosenByDefault: boolean;
  /**
   * Where its own view is broken, so that its outcomes do not vote: since when, and how many monitors failed there alone,
   * of so many, when that began.
   */
  distrusted: { since: string; failing: number; monitors: number } | null;
}

export interface DependenciesView {
  dependsOn: RelatedMonitorView[];
  /** Those that depend on it, at most 100. */
  dependents: RelatedMonitorView[];
}

export interface UptimeView {
  from: string;
  to: string;
  uptimePercent: number | null;
  seconds: Record<Verdict, number>;
  /** What it was before anybody reclassified a part of the period; null where nothing counts otherwise than it was. */
  original: { uptimePercent: number | null; seconds: Record<Verdict, number> } | null;
}

/** A time in which one verdict held and counted as one. */
export interface HistorySpanView {
  from: string;
  to: string;
  /** What it was before anybody reclassified it. */
  verdict: Verdict;
  countsAs: Verdict;
  /** Id of the reclassification that it lies in. */
  reclassificationId: string | null;
}

export interface HistoryView {
  /** Not before the monitor was created. */
  from: string;
  to: string;
  /** Oldest first, without holes. */
  spans: HistorySpanView[];
}

/** Who did something; null: an account that is gone. */
export type AuthorView = { id: string; email: string } | null;

export interface ReclassificationView {
  id: string;
  monitorId: string;
  from: string;
  to: string;
  as: ReclassifiedAs;
  /** Plain text. */
  reason: string;
  author: AuthorView;
  createdAt: string;
  /** Since then it counts no more; null while it does. */
  revokedAt: string | null;
  revokedBy: AuthorView;
}

/** What a reclassification would change. */
export interface ReclassificationPreview {
  /** Of the time itself, seconds per verdict. */
  seconds: { before: Record<Verdict, number>; after: Record<Verdict, number> };
  /** Percent of the last 30 days. */
  uptime30d: { before: number | null; after: number | null };
}

/** Something that a person did and that changed what is told or counted. */
export interface AuditEntryView {
  id: string;
  at: string;
  author: AuthorView;
  action: AuditAction;
  /** By the name that it had then. */
  monitor: { id: string; name: string; deleted: boolean } | null;
  /** What else it is about, as the first word of the action says, by the name that it had then. */
  subject: { id: string; name: string; deleted: boolean } | null;
  incidentId: string | null;
  reason: string | null;
  reclassification: { id: string; as: ReclassifiedAs; from: string; to: string } | null;
  /** Of what was changed; without values where these may be secret. */
  changes: AuditChange[];
}

/** Why a monitor has the verdict that it has, or had. */
export interface VerdictView {
  monitorId: string;
  verdict: Verdict;
  /** From when it counts. */
  since: string;
  /** When it was decided; for the present, when this was asked. */
  at: string;
  /** Explains the present. False for the past, and where only the latest decision is known of the present. */
  isPresent: boolean;
  /** All of it in one sentence. */
  sentence: string;
  /** The incident that was open then, its first failure and its end included. */
  incidentId: string | null;
  /** Null where a person set the verdict, and for decisions from before explanations were kept. */
  explanation: ExplanationView | null;
}

export type ExplanationView = Omit<Explanation, 'verdict' | 'since' | 'at' | 'votes' | 'holding' | 'withheld'> & {
  /** One of each region, in the order of the monitor's. */
  votes: VoteView[];
  /** Enough votes for another verdict, but not yet for as long as the policy demands. */
  holding: { to: DecidedVerdict; since: string; until: string } | null;
  /** What people would have been told by now, and why they are not. */
  withheld: { event: AlertEvent | LesserProblem; because: WithholdingView } | null;
};

export type VoteView = Omit<RegionVote, 'silentSince' | 'evidence'> & {
  silentSince: string | null;
  evidence: EvidenceView | null;
};

export type WithholdingView =
  | { type: 'maintenance'; until: string | null }
  /**
   * Monitors that this one depends on, which are down (`until` is null), or may be in a moment and are waited for. A
   * name is null where the monitor is gone.
   */
  | { type: 'dependency'; monitors: { id: string; name: string | null }[]; until: string | null };

/** A verdict in the history of a monitor. */
export type VerdictChangeView = Pick<VerdictView, 'verdict' | 'since' | 'at' | 'sentence' | 'incidentId'>;

export interface EvidenceView {
  region: Region;
  outcome: Health | 'unknown';
  reason: Reason;
  status: number | null;
  latencyMs: number;
  dataCentre: string | null;
  at: string;
}

export interface IncidentView {
  id: string;
  monitorId: string;
  monitorName: string;
  state: 'open' | 'resolved';
  /** First failed check; what uptime counts from. */
  startedAt: string;
  /** When the verdict became down. */
  detectedAt: string;
  endedAt: string | null;
  resolvedAt: string | null;
  reason: Reason;
  evidence: EvidenceView[];
  acknowledgedAt: string | null;
  /** In a sentence, by a person. */
  cause: string | null;
  /** How the whole of it counts since a person reclassified it; null: as an outage. */
  reclassifiedAs: ReclassifiedAs | null;
}

/** What a failing target answered, without secrets and as text: never to be shown as HTML. */
export interface AnswerView {
  headers: { name: string; value: string }[];
  /** Its first 2 KiB; null where it could not be read. */
  body: string | null;
  cut: boolean;
}

/** Why nobody was told, with the names of monitors as they were then; `until`: how long the alert is held back at most. */
export type WithheldBecauseView =
  | { type: 'maintenance'; until: string | null }
  | {
      type: 'dependency';
      monitors: { id: string; name: string; standing: 'up' | 'suspect' | 'down' }[];
      until: string | null;
    };

interface ReclassifiedEvent {
  /** Why. */
  text: string;
  reclassified: { as: ReclassifiedAs; from: string; to: string };
}

export type IncidentEventView = {
  /** Unique within the incident. */
  id: string;
  at: string;
  /** Who did it; null: Pharos, or an account that is gone. */
  author: AuthorView;
} & (
  | { kind: 'failed' | 'confirmed' | 'paused' | 'resolved' | 'reopened' | 'post-mortem' }
  | { kind: 'evidence'; evidence: EvidenceView & { answer: AnswerView | null } }
  /** What people are told, as it was decided. */
  | { kind: 'alert'; alert: AlertEvent }
  | { kind: 'withheld'; alert: AlertEvent; because: WithheldBecauseView }
  /** `through`: by the link in a message that came through this channel, so that nobody knows who it was. */
  | { kind: 'acknowledged'; through: string | null }
  /** A message arrived through a channel, or was given up. */
  | { kind: 'told'; event: DeliveryEvent; channel: { id: string; name: string; kind: ChannelKind } }
  | { kind: 'not-told'; event: DeliveryEvent; channel: { id: string; name: string; kind: ChannelKind } }
  /** Targets of a step that led to no channel; `inPlace`: who was told in its place, where it told nobody. */
  | { kind: 'unreached'; unreached: Unreached[]; inPlace: InPlace | null }
  | { kind: 'recovered'; passingSince: string }
  | { kind: 'comment'; text: string }
  /** Null: it was taken away. */
  | { kind: 'cause'; text: string | null }
  | ({ kind: 'reclassified' } & ReclassifiedEvent)
  | ({ kind: 'reclassification-revoked' } & ReclassifiedEvent)
);

/** An incident with all that is known of it. */
export interface IncidentDetailView extends IncidentView {
  /** Markdown. */
  postMortem: string | null;
  /** Until then it can be reopened; null while it is open. */
  reopenableUntil: string | null;
  /** Oldest first. */
  timeline: IncidentEventView[];
}

/** One time that a maintenance window holds. */
export interface OccurrenceView {
  windowId: string;
  title: string;
  from: string;
  to: string;
}

export interface MaintenanceWindowView {
  id: string;
  title: string;
  /** Of the first occurrence, as the clocks of `timeZone` show it: `2026-11-21T02:00`. */
  startsAt: string;
  endsAt: string;
  timeZone: string;
  /** RFC 5545; null: once. */
  rrule: string | null;
  monitorIds: string[];
  tags: string[];
  allMonitors: boolean;
  state: 'upcoming' | 'running' | 'over';
  /** The occurrence that is running. */
  current: { from: string; to: string } | null;
  /** The first that has not begun. */
  next: { from: string; to: string } | null;
  createdAt: string;
  updatedAt: string;
}

export interface MaintenancePreview {
  timeZone: string;
  /** The next five. */
  occurrences: { from: string; to: string }[];
}

export interface StatusPageView {
  id: string;
  slug: string;
  name: string;
  components: { monitorId: string; publicName: string | null }[];
  createdAt: string;
  updatedAt: string;
}

export type SettingValue = string | number | boolean | null | string[] | Record<string, string>;

export interface ChannelView {
  id: string;
  kind: ChannelKind;
  name: string;
  /** By the fields of its kind. What is secret is masked (`maskedSecret`); sending the mask back keeps what is stored. */
  settings: Record<string, SettingValue>;
  /** When it keeps still; null for never. */
  quietHours: QuietHours | null;
  /** The last delivery that was given up, or is being tried again; null once one has arrived since. */
  failing: {
    since: string;
    problem: string;
    /** It is more than a moment, or something was given up: the team is told through another channel. */
    keepsFailing: boolean;
  } | null;
  lastDeliveredAt: string | null;
  createdAt: string;
  updatedAt: string;
}

/** `GET /web-push`: with what a browser subscribes. */
export interface WebPushView {
  /** base64url, the `applicationServerKey` of a subscription. */
  publicKey: string;
}

/** `GET /channel-kinds`: what channels there are, and what each has to be told. */
export interface ChannelKindView {
  kind: ChannelKind;
  label: string;
  /** Where to get what the form asks for. */
  help: string;
  fields: {
    /** Of `settings`. */
    name: string;
    label: string;
    hint: string | null;
    placeholder: string | null;
    type: 'text' | 'multiline' | 'number' | 'checkbox' | 'choice' | 'list' | 'record';
    isSecret: boolean;
    isRequired: boolean;
    default: SettingValue;
    options: { value: string; label: string }[] | null;
  }[];
  /** What the operator has to set up first; null where nothing is missing. */
  missing: string | null;
}

/** What deleting a person or an on-call schedule answers: the policies that told it. */
export interface TargetDeletedView {
  removedFrom: { id: string; name: string; tellsNobody: boolean }[];
}

/** What `DELETE /channels/:id` answers: also whom the channel reached, and whether another one does. */
export interface ChannelDeletedView extends TargetDeletedView {
  people: { id: string; name: string; isReached: boolean }[];
}

/** Whom alerts are for. Without channels nobody is told. */
export interface PersonView {
  id: string;
  name: string;
  channelIds: string[];
  createdAt: string;
  updatedAt: string;
}

/** A person as shifts name them; the name is null where they are gone. */
export interface OnCallPersonView {
  id: string;
  name: string | null;
}

/** `person` is null in a gap, in which nobody is on call. */
export interface ShiftView {
  from: string;
  to: string;
  person: OnCallPersonView | null;
}

/** Who is on call, and what comes then. A time is null where it lies more than a year ahead, or never comes. */
export interface OnCallNowView {
  person: OnCallPersonView | null;
  until: string | null;
  next: { person: OnCallPersonView | null; from: string; to: string | null } | null;
}

export interface OnCallOverrideView {
  id: string;
  person: OnCallPersonView;
  from: string;
  to: string;
}

export interface OnCallScheduleView {
  id: string;
  name: string;
  timeZone: string;
  /** A later one covers those before it. */
  layers: Layer[];
  /** Those that are not over; a later one covers those before it, and all cover the layers. */
  overrides: OnCallOverrideView[];
  now: OnCallNowView;
  /** Whoever has this address can read the calendar, without a session. */
  calendarUrl: string;
  createdAt: string;
  updatedAt: string;
}

/** `permanent` will fail each time; what is `passing` is tried again. */
export interface AttemptResultView {
  state: 'delivered' | 'passing' | 'permanent';
  /** Of HTTP, or the code of an SMTP reply; null where no answer came. */
  status: number | null;
  /** In one sentence; null where it was delivered. */
  problem: string | null;
  /** The first 1 KiB of the answer, without secrets and as text: never to be shown as HTML. */
  answer: string;
  latencyMs: number;
}

export interface AttemptView extends AttemptResultView {
  at: string;
}

/** One alert of an incident on its way through one channel. */
export interface DeliveryView {
  id: string;
  /** Null where it is about a monitor, but no incident of it. */
  incidentId: string | null;
  /** Null where the monitor is gone. */
  monitorId: string | null;
  /** Null where it is about a channel. */
  monitorName: string | null;
  /** The channel that keeps failing, or works again; null where it is about a monitor. */
  aboutChannel: { id: string; name: string } | null;
  /** Through which it goes; null where that is gone. */
  channel: { id: string; name: string; kind: ChannelKind } | null;
  /** For whom it is, as it was then: `Ada, on call in Ops`. Null where the policy names the channel itself. */
  person: string | null;
  event: ToldEvent;
  /** Round and step of the escalation policy, from 0; of what follows a problem (`reminder` …) its number, from 1. */
  round: number;
  step: number;
  state: Fate;
  createdAt: string;
  /** Null once it is settled. */
  nextAttemptAt: string | null;
  settledAt: string | null;
  /** While it waits for the quiet hours of its channel to end, on the clocks of `timeZone`. */
  held: { until: string; timeZone: string } | null;
  /** How many were delivered, or given up, with it in one message; null where it goes by itself. */
  digestOf: number | null;
  attemptCount: number;
  /** The latest, oldest first, at most 20. */
  attempts: AttemptView[];
}

/** Who is told, after how long. `steps` is empty until there is a channel. */
export interface EscalationPolicyView extends EscalationPolicy {
  id: string;
  name: string;
  /** What monitors go by that no other policy holds for. */
  isDefault: boolean;
  /** Monitors with one of these go by it, unless another was chosen for them, or an older one has one of their tags. */
  tags: string[];
  createdAt: string;
  updatedAt: string;
}

/** `GET /deliveries/overdue`: what should have been tried minutes ago and was not, which is a problem of Pharos. */
export interface OverdueView {
  count: number;
  /** Since when the first of them has been due; null where there is none. */
  since: string | null;
}

/** What `GET /api/v1/live` (WebSocket) pushes, one JSON object per message. The client may send `ping`; the answer is `pong`. */
export type LiveEvent =
  | { type: 'ticks'; ticks: TickView[] }
  | {
      type: 'verdict';
      monitorId: string;
      verdict: Verdict;
      verdictSince: string;
      suspect: boolean;
      flapping: boolean;
      regionHealth: Partial<Record<Region, DecidedVerdict>>;
    }
  | { type: 'incident'; incidentId: string; monitorId: string; state: 'open' | 'resolved' }
  /** A delivery was made, tried or settled; null: of no incident, or of many, which were told in one digest. */
  | { type: 'delivery'; deliveryId: string; incidentId: string | null; state: Fate }
  /** A channel, an escalation policy, a person or an on-call schedule was created, changed or deleted, or a channel began or ceased to fail: ask again. */
  | { type: 'channels-changed' }
  /** A region is distrusted, or trusted again: ask again. */
  | { type: 'regions-changed' }
  /** A monitor was created, changed or deleted: ask again. */
  | { type: 'monitors-changed' }
  /** A maintenance window was: ask again. When one begins or ends nothing is told; its times are known. */
  | { type: 'maintenance-changed' };
