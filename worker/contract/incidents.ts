import type { Reason } from '../domain/checks/outcome.ts';
import type { ChannelKind } from '../domain/delivery/channelKind.ts';
import type { DeliveryEvent } from '../domain/escalation/events.ts';
import type { InPlace, Unreached } from '../domain/escalation/recipients.ts';
import type { ReclassifiedAs, Verdict } from '../domain/history/uptime.ts';
import type { AlertEvent } from '../domain/verdict/alerts.ts';
import type { AuthorView } from './audit.ts';
import type { EvidenceView } from './verdicts.ts';

export interface IncidentView {
  id: string;
  monitorId: string;
  monitorName: string;
  state: 'open' | 'resolved';
  /** Its monitor is paused: while the incident is open nobody looks whether it is over, and its escalation rests. */
  paused: boolean;
  /** Since when, while the incident is open: until then it is known to have lasted. */
  pausedAt: string | null;
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
  /** It came to the second attempt: the connection of the first one ended without a valid answer. */
  retried?: true;
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
  | { kind: 'failed' | 'confirmed' | 'paused' | 'resumed' | 'resolved' | 'reopened' | 'post-mortem' }
  | { kind: 'evidence'; evidence: EvidenceView & { answer: AnswerView | null } }
  /** What is to be told, as it was decided; `channels`: to how many there are, or were, deliveries of it. */
  | { kind: 'alert'; alert: AlertEvent; channels: number }
  | { kind: 'withheld'; alert: AlertEvent; because: WithheldBecauseView }
  /** `through`: by the link in a message that came through this channel, so that nobody knows who it was. */
  | { kind: 'acknowledged'; through: string | null }
  /** A message arrived through a channel, or was given up. */
  | { kind: 'told'; event: DeliveryEvent; channel: { id: string; name: string; kind: ChannelKind } }
  | { kind: 'not-told'; event: DeliveryEvent; channel: { id: string; name: string; kind: ChannelKind } }
  /** Targets of a step that led to no channel; `inPlace`: who was told in its place, where it told nobody. */
  | { kind: 'unreached'; unreached: Unreached[]; inPlace: InPlace | null }
  /** An alert was left out because of the team's limit `alertsPerDay`; it begins again at `until`. */
  | { kind: 'over-limit'; limit: number; until: string }
  | { kind: 'recovered'; passingSince: string }
  | { kind: 'comment'; text: string }
  /** Null: it was taken away. */
  | { kind: 'cause'; text: string | null }
  | ({ kind: 'reclassified' } & ReclassifiedEvent)
  | ({ kind: 'reclassification-revoked' } & ReclassifiedEvent)
);

/** An incident with all that is known of it. */
export interface IncidentDetailView extends IncidentView {
  /** How the time from `startedAt` to `endedAt` counts in uptime, seconds by verdict; null while it is open. */
  countedSeconds: Record<Verdict, number> | null;
  /** Markdown. */
  postMortem: string | null;
  /** Of its monitor: the page that says what to do; null for none. */
  runbookUrl: string | null;
  /** When cause or post-mortem were written last; null: never. */
  describedAt: string | null;
  /** Until then it can be reopened; null while it is open. */
  reopenableUntil: string | null;
  /** Oldest first. */
  timeline: IncidentEventView[];
}
