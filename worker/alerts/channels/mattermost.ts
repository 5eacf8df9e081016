import { z } from 'zod';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { mattermostAnswers } from '../answers/mattermost.ts';
import { factsWithin, type WrittenEvent } from '../messages/factsWithin.ts';
import { fitLine, type Measure } from '../messages/fit.ts';
import { linksOf } from '../messages/links.ts';
import { linksWithin, markdownLink, mattermostText, withoutMentions } from '../messages/markup.ts';
import type { AlertMessage } from '../messages/message.ts';
import { shortText } from '../messages/messageTexts.ts';
import { whyOf } from '../messages/names.ts';
import { cut } from '../messages/text.ts';
import { symbolOf, titleOf } from '../messages/titles.ts';
import { toneColors, toneOf } from '../messages/tone.ts';
import { address } from '../outbox/address.ts';
import { defineChannel, postJson } from './channel.ts';
import { mentionEntry, mentionFields, mentionsFor } from './mentions.ts';

const shown = (text: string, max: number) => fitLine(text, { max, shown: mattermostText });

/** Before version 5 a server stored at most this many characters of JSON for all attachments; newer ones a hundred times that. */
const maxAttachments = 7600;

const jsonLength: Measure = (text) => JSON.stringify(text).length;

const attachmentOf = (message: AlertMessage, facts: WrittenEvent[]) => ({
  fallback: withoutMentions(cut(shortText(message), 500)),
  color: toneColors[toneOf(message)],
  title: shown(`${symbolOf(message)} ${titleOf(message)}`, 300),
  text: [shown(whyOf(message), 600), linksWithin(linksOf(message), 2000, markdownLink, ' · ')]
    .filter(Boolean)
    .join('\n\n'),
  fields: facts.map(({ name, value, isShort }) => ({ title: name, value, short: isShort })),
});

const factsFor = (message: AlertMessage) => {
  const total = maxAttachments - JSON.stringify([attachmentOf(message, [])]).length;
  return factsWithin(message, { total, each: 2000, overhead: 45, shown: mattermostText, measure: jsonLength });
};

const mention = mentionEntry(
  /^@[a-z0-9][a-z0-9._-]{0,63}$/,
  'Enter @here, @channel, @all, or @ and the name of a user or group.',
  (text) => `@${text.replace(/^@/, '').toLowerCase()}`,
);

/** https://developers.mattermost.com/integrate/webhooks/incoming/ and …/reference/message-attachments/ */
export const mattermost = defineChannel({
  label: 'Mattermost',
  help: 'In Mattermost, open Integrations, add an incoming webhook, and copy its address.',
  settings: (rules) =>
    z.strictObject({
      url: address(rules, {
        path: /\/hooks\/[a-z0-9]{20,40}$/,
        help: 'A Mattermost webhook address ends with /hooks/ and its key.',
      }).meta({
        label: 'Webhook address',
        placeholder: 'https://chat.example.com/hooks/…',
        isSecret: true,
      } satisfies FieldMeta),
      ...mentionFields(mention, {
        hint: '@here, @channel, @all, or @ and the name of a user or group.',
        placeholder: '@here',
      }),
    }),
  limits: { text: 16_383, unit: 'characters' },
  answers: mattermostAnswers,
  dedupe: 'None: Mattermost shows a duplicate as a second message.',
  request: (message, { url, ...settings }) => {
    const mentions = mentionsFor(message, settings).join(' ');
    return postJson(url, {
      ...(mentions === '' ? {} : { text: mentions }),
      attachments: [attachmentOf(message, factsFor(message))],
    });
  },
});
