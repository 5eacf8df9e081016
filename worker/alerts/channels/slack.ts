import { z } from 'zod';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { slackAnswers } from '../answers/slack.ts';
import { factsOf, fitFact } from '../messages/facts.ts';
import { linksOf } from '../messages/links.ts';
import { slackLink, slackText } from '../messages/markup.ts';
import type { AlertMessage } from '../messages/message.ts';
import { shortText } from '../messages/messageTexts.ts';
import { whyOf } from '../messages/names.ts';
import { cut } from '../messages/text.ts';
import { symbolOf, titleOf } from '../messages/titles.ts';
import { address } from '../outbox/address.ts';
import { defineChannel, postJson } from './channel.ts';
import { mentionEntry, mentionFields, mentionsFor } from './mentions.ts';

/** https://docs.slack.dev/reference/block-kit/blocks/section-block/ */
const maxSection = 3000;
const maxFields = 10;

/** Plain texts are shown as they are: neither markup nor `<!channel>` means anything in them. */
const plain = (text: string, max: number) => ({ type: 'plain_text', text: cut(text, max), emoji: false });

/** `verbatim`, so that only text in angle brackets becomes a link or a mention. */
const marked = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } });

const factSections = (message: AlertMessage) => {
  const fields = factsOf(message).map((fact) => plain(`${fact.name}\n${fitFact(fact, { max: 1900 })}`, 2000));
  const sections = Array.from({ length: Math.ceil(fields.length / maxFields) }, (_, i) =>
    fields.slice(i * maxFields, (i + 1) * maxFields),
  );
  return sections.map((some) => ({ type: 'section', fields: some }));
};

/** Buttons need an app that answers a click, and show a warning without one; so links are plain links. */
const linkSections = (message: AlertMessage) => {
  const links = linksOf(message)
    .map(slackLink)
    .filter((link) => link.length <= maxSection);
  const joined = links.join('  ·  ');
  if (joined.length <= maxSection) return joined === '' ? [] : [marked(joined)];
  return links.map(marked);
};

/** Stored as Slack names it, without the enclosing characters; ids of groups begin with S. */
const mention = mentionEntry(
  /^(@here|@channel|[UW][A-Z0-9]{6,20}|S[A-Z0-9]{6,20})$/,
  'Enter @here, @channel, the id of a member such as U012AB3CD, or of a user group such as S012AB3CD.',
  (text) => text.replace(/^<(!subteam\^|@|!)?|(\|[^>]*)?>$/g, '').replace(/^@?(here|channel)$/, '@$1'),
);

/** https://docs.slack.dev/messaging/formatting-message-text/#advanced */
const mentionText = (entry: string) => {
  if (entry.startsWith('@')) return `<!${entry.slice(1)}>`;
  return entry.startsWith('S') ? `<!subteam^${entry}>` : `<@${entry}>`;
};

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/ */
export const slack = defineChannel({
  label: 'Slack',
  help: 'In Slack, create an app with an incoming webhook for the channel, and copy its address.',
  settings: (rules) =>
    z.strictObject({
      url: address(rules, {
        hosts: ['hooks.slack.com', 'hooks.slack-gov.com'],
        path: /^\/services\/[\w/-]+$/,
        help: 'A Slack webhook address starts with https://hooks.slack.com/services/.',
      }).meta({
        label: 'Webhook address',
        placeholder: 'https://hooks.slack.com/services/…',
        isSecret: true,
      } satisfies FieldMeta),
      ...mentionFields(mention, {
        hint: '@here, @channel, the id of a member (U…, in their profile), or of a user group (S…).',
        placeholder: '@here',
      }),
    }),
  limits: { text: 3000, unit: 'characters' },
  answers: slackAnswers,
  dedupe: 'None: Slack shows a duplicate as a second message.',
  request: (message, { url, ...settings }) => {
    const mentions = mentionsFor(message, settings).map(mentionText).join(' ');
    return postJson(url, {
      // Notifications show it in place of the blocks.
      text: [mentions, shortText(message, { max: 2000, render: (_, sentences) => slackText(sentences.join(' ')) })]
        .filter(Boolean)
        .join(' '),
      blocks: [
        { type: 'header', text: plain(`${symbolOf(message)} ${titleOf(message)}`, 150) },
        ...(mentions === '' ? [] : [marked(mentions)]),
        { type: 'section', text: plain(whyOf(message) || titleOf(message), maxSection) },
        ...factSections(message),
        ...linkSections(message),
      ],
    });
  },
});
