import { z } from 'zod';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { gotifyAnswers } from '../answers/gotify.ts';
import { linkLines, pageOf } from '../messages/links.ts';
import { severityOf } from '../messages/message.ts';
import { bodyText } from '../messages/messageTexts.ts';
import { cut } from '../messages/text.ts';
import { titleOf } from '../messages/titles.ts';
import { address } from '../outbox/address.ts';
import { defineChannel, postJson } from './channel.ts';

const priorities = { critical: 10, warning: 6, info: 4 };

/** https://gotify.net/docs/pushmsg and https://gotify.net/docs/msgextras */
export const gotify = defineChannel({
  label: 'Gotify',
  help: 'In Gotify, create an application and copy its token.',
  settings: (rules) =>
    z.strictObject({
      server: address(rules, {
        path: /^[^?]*$/,
        help: 'Enter only the server, such as https://gotify.example.com.',
      }).meta({ label: 'Server', placeholder: 'https://gotify.example.com' } satisfies FieldMeta),
      token: z
        .string('Enter the application token.')
        .trim()
        .regex(/^[\w.-]{10,100}$/, 'Copy the application token as Gotify shows it.')
        .meta({ label: 'Application token', isSecret: true } satisfies FieldMeta),
    }),
  limits: { text: 10_000, unit: 'characters' },
  answers: gotifyAnswers,
  dedupe: 'None: Gotify shows a duplicate as a second message.',
  request: (message, { server, token }) =>
    postJson(
      `${server.replace(/\/+$/, '')}/message`,
      {
        title: cut(titleOf(message), 500),
        message: [bodyText(message, { max: 8000 }), linkLines(message)].filter(Boolean).join('\n\n'),
        priority: priorities[severityOf(message)],
        extras: {
          'client::display': { contentType: 'text/plain' },
          'client::notification': { click: { url: pageOf(message) } },
        },
      },
      { 'x-gotify-key': token },
    ),
});
