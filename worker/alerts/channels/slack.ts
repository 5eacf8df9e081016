import { z } from 'zod';
import { address } from '../address.ts';
import { slackAnswers } from '../answers/slack.ts';
import { cut, escapeSlack } from '../text.ts';
import { factsOf, fitFact, linksOf, shortText, symbolOf, titleOf, whyOf } from '../words.ts';
import { defineChannel, type FieldMeta, postJson } from './channel.ts';

/** Plain texts are shown as they are: neither markup nor `<!channel>` means anything in them. */
const plain = (text: string, max: number) => ({ type: 'plain_text', text: cut(text, max), emoji: false });

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/ */
export const slack = defineChannel({
  label: 'Slack',
  help: 'In Slack, create an app with an incoming webhook for the channel, and copy its address.',
  settings: (rules) =>
    z.strictObject({
      url: address(rules, {
        hosts: ['hooks.slack.com', 'hooks.slack-gov.com'],
        path: /^\/services\/[\w/-]+$/,
        help: 'An incoming webhook of Slack begins with https://hooks.slack.com/services/.',
      }).meta({
        label: 'Webhook address',
        placeholder: 'https://hooks.slack.com/services/…',
        isSecret: true,
      } satisfies FieldMeta),
    }),
  limits: { text: 3000, unit: 'characters' },
  answers: slackAnswers,
  dedupe: 'None: Slack shows a message that is sent twice twice.',
  request: (message, { url }) => {
    const links = linksOf(message);
    return postJson(url, {
      text: cut(escapeSlack(shortText(message)), 3000),
      blocks: [
        { type: 'header', text: plain(`${symbolOf(message)} ${titleOf(message)}`, 150) },
        { type: 'section', text: plain(whyOf(message) || titleOf(message), 3000) },
        {
          type: 'section',
          fields: factsOf(message)
            .slice(0, 10)
            .map((fact) => plain(`${fact.name}\n${fitFact(fact, { max: 1900 })}`, 2000)),
        },
        ...(links.length > 0
          ? [
              {
                type: 'actions',
                elements: links.map(({ label, url }) => ({ type: 'button', text: plain(label, 75), url })),
              },
            ]
          : []),
      ],
    });
  },
});
