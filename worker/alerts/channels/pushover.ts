import { z } from 'zod';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { pushoverAnswers, pushoverCancelAnswers } from '../answers/pushover.ts';
import { linksOf } from '../messages/links.ts';
import { type AlertMessage, actionOf, dedupKeyOf, severityOf } from '../messages/message.ts';
import { bodyText } from '../messages/messageTexts.ts';
import { cut } from '../messages/text.ts';
import { titleOf } from '../messages/titles.ts';
import { defineChannel, postJson } from './channel.ts';

const key = (what: string) =>
  z
    .string(`Enter the ${what}.`)
    .trim()
    .regex(/^[A-Za-z0-9]{30}$/, `The ${what} has 30 letters and digits.`);

const maxUrl = 512;

/** The first address that Pushover accepts becomes its button; a signed one may be too long. */
const button = (message: AlertMessage) => {
  const link = linksOf(message).find(({ url }) => url.length <= maxUrl);
  return link ? { url: link.url, url_title: cut(link.label, 100) } : {};
};

/** Shared by all emergencies about the same incident, or the same digests. */
const tagOf = (message: AlertMessage) => `pharos-${dedupKeyOf(message)}`.replace(/[^\w-]/g, '-').slice(0, 200);

/** https://pushover.net/api */
export const pushover = defineChannel({
  label: 'Pushover',
  help: 'On pushover.net, create an application for its token; the user key is on the first page.',
  settings: () =>
    z.strictObject({
      appToken: key('application token').meta({ label: 'Application token', isSecret: true } satisfies FieldMeta),
      userKey: key('user or group key').meta({ label: 'User or group key', isSecret: true } satisfies FieldMeta),
      isEmergency: z
        .boolean('Say true or false.')
        .default(false)
        .meta({
          label: 'Repeat outage alerts until acknowledged',
          hint: 'Outages are sent with emergency priority. An acknowledgement or a recovery stops them.',
        } satisfies FieldMeta),
      retrySeconds: z
        .int('A whole number of seconds.')
        .min(30, 'At least every 30 seconds.')
        .max(3600, 'At most every hour.')
        .default(60)
        .meta({ label: 'Repeat every (seconds)' } satisfies FieldMeta),
      expireSeconds: z
        .int('A whole number of seconds.')
        .min(30, 'At least 30 seconds.')
        .max(10_800, 'At most three hours (10,800 seconds).')
        .default(3600)
        .meta({ label: 'Stop repeating after (seconds)' } satisfies FieldMeta),
    }),
  limits: { text: 1024, unit: 'characters' },
  answers: pushoverAnswers,
  dedupe: 'None: Pushover shows a duplicate as a second message.',
  // https://pushover.net/api/receipts#cancel_by_tag
  also: (message, { appToken, isEmergency }) =>
    isEmergency && actionOf(message) !== 'open'
      ? [
          {
            when: 'before',
            request: postJson(`https://api.pushover.net/1/receipts/cancel_by_tag/${tagOf(message)}.json`, {
              token: appToken,
            }),
            answers: pushoverCancelAnswers,
            failed: 'The emergency alert could not be canceled: acknowledge it in the Pushover app.',
          },
        ]
      : [],
  request: (message, { appToken, userKey, isEmergency, retrySeconds, expireSeconds }) => {
    const severity = severityOf(message);
    const emergency = isEmergency && severity === 'critical';
    return postJson('https://api.pushover.net/1/messages.json', {
      token: appToken,
      user: userKey,
      title: cut(titleOf(message), 250),
      message: bodyText(message, { max: 1024 }),
      timestamp: Math.floor(message.at / 1000),
      priority: emergency ? 2 : severity === 'critical' ? 1 : 0,
      ...(emergency ? { retry: retrySeconds, expire: expireSeconds, tags: tagOf(message) } : {}),
      ...button(message),
    });
  },
});
