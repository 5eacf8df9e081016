import type { Notified } from '../../domain/escalation/progress.ts';
import type { Verdict } from '../../domain/history/uptime.ts';
import type { CountedTime } from '../../domain/incidents/lasted.ts';
import { toIsoTime } from '../../domain/time/toIsoTime.ts';
import type { AlertMessage, MonitorMessage, MonitorRef } from './message.ts';
import { plainText, shortText } from './messageTexts.ts';
import {
  acknowledgerOf,
  addressOf,
  answerIn,
  causeIn,
  channelNameOf,
  nameOf,
  personIn,
  recipientsIn,
  tagsOf,
  teamNameOf,
  whyOf,
} from './names.ts';
import { titleOf } from './titles.ts';

const refOf = (monitor: MonitorRef) => ({ id: monitor.id, name: nameOf(monitor), url: addressOf(monitor) });

/** Classification of the duration for uptime; nulls where it is unknown or not over. */
const countedSeconds = (counted: CountedTime | null | undefined) => {
  const secondsOf = (...verdicts: Verdict[]) =>
    counted ? Math.round(verdicts.reduce((sum, verdict) => sum + (counted[verdict] ?? 0), 0) / 1000) : null;
  return {
    downSeconds: secondsOf('down'),
    noDataSeconds: secondsOf('unknown'),
    upSeconds: secondsOf('up', 'degraded'),
    maintenanceSeconds: secondsOf('maintenance'),
    pausedSeconds: secondsOf('paused'),
  };
};

const notifiedView = ({ channel, kind, person, at, state }: Notified) => ({
  channel: channelNameOf({ name: channel, kind }),
  kind,
  person: person === null ? null : personIn(person),
  at: toIsoTime(at),
  state,
});

/** Nulls where the message is no step of a policy; `next` of nulls where nobody else will be notified. */
const escalationOf = (message: MonitorMessage | null) => {
  const { step, next, notified } = message ?? {};
  return {
    step: step?.number ?? null,
    steps: step?.of ?? null,
    round: step?.round ?? null,
    rounds: step?.rounds ?? null,
    notified: notified?.map(notifiedView) ?? null,
    next: next ? { at: toIsoTime(next.at), recipients: recipientsIn(next) } : { at: null, recipients: null },
  };
};

/** Grouped by full stops, as the specification of Standard Webhooks has it: `alert.down`, `channel.failing`. */
const typeOf = (message: AlertMessage) =>
  'channel' in message ? message.event.replace('-', '.') : `alert.${message.event}`;

/**
 * The payload of a webhook, and the names of its template. Every key is always there, so that a template that fits one message
 * fits all.
 */
export const webhookPayload = (message: AlertMessage, key: string) => {
  const about = 'monitor' in message ? message : null;
  const digest = message.event === 'digest' ? message : null;
  const durationMs = 'durationMs' in message ? message.durationMs : null;
  return {
    id: key,
    type: typeOf(message),
    timestamp: toIsoTime(message.at),
    event: message.event,
    title: titleOf(message),
    summary: shortText(message),
    text: plainText(message),
    why: whyOf(message),
    since: toIsoTime(message.since),
    durationSeconds: durationMs === null ? null : Math.round(durationMs / 1000),
    counted: countedSeconds(about?.counted),
    team: teamNameOf(message),
    timeZone: message.timeZone,
    about: about?.about ?? null,
    cause: causeIn(about?.cause),
    answer: answerIn(about?.answerLine),
    monitor: about
      ? { ...refOf(about.monitor), page: about.monitorPage, tags: tagsOf(about), runbookUrl: about.runbookUrl ?? null }
      : { id: null, name: null, url: null, page: null, tags: null, runbookUrl: null },
    escalation: escalationOf(about),
    channel:
      'channel' in message
        ? { ...message.channel, name: channelNameOf(message.channel), page: message.url }
        : { id: null, name: null, kind: null, page: null },
    incident: about?.incident ?? { id: null, url: null },
    standing: about?.standing ?? null,
    acknowledgedBy: about?.acknowledgedBy == null ? null : acknowledgerOf(about.acknowledgedBy),
    acknowledgeUrl: about?.acknowledgeUrl ?? null,
    regions: about?.regions ?? [],
    digest: digest
      ? {
          id: digest.digestId,
          alerts: digest.alerts,
          counts: digest.counts,
          stillOpen: digest.stillOpen,
          stillDown: digest.stillDown,
          monitors: digest.monitors.map((one) => ({ ...refOf(one), event: one.event })),
          url: digest.url,
        }
      : { id: null, alerts: null, counts: null, stillOpen: null, stillDown: null, monitors: null, url: null },
  };
};
