import type { ChannelKind } from '../domain/delivery/channelKind.ts';
import type { Fate } from '../domain/escalation/delivery.ts';
import type { NotificationEvent } from '../domain/escalation/events.ts';

/** `permanent` will fail each time; what is `passing` is tried again; `suppressed` was not sent, `problem` says why. */
export interface AttemptResultView {
  state: 'delivered' | 'passing' | 'permanent' | 'suppressed';
  /** Of HTTP, or the code of an SMTP reply; null where no answer came. */
  status: number | null;
  /** Null where it was delivered, and to every recipient. */
  problem: string | null;
  /** The first 1 KiB of the answer, without secrets and as text: never to be shown as HTML. */
  answer: string;
  latencyMs: number;
}

export interface AttemptView extends AttemptResultView {
  at: string;
}

/** A recipient of e-mail whom a message has not reached. */
export interface MissedRecipientView {
  address: string;
  /** `retrying` is tried again, `failed` is not; `left-out`: the message does not go there, `problem` says why. */
  state: 'retrying' | 'failed' | 'left-out';
  problem: string | null;
  /** What the mail server said, as `answer` of an attempt. */
  answer: string;
}

/** One alert of an incident on its way through one channel. */
export interface DeliveryView {
  id: string;
  /** Null where it is about a monitor, but no incident of it, and where the monitor is gone. */
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
  event: NotificationEvent;
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
  /** Of one that some recipients have, or were refused: those who do not have it. Else empty. */
  missedRecipients: MissedRecipientView[];
  /** When a delivered one is tried again for them; null for not. */
  recipientsRetryAt: string | null;
  attemptCount: number;
  /** The latest, oldest first, at most 20. */
  attempts: AttemptView[];
}

/** `GET /deliveries/overdue`: what should have been tried minutes ago and was not, which is a problem of Pharos. */
export interface OverdueView {
  count: number;
  /** Since when the first of them has been due; null where there is none. */
  since: string | null;
}

/** Alerts that were sent as one message. */
export interface DigestView {
  id: string;
  createdAt: string;
  /** How many alerts it contains. */
  alerts: number;
  /** Through which it went; null where that is gone. */
  channel: { id: string; name: string; kind: ChannelKind } | null;
}
