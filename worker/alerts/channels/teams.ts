import { z } from 'zod';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { teamsAnswers } from '../answers/teams.ts';
import { factsWithin, type WrittenEvent } from '../messages/factsWithin.ts';
import { inBytes, type Measure } from '../messages/fit.ts';
import { linksOf } from '../messages/links.ts';
import { withoutTags } from '../messages/markup.ts';
import type { AlertMessage } from '../messages/message.ts';
import { shortText } from '../messages/messageTexts.ts';
import { whyOf } from '../messages/names.ts';
import { cut } from '../messages/text.ts';
import { symbolOf, titleOf } from '../messages/titles.ts';
import { type Tone, toneOf } from '../messages/tone.ts';
import { address } from '../outbox/address.ts';
import { defineChannel, postJson } from './channel.ts';
import { mentionEntry, mentionFields, mentionsFor } from './mentions.ts';

/** Of the whole request. */
const maxBytes = 28_000;
/** Teams shows no more than this. */
const maxActions = 6;

const colors: Record<Tone, string> = {
  critical: 'Attention',
  warning: 'Warning',
  acknowledged: 'Accent',
  good: 'Good',
  neutral: 'Default',
};

/** Unlike a TextBlock or a FactSet, a run of a RichTextBlock knows no Markdown: names are shown as they are. */
const run = (text: string, style: Record<string, unknown> = {}) => ({
  type: 'TextRun',
  text: withoutTags(text),
  ...style,
});

const paragraph = (...inlines: ReturnType<typeof run>[]) => ({ type: 'RichTextBlock', inlines });

const atTag = (entry: string) => `<at>${entry}</at>`;

/** Teams finds each mention in the text again. https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format#user-mention-in-incoming-webhook-with-adaptive-cards */
const entityOf = (entry: string) => ({ type: 'mention', text: atTag(entry), mentioned: { id: entry, name: entry } });

const jsonBytes: Measure = (text) => inBytes(JSON.stringify(text));

const card = (message: AlertMessage, mentions: string[], facts: WrittenEvent[]) => ({
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  type: 'AdaptiveCard',
  version: '1.4',
  fallbackText: cut(shortText(message), 1000),
  msteams: { width: 'Full', ...(mentions.length > 0 ? { entities: mentions.map(entityOf) } : {}) },
  body: [
    paragraph(
      run(cut(`${symbolOf(message)} ${titleOf(message)}`, 300), {
        size: 'Large',
        weight: 'Bolder',
        color: colors[toneOf(message)],
      }),
    ),
    ...(mentions.length > 0 ? [{ type: 'TextBlock', text: mentions.map(atTag).join(' '), wrap: true }] : []),
    paragraph(run(whyOf(message) || titleOf(message))),
    ...facts.map(({ name, value }) => paragraph(run(`${name}: `, { weight: 'Bolder' }), run(value))),
  ],
  actions: linksOf(message)
    .slice(0, maxActions)
    .map(({ label, url }) => ({ type: 'Action.OpenUrl', title: label, url })),
});

const bodyOf = (message: AlertMessage, mentions: string[], facts: WrittenEvent[]) => ({
  type: 'message',
  // Notifications and the list of chats show it; a card alone reads "sent a card" there.
  summary: cut(titleOf(message), 300),
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: card(message, mentions, facts),
    },
  ],
});

const factsFor = (message: AlertMessage, mentions: string[]) => {
  const total = maxBytes - inBytes(JSON.stringify(bodyOf(message, mentions, [])));
  return factsWithin(message, {
    total,
    each: 6000,
    overhead: 150,
    shown: withoutTags,
    measure: jsonBytes,
    join: '; ',
  });
};

/** Teams does not support mentions of a whole channel by webhook. */
const mention = mentionEntry(
  /^([\w.+'%-]+@[a-z0-9-]+(\.[a-z0-9-]+)+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i,
  'Enter the sign-in name of a person, such as ada@example.com, or their object ID in Entra.',
  (text) => text.replace(/^<at>|<\/at>$/g, ''),
);

/** https://learn.microsoft.com/en-us/connectors/teams/#microsoft-teams-webhook and https://adaptivecards.io/explorer/ */
export const teams = defineChannel({
  label: 'Microsoft Teams',
  help: 'In Teams, open Workflows, choose "Send webhook alerts to a channel", and copy its address.',
  settings: (rules) =>
    z.strictObject({
      url: address(rules, {
        hosts: ['.environment.api.powerplatform.com', '.logic.azure.com'],
        path: /^\/.*\/?workflows\/.*[?&]sig=/,
        help: 'Use a workflow address; Microsoft has retired the older Teams connectors (webhook.office.com).',
      }).meta({
        label: 'Workflow address',
        placeholder: 'https://….environment.api.powerplatform.com/powerautomate/…',
        isSecret: true,
      } satisfies FieldMeta),
      ...mentionFields(mention, {
        hint: 'A person’s sign-in name or object ID. Workflows cannot mention channels, teams or tags.',
        placeholder: 'ada@example.com',
      }),
    }),
  limits: { text: 28_000, unit: 'bytes' },
  answers: teamsAnswers,
  dedupe: 'None: Teams shows a duplicate as a second message.',
  request: (message, { url, ...settings }) => {
    const mentions = mentionsFor(message, settings);
    return postJson(url, bodyOf(message, mentions, factsFor(message, mentions)));
  },
});
