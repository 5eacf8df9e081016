import { z } from 'zod';
import { address } from '../address.ts';
import { teamsAnswers } from '../answers/teams.ts';
import { type AlertMessage, severityOf } from '../message.ts';
import { cut } from '../text.ts';
import { factsOf, fitFact, linksOf, shortText, symbolOf, titleOf, whyOf } from '../words.ts';
import { defineChannel, type FieldMeta, postJson } from './channel.ts';

const colours = { critical: 'Attention', warning: 'Warning', info: 'Good' };

/** Unlike a TextBlock, a run of a RichTextBlock knows no Markdown: names are shown as they are. */
const run = (text: string, style: Record<string, unknown> = {}) => ({ type: 'TextRun', text, ...style });

const paragraph = (...inlines: ReturnType<typeof run>[]) => ({ type: 'RichTextBlock', inlines });

const card = (message: AlertMessage) => ({
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  type: 'AdaptiveCard',
  version: '1.4',
  fallbackText: cut(shortText(message), 1000),
  body: [
    paragraph(
      run(`${symbolOf(message)} ${titleOf(message)}`, {
        size: 'Large',
        weight: 'Bolder',
        color: colours[severityOf(message)],
      }),
    ),
    paragraph(run(whyOf(message) || titleOf(message))),
    ...factsOf(message).map((fact) =>
      paragraph(run(`${fact.name}: `, { weight: 'Bolder' }), run(fitFact(fact, { max: 3000, join: '; ' }))),
    ),
  ],
  actions: linksOf(message).map(({ label, url }) => ({ type: 'Action.OpenUrl', title: label, url })),
});

/** https://learn.microsoft.com/en-us/connectors/teams/#microsoft-teams-webhook and https://adaptivecards.io/explorer/ */
export const teams = defineChannel({
  label: 'Microsoft Teams',
  help: 'In Teams, open Workflows, choose "Send webhook alerts to a channel", and copy the address that it shows.',
  settings: (rules) =>
    z.strictObject({
      url: address(rules, {
        hosts: ['.environment.api.powerplatform.com', '.logic.azure.com'],
        path: /^\/.*\/?workflows\/.*[?&]sig=/,
        help: 'Use the address of a workflow; the older connectors of Teams (webhook.office.com) have been switched off.',
      }).meta({
        label: 'Workflow address',
        placeholder: 'https://….environment.api.powerplatform.com/powerautomate/…',
        isSecret: true,
      } satisfies FieldMeta),
    }),
  limits: { text: 28_000, unit: 'bytes' },
  answers: teamsAnswers,
  dedupe: 'None: Teams shows a message that is sent twice twice.',
  request: (message, { url }) =>
    postJson(url, {
      type: 'message',
      attachments: [
        { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card(message) },
      ],
    }),
});
