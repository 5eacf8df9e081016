import { z } from 'zod';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { telegramAnswers } from '../answers/telegram.ts';
import type { Page } from '../messages/fit.ts';
import { linksOf } from '../messages/links.ts';
import { htmlLink, telegramText } from '../messages/markup.ts';
import { type AlertMessage, severityOf } from '../messages/message.ts';
import { bodyText } from '../messages/messageTexts.ts';
import { cut } from '../messages/text.ts';
import { symbolOf, titleOf } from '../messages/titles.ts';
import { defineChannel, postJson } from './channel.ts';
import { mentionEntry, mentionFields, mentionsFor } from './mentions.ts';

/** UTF-16 units of what is shown: tags, entities and addresses behind labels do not count. */
const maxLength = 4096;

const shownLength = (html: string) => html.replace(/<[^>]*>/g, '').replace(/&(#39|\w+);/g, '.').length;

const mentionLink = (entry: string) =>
  entry.startsWith('@') ? entry : htmlLink({ label: `user ${entry}`, url: `tg://user?id=${entry}` });

const section: Page['render'] = (name, lines) => {
  const [first = '', ...rest] = lines.map(telegramText);
  if (name === null) return [first, ...rest].join('\n');
  const text = rest.length === 0 ? ` ${first}` : [first, ...rest].map((line) => `\n- ${line}`).join('');
  return `<b>${telegramText(name)}:</b>${text}`;
};

const textOf = (message: AlertMessage, mentions: string[]) => {
  const title = `<b>${telegramText(cut(`${symbolOf(message)} ${titleOf(message)}`, 400))}</b>`;
  const tail = [mentions.map(mentionLink).join(' '), ...linksOf(message).map(htmlLink)].filter(Boolean);
  const max = maxLength - shownLength([title, '', ...tail].join('\n'));
  return [title, bodyText(message, { max, measure: shownLength, render: section }), ...tail].filter(Boolean).join('\n');
};

const mention = mentionEntry(
  /^(@[a-z][a-z0-9_]{3,31}|\d{3,20})$/i,
  'Enter @ and the user name of a person, or the numeric id of a user.',
  (text) => text,
);

/** https://core.telegram.org/bots/api#sendmessage */
export const telegram = defineChannel({
  label: 'Telegram',
  help: 'Ask @BotFather for a bot, write to it or add it to a group, and take the chat id from getUpdates.',
  settings: () =>
    z.strictObject({
      botToken: z
        .string('Enter the token of the bot.')
        .trim()
        .regex(/^\d{5,20}:[\w-]{30,64}$/, 'A bot token looks like 123456789:AAE… and comes from @BotFather.')
        .meta({ label: 'Bot token', placeholder: '123456789:AAE…', isSecret: true } satisfies FieldMeta),
      chatId: z
        .string('Enter the id of the chat.')
        .trim()
        .regex(/^(-?\d{1,20}|@\w{4,40})$/, 'A chat id is a number, negative for groups, or the @name of a channel.')
        .meta({ label: 'Chat id', placeholder: '-1001234567890' } satisfies FieldMeta),
      topicId: z
        .int('The topic is a whole number.')
        .positive('The topic is a positive number.')
        .nullable()
        .default(null)
        .meta({ label: 'Topic', hint: 'Only for groups with topics: the number after the group in its link.' }),
      ...mentionFields(mention, {
        hint: '@ and a user name, or the numeric id of a user. They have to be in the group; Telegram cannot mention all.',
        placeholder: '@ada',
      }),
    }),
  limits: { text: maxLength, unit: 'characters' },
  answers: telegramAnswers,
  dedupe: 'None: Telegram shows a duplicate as a second message.',
  request: (message, { botToken, chatId, topicId, ...settings }) =>
    postJson(`https://api.telegram.org/bot${botToken}/sendMessage`, {
      chat_id: chatId,
      ...(topicId === null ? {} : { message_thread_id: topicId }),
      text: textOf(message, mentionsFor(message, settings)),
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
      disable_notification: severityOf(message) === 'info' && message.event !== 'test',
    }),
});
