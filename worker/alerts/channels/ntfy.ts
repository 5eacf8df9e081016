import { z } from 'zod';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { ntfyAnswers } from '../answers/ntfy.ts';
import { fitItems, inBytes, inJsonBytes, type Measure } from '../messages/fit.ts';
import { linksOf, pageOf } from '../messages/links.ts';
import { type AlertMessage, severityOf } from '../messages/message.ts';
import { bodyText } from '../messages/messageTexts.ts';
import { cutBytes } from '../messages/text.ts';
import { titleOf } from '../messages/titles.ts';
import { type Tone, toneOf } from '../messages/tone.ts';
import { address } from '../outbox/address.ts';
import { defineChannel, postJson } from './channel.ts';

/** Longer, a message comes as an attachment. https://docs.ntfy.sh/publish/#limitations */
const maxMessage = 4000;
/** ntfy accepts this much of a message in JSON: twice the limit for text. */
const maxBody = 8192;
/** https://docs.ntfy.sh/publish/#action-buttons */
const maxActions = 3;

const priorities = { critical: 5, warning: 4, info: 3 };

/** Names of emoji. https://docs.ntfy.sh/emojis/ */
const tags: Record<Tone, string> = {
  critical: 'rotating_light',
  warning: 'warning',
  acknowledged: 'raising_hand',
  good: 'white_check_mark',
  neutral: 'information_source',
};

const tagOf = (message: AlertMessage) => (message.event === 'test' ? 'bell' : tags[toneOf(message)]);

/** https://docs.ntfy.sh/publish/#publish-as-json */
export const ntfy = defineChannel({
  label: 'ntfy',
  help: 'Choose a topic that is hard to guess, and subscribe to it in the app.',
  settings: (rules) =>
    z.strictObject({
      server: address(rules, { path: /^\/$/, help: 'Enter only the server, such as https://ntfy.sh.' })
        .default('https://ntfy.sh')
        .meta({ label: 'Server', placeholder: 'https://ntfy.sh' } satisfies FieldMeta),
      topic: z
        .string('Enter the topic.')
        .trim()
        .regex(/^[\w-]{1,64}$/, 'A topic has up to 64 letters, digits, hyphens and underscores.')
        .meta({
          label: 'Topic',
          isSecret: true,
          hint: 'Anyone with the topic name can read the alerts.',
        } satisfies FieldMeta),
      token: z
        .string()
        .trim()
        .regex(/^[\x21-\x7e]{8,200}$/, 'A token starts with tk_.')
        .nullable()
        .default(null)
        .meta({
          label: 'Access token',
          hint: 'Only for protected topics.',
          isSecret: true,
        } satisfies FieldMeta),
    }),
  limits: { text: 4096, unit: 'bytes' },
  answers: ntfyAnswers,
  dedupe: 'None: ntfy shows a duplicate as a second message.',
  request: (message, { server, topic, token }) => {
    const actions = linksOf(message).map(({ label, url }) => ({ action: 'view', label, url, clear: true }));
    const around = {
      topic,
      title: cutBytes(titleOf(message), 500),
      priority: priorities[severityOf(message)],
      tags: [tagOf(message)],
      click: pageOf(message),
      actions: fitItems(actions, { count: maxActions, max: 3000 }),
    };
    const left = maxBody - inBytes(JSON.stringify({ ...around, message: '' }));
    const measure: Measure = (text) => Math.max(inBytes(text), inJsonBytes(text) + maxMessage - left);
    const body = { ...around, message: bodyText(message, { max: maxMessage, measure }) };
    return postJson(server, body, token === null ? {} : { authorization: `Bearer ${token}` });
  },
});
