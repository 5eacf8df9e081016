import { z } from 'zod';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { toIsoTime } from '../../domain/time/toIsoTime.ts';
import { incidentIoAnswers } from '../answers/incidentIo.ts';
import type { Page } from '../messages/fit.ts';
import { linksOf, pageOf } from '../messages/links.ts';
import { markdownLink, markdownText } from '../messages/markup.ts';
import { type AlertMessage, actionOf, dedupKeyOf, monitorOf } from '../messages/message.ts';
import { bodyText } from '../messages/messageTexts.ts';
import { acknowledgerOf, addressOf, causeIn, nameOf, tagsOf, teamNameOf } from '../messages/names.ts';
import { cut } from '../messages/text.ts';
import { titleOf } from '../messages/titles.ts';
import { problemSeverityOf } from '../messages/tone.ts';
import { address } from '../outbox/address.ts';
import { defineChannel, postJson } from './channel.ts';

const maxDescription = 10_000;

/** Paragraphs, because Markdown joins lines; a value of several lines is a list. */
const section: Page['render'] = (name, lines) => {
  const shown = lines.map(markdownText);
  if (name === null) return shown.join(' ');
  return shown.length > 1
    ? [`**${name}:**\n`, ...shown.map((line) => `- ${line}`)].join('\n')
    : `**${name}:** ${shown[0] ?? ''}`;
};

const descriptionOf = (message: AlertMessage) => {
  const links = linksOf(message).map(markdownLink).join('\n\n');
  const max = Math.max(1000, maxDescription - links.length);
  return [bodyText(message, { max, render: section, join: '\n\n' }), links].filter(Boolean).join('\n\n');
};

/** For routes and attributes: as they are, without markup. */
const metadataOf = (message: AlertMessage) => {
  const monitor = monitorOf(message);
  const about = 'monitor' in message ? message : null;
  return {
    event: message.event,
    // Severity of the problem: an acknowledgement must not make it appear harmless.
    severity: problemSeverityOf(message),
    team: teamNameOf(message),
    monitor: monitor?.id ?? null,
    monitor_name: monitor ? nameOf(monitor) : null,
    monitor_url: monitor ? addressOf(monitor) : null,
    monitor_page: about?.monitorPage ?? null,
    incident_page: about?.incident?.url ?? null,
    cause: causeIn(about?.cause),
    runbook_url: about?.runbookUrl ?? null,
    tags: about ? tagsOf(about) : [],
    since: toIsoTime(message.since),
    acknowledged_by: about?.acknowledgedBy == null ? null : acknowledgerOf(about.acknowledgedBy),
  };
};

const eventFor = (
  message: AlertMessage,
  { url, token }: { url: string; token: string },
  status: 'firing' | 'resolved',
) =>
  postJson(
    url,
    {
      title: cut(titleOf(message), 500),
      description: descriptionOf(message),
      status,
      deduplication_key: dedupKeyOf(message),
      source_url: pageOf(message),
      metadata: metadataOf(message),
    },
    { authorization: `Bearer ${token}` },
  );

/** https://docs.incident.io/api-reference/alert-events-v2/createhttp */
export const incidentIo = defineChannel({
  label: 'incident.io',
  help: 'In incident.io, open Alerts, Sources, add an HTTP source, and copy its address and token.',
  settings: (rules) =>
    z.strictObject({
      url: address(rules, {
        hosts: ['api.incident.io'],
        path: /^\/v2\/alert_events\/http\/\w+$/,
        help: 'A source address starts with https://api.incident.io/v2/alert_events/http/ and ends with its id.',
      }).meta({
        label: 'Source address',
        placeholder: 'https://api.incident.io/v2/alert_events/http/01…',
        isSecret: true,
        showsOrigin: true,
      } satisfies FieldMeta),
      token: z
        .string('Enter the token of the source.')
        .trim()
        .regex(/^[\x21-\x7e]{8,500}$/, 'Copy the token as incident.io shows it, without "Bearer".')
        .meta({ label: 'Token', isSecret: true } satisfies FieldMeta),
    }),
  limits: { text: 10_000, unit: 'characters' },
  answers: incidentIoAnswers,
  dedupe: 'deduplication_key identifies the incident: a duplicate joins the same alert, and a recovery resolves it.',
  // There is no status for an acknowledgement: it is part of the next event.
  request: (message, settings) => eventFor(message, settings, actionOf(message) === 'close' ? 'resolved' : 'firing'),
  // Nobody would resolve it: no later message has the key of a test.
  also: (message, settings) =>
    message.event === 'test'
      ? [
          {
            when: 'after',
            request: eventFor(message, settings, 'resolved'),
            answers: incidentIoAnswers,
            failed: 'Pharos could not resolve the test alert in incident.io. Resolve it there.',
          },
        ]
      : [],
});
