import type { CountedTime } from '../domain/lasted.ts';
import type { Verdict } from '../domain/uptime.ts';
import type { AlertMessage, MonitorRef } from './message.ts';
import { cut, oneLine } from './text.ts';
import { addressOf, nameOf, plainText, shortText, titleOf, whyOf } from './words.ts';

const iso = (at: number) => new Date(at).toISOString();

const refOf = (monitor: MonitorRef) => ({ id: monitor.id, name: nameOf(monitor), url: addressOf(monitor.url) });

/** What of the duration uptime counts as what; nulls where that is not known or not over. */
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

/** Grouped by full stops, as the specification of Standard Webhooks has it: `alert.down`, `channel.failing`. */
const typeOf = (message: AlertMessage) =>
  'channel' in message ? message.event.replace('-', '.') : `alert.${message.event}`;

/**
 * What a webhook is sent, and what its template can name. Every key is always there, so that a template that fits one
 * message fits all.
 */
export const webhookPayload = (message: AlertMessage, key: string) => {
  const told = 'monitor' in message ? message : null;
  const digest = message.event === 'digest' ? message : null;
  const durationMs = 'durationMs' in message ? message.durationMs : null;
  return {
    id: key,
    type: typeOf(message),
    timestamp: iso(message.at),
    event: message.event,
    title: titleOf(message),
    summary: shortText(message),
    text: plainText(message),
    why: whyOf(message),
    since: iso(message.since),
    durationSeconds: durationMs === null ? null : Math.round(durationMs / 1000),
    counted: countedSeconds(told?.counted),
    team: oneLine(message.teamName),
    timeZone: message.timeZone,
    about: told?.about ?? null,
    monitor: told
      ? { ...refOf(told.monitor), page: told.monitorPage }
      : { id: null, name: null, url: null, page: null },
    channel:
      'channel' in message
        ? { ...message.channel, name: nameOf(message.channel), page: message.url }
        : { id: null, name: null, kind: null, page: null },
    incident: told?.incident ?? { id: null, url: null },
    standing: told?.standing ?? null,
    acknowledgedBy: told?.acknowledgedBy == null ? null : cut(oneLine(told.acknowledgedBy), 100),
    acknowledgeUrl: told?.acknowledgeUrl ?? null,
    regions: told?.regions ?? [],
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
