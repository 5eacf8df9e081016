import { z } from 'zod';
import { address } from '../address.ts';
import { googleChatAnswers } from '../answers/googleChat.ts';
import { type AlertMessage, storyOf } from '../message.ts';
import { cut, escapeHtml } from '../text.ts';
import { factsOf, fitFact, linksOf, shortText, symbolOf, titleOf, whyOf } from '../words.ts';
import { defineChannel, type FieldMeta, postJson } from './channel.ts';

/** Texts of widgets know a few tags of HTML. https://developers.google.com/workspace/chat/format-messages#card-formatting */
const markup = (text: string, max: number) => escapeHtml(cut(text, max)).replaceAll('\n', '<br>');

const card = (message: AlertMessage) => {
  const links = linksOf(message);
  return {
    header: { title: cut(`${symbolOf(message)} ${titleOf(message)}`, 250), subtitle: 'Pharos' },
    sections: [
      {
        widgets: [
          { textParagraph: { text: markup(whyOf(message) || titleOf(message), 1000) } },
          ...factsOf(message).map((fact) => ({
            decoratedText: {
              topLabel: fact.name,
              text: fitFact(fact, { max: 2000, shown: escapeHtml, join: '<br>' }),
              wrapText: true,
            },
          })),
          ...(links.length > 0
            ? [
                {
                  buttonList: {
                    buttons: links.map(({ label, url }) => ({ text: label, onClick: { openLink: { url } } })),
                  },
                },
              ]
            : []),
        ],
      },
    ],
  };
};

/** https://developers.google.com/workspace/chat/quickstart/webhooks */
export const googleChat = defineChannel({
  label: 'Google Chat',
  help: 'In the space, open Apps & integrations, add a webhook, and copy its address.',
  settings: (rules) =>
    z.strictObject({
      url: address(rules, {
        hosts: ['chat.googleapis.com'],
        path: /^\/v1\/spaces\/[\w-]+\/messages\?.*\bkey=.*\btoken=|^\/v1\/spaces\/[\w-]+\/messages\?.*\btoken=.*\bkey=/,
        help: 'A webhook of Google Chat begins with https://chat.googleapis.com/v1/spaces/ and carries key and token.',
      }).meta({
        label: 'Webhook address',
        placeholder: 'https://chat.googleapis.com/v1/spaces/…/messages?key=…&token=…',
        isSecret: true,
      } satisfies FieldMeta),
    }),
  limits: { text: 32_000, unit: 'bytes' },
  answers: googleChatAnswers,
  dedupe: 'None, but all messages of an incident gather in one thread.',
  request: (message, { url }) => {
    const target = new URL(url);
    target.searchParams.set('messageReplyOption', 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD');
    return postJson(target.href, {
      fallbackText: cut(shortText(message).replace(/[<>]/g, ''), 1000),
      thread: { threadKey: storyOf(message) },
      cardsV2: [{ cardId: 'alert', card: card(message) }],
    });
  },
});
