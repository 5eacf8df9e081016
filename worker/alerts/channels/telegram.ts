import { z } from 'zod';
import { telegramAnswers } from '../answers/telegram.ts';
import { type AlertMessage, severityOf } from '../message.ts';
import { escapeHtml } from '../text.ts';
import { bodyText, linksOf, symbolOf, titleOf } from '../words.ts';
import { defineChannel, type FieldMeta, postJson } from './channel.ts';

const maxLength = 4096;

const section = (name: string | null, lines: readonly string[]) => {
  const text = escapeHtml(lines.join('\n'));
  return name === null ? text : `<b>${escapeHtml(name)}:</b> ${text}`;
};

/** The limit holds for the text without its tags, so with them it holds as well. */
const textOf = (message: AlertMessage) => {
  const title = `<b>${escapeHtml(`${symbolOf(message)} ${titleOf(message)}`)}</b>`;
  const links = linksOf(message).map(({ label, url }) => `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`);
  const around = [title, '', ...links].join('\n').length;
  return [title, bodyText(message, { max: maxLength - around, render: section }), ...links].filter(Boolean).join('\n');
};

/** https://core.telegram.org/bots/api#sendmessage */
export const telegram = defineChannel({
  label: 'Telegram',
  help: 'Ask @BotFather for a bot, write to it or add it to a group, and take the chat id from getUpdates.',
  settings: () =>
    z.strictObject({
      botToken: z
        .string('Enter the token of the bot.')
        .trim()
        .regex(/^\d{5,20}:[\w-]{30,64}$/, 'A token looks like 123456789:AAE… and comes from @BotFather.')
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
        .meta({ label: 'Topic', hint: 'Only for groups with topics: the number behind the group in its link.' }),
    }),
  limits: { text: maxLength, unit: 'characters' },
  answers: telegramAnswers,
  dedupe: 'None: Telegram shows a message that is sent twice twice.',
  request: (message, { botToken, chatId, topicId }) =>
    postJson(`https://api.telegram.org/bot${botToken}/sendMessage`, {
      chat_id: chatId,
      ...(topicId === null ? {} : { message_thread_id: topicId }),
      text: textOf(message),
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
      disable_notification: severityOf(message) === 'info' && message.event !== 'test',
    }),
});
