import { z } from 'zod';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { googleChatAnswers } from '../answers/googleChat.ts';
import { factsWithin, type WrittenEvent } from '../messages/factsWithin.ts';
import { fitLine, inBytes, type Measure } from '../messages/fit.ts';
import { linksOf } from '../messages/links.ts';
import { googleChatText, withoutMentions } from '../messages/markup.ts';
import { type AlertMessage, dedupKeyOf } from '../messages/message.ts';
import { shortText } from '../messages/messageTexts.ts';
import { whyOf } from '../messages/names.ts';
import { cut } from '../messages/text.ts';
import { symbolOf, titleOf } from '../messages/titles.ts';
import { address } from '../outbox/address.ts';
import { defineChannel, postJson } from './channel.ts';
import { mentionEntry, mentionFields, mentionsFor } from './mentions.ts';

/** Of the whole message. https://developers.google.com/workspace/chat/create-messages */
const maxBytes = 32_000;

const jsonBytes: Measure = (text) => inBytes(JSON.stringify(text));

const widgetOf = ({ name, value }: WrittenEvent) => ({
  decoratedText: { topLabel: name, text: value, wrapText: true },
});

const card = (message: AlertMessage, facts: WrittenEvent[]) => {
  const buttons = linksOf(message).map(({ label, url }) => ({ text: label, onClick: { openLink: { url } } }));
  const why = fitLine(whyOf(message) || titleOf(message), { max: 3000, shown: googleChatText });
  const widgets = [
    { textParagraph: { text: why } },
    ...facts.map(widgetOf),
    ...(buttons.length > 0 ? [{ buttonList: { buttons } }] : []),
  ];
  return {
    header: { title: withoutMentions(cut(`${symbolOf(message)} ${titleOf(message)}`, 250)), subtitle: 'Pharos' },
    sections: [{ widgets }],
  };
};

const bodyOf = (message: AlertMessage, mentions: string[], facts: WrittenEvent[]) => ({
  ...(mentions.length > 0 ? { text: mentions.map((entry) => `<users/${entry}>`).join(' ') } : {}),
  fallbackText: cut(shortText(message).replace(/[<>]/g, ''), 1000),
  thread: { threadKey: dedupKeyOf(message) },
  cardsV2: [{ cardId: 'alert', card: card(message, facts) }],
});

const factsFor = (message: AlertMessage, mentions: string[]) => {
  const total = maxBytes - inBytes(JSON.stringify(bodyOf(message, mentions, [])));
  return factsWithin(message, {
    total,
    each: 6000,
    overhead: 80,
    shown: googleChatText,
    measure: jsonBytes,
    join: '<br>',
  });
};

const mention = mentionEntry(/^(all|\d{5,30})$/, 'Enter all, or the numeric id of a user.', (text) =>
  text.replace(/^<?(users\/)?|>$/g, '').replace(/^@/, ''),
);

/** https://developers.google.com/workspace/chat/quickstart/webhooks */
export const googleChat = defineChannel({
  label: 'Google Chat',
  help: 'In the space, open Apps & integrations, add a webhook, and copy its address.',
  settings: (rules) =>
    z.strictObject({
      url: address(rules, {
        hosts: ['chat.googleapis.com'],
        path: /^\/v1\/spaces\/[\w-]+\/messages\?.*\bkey=.*\btoken=|^\/v1\/spaces\/[\w-]+\/messages\?.*\btoken=.*\bkey=/,
        help: 'A Google Chat webhook address starts with https://chat.googleapis.com/v1/spaces/ and contains a key and a token.',
      }).meta({
        label: 'Webhook address',
        placeholder: 'https://chat.googleapis.com/v1/spaces/…/messages?key=…&token=…',
        isSecret: true,
      } satisfies FieldMeta),
      ...mentionFields(mention, {
        hint: '"all" for everyone in the space, or the numeric id of a user, as in users/123456789.',
        placeholder: 'all',
      }),
    }),
  limits: { text: 32_000, unit: 'bytes' },
  answers: googleChatAnswers,
  dedupe: 'None, but all messages of an incident share one thread.',
  request: (message, { url, ...settings }) => {
    const mentions = mentionsFor(message, settings);
    const target = new URL(url);
    target.searchParams.set('messageReplyOption', 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD');
    return postJson(target.href, bodyOf(message, mentions, factsFor(message, mentions)));
  },
});
