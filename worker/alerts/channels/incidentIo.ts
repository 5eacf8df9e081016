import { z } from 'zod';
import { address } from '../address.ts';
import { incidentIoAnswers } from '../answers/incidentIo.ts';
import { actionOf, monitorOf, severityOf, storyOf } from '../message.ts';
import { cut, escapeMarkdown, markdownLink, oneLine } from '../text.ts';
import { bodyText, linksOf, plainSection, titleOf } from '../words.ts';
import { defineChannel, type FieldMeta, postJson } from './channel.ts';

const section: typeof plainSection = (name, lines) =>
  plainSection(name === null ? null : escapeMarkdown(name), lines.map(escapeMarkdown));

/** https://docs.incident.io/api-reference/alert-events-v2/createhttp */
export const incidentIo = defineChannel({
  label: 'incident.io',
  help: 'In incident.io, open Alerts, Sources, add a source of the kind HTTP, and copy its address and token.',
  settings: (rules) =>
    z.strictObject({
      url: address(rules, {
        hosts: ['api.incident.io'],
        path: /^\/v2\/alert_events\/http\/\w+$/,
        help: 'The address of a source begins with https://api.incident.io/v2/alert_events/http/ and ends with its id.',
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
  dedupe:
    'deduplication_key names the incident: a message that comes twice joins the same alert, a recovery closes it.',
  request: (message, { url, token }) =>
    postJson(
      url,
      {
        title: cut(titleOf(message), 500),
        description: [bodyText(message, { max: 8000, render: section }), ...linksOf(message).map(markdownLink)].join(
          '\n\n',
        ),
        // There is no status for "somebody knows": that goes along with the next event.
        status: actionOf(message) === 'close' ? 'resolved' : 'firing',
        deduplication_key: storyOf(message),
        source_url: linksOf(message).at(-1)?.url,
        metadata: {
          event: message.event,
          severity: severityOf(message),
          team: oneLine(message.teamName),
          monitor: monitorOf(message)?.id ?? null,
        },
      },
      { authorization: `Bearer ${token}` },
    ),
});
