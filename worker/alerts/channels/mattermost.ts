import { z } from 'zod';
import { address } from '../address.ts';
import { mattermostAnswers } from '../answers/mattermost.ts';
import { severityOf } from '../message.ts';
import { cut, escapeMarkdown, markdownLink, withoutMentions } from '../text.ts';
import { factsOf, fitFact, linksOf, shortText, symbolOf, titleOf, whyOf } from '../words.ts';
import { defineChannel, type FieldMeta, postJson } from './channel.ts';

const colours = { critical: '#d13438', warning: '#e0a100', info: '#2e7d32' };

const shown = (text: string, max: number) => withoutMentions(escapeMarkdown(cut(text, max)));

/** https://developers.mattermost.com/integrate/webhooks/incoming/ and …/reference/message-attachments/ */
export const mattermost = defineChannel({
  label: 'Mattermost',
  help: 'In Mattermost, open Integrations, add an incoming webhook, and copy its address.',
  settings: (rules) =>
    z.strictObject({
      url: address(rules, {
        path: /\/hooks\/[a-z0-9]{20,40}$/,
        help: 'An incoming webhook of Mattermost ends with /hooks/ and its key.',
      }).meta({
        label: 'Webhook address',
        placeholder: 'https://chat.example.com/hooks/…',
        isSecret: true,
      } satisfies FieldMeta),
    }),
  limits: { text: 16_383, unit: 'characters' },
  answers: mattermostAnswers,
  dedupe: 'None: Mattermost shows a message that is sent twice twice.',
  request: (message, { url }) =>
    postJson(url, {
      attachments: [
        {
          fallback: shown(shortText(message), 1000),
          color: colours[severityOf(message)],
          title: shown(`${symbolOf(message)} ${titleOf(message)}`, 300),
          text: [shown(whyOf(message), 600), linksOf(message).map(markdownLink).join(' · ')]
            .filter(Boolean)
            .join('\n\n'),
          fields: factsOf(message).map((fact) => ({
            title: fact.name,
            value: fitFact(fact, { max: 2000, shown: (line) => withoutMentions(escapeMarkdown(line)) }),
            short: fact.value.length < 40,
          })),
        },
      ],
    }),
});
