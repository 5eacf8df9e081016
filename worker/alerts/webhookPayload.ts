import type { AlertMessage, MonitorRef } from './message.ts';
import { oneLine } from './text.ts';
import { addressOf, nameOf, plainText, shortText, titleOf, whyOf } from './words.ts';

const iso = (at: number) => new Date(at).toISOString();

const refOf = (monitor: MonitorRef) => ({ id: monitor.id, name: nameOf(monitor), url: addressOf(monitor.url) });

/**
 * What a webhook is sent, and what its template can name. Every key is always there, so that a template that fits one
 * message fits all.
 */
export const webhookPayload = (message: AlertMessage, key: string) => {
  const isDigest = message.event === 'digest';
  return {
    id: key,
    type: `alert.${message.event}`,
    timestamp: iso(message.at),
    event: message.event,
    title: titleOf(message),
    summary: shortText(message),
    text: plainText(message),
    why: whyOf(message),
    since: iso(message.since),
    durationSeconds: isDigest || message.durationMs === null ? null : Math.round(message.durationMs / 1000),
    team: oneLine(message.teamName),
    timeZone: message.timeZone,
    monitor: isDigest ? { id: null, name: null, url: null } : refOf(message.monitor),
    incident: isDigest || message.incident === null ? { id: null, url: null } : message.incident,
    standing: isDigest ? null : message.standing,
    acknowledgedBy: isDigest ? null : message.acknowledgedBy,
    acknowledgeUrl: isDigest ? null : message.acknowledgeUrl,
    regions: isDigest ? [] : message.regions,
    digest: isDigest
      ? {
          id: message.digestId,
          counts: message.counts,
          stillDown: message.stillDown,
          monitors: message.monitors.map((monitor) => ({ ...refOf(monitor), event: monitor.event })),
          url: message.url,
        }
      : { id: null, counts: null, stillDown: null, monitors: null, url: null },
  };
};
