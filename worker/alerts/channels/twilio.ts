import { z } from 'zod';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { twilioAnswers } from '../answers/twilio.ts';
import { segmentsOf, toGsm } from '../messages/gsm.ts';
import { linksOf } from '../messages/links.ts';
import { type AlertMessage, channelOf, monitorOf } from '../messages/message.ts';
import { shortText } from '../messages/messageTexts.ts';
import { nameOf } from '../messages/names.ts';
import { defineChannel } from './channel.ts';

/** Each segment costs money. Sentences that do not fit are omitted; only the link alone may take more. */
const maxSegments = 3;
const maxLength = 1600;

/** The facts that the title contains. */
const namedBy = (message: AlertMessage) => {
  const named = monitorOf(message) ?? channelOf(message);
  if (named) return [named];
  return 'monitors' in message && message.monitors.length === 1 ? message.monitors : [];
};

/** The message in the GSM alphabet; unchanged where a name would lose some or all of its letters. */
const textOf = (message: AlertMessage): string => {
  const [link] = linksOf(message);
  const tail = link ? `\n${link.label}: ${link.url}` : '';
  const names = namedBy(message).map((named) => nameOf(named));
  const isPlain = names.every((name) => toGsm(name)) && toGsm(shortText(message)) !== null;
  const written = (text: string) => (isPlain ? (toGsm(text) ?? text) : text) + tail;
  const max = Math.max(maxSegments, segmentsOf(isPlain ? tail : `…${tail}`).segments + 1);
  return written(shortText(message, { max, measure: (text) => segmentsOf(written(text)).segments }));
};

const number = z
  .string('Enter a phone number.')
  .trim()
  .transform((text) => text.replace(/[\s()-]/g, ''))
  .pipe(z.string().regex(/^\+[1-9]\d{6,14}$/, 'Enter the number with its country code, such as +4915112345678.'));

/** https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource */
export const twilio = defineChannel({
  label: 'SMS (Twilio)',
  help: 'The Twilio console shows the account SID, the token and the sender number.',
  settings: () =>
    z.strictObject({
      accountSid: z
        .string('Enter the account SID.')
        .trim()
        .regex(/^AC[0-9a-fA-F]{32}$/, 'An account SID starts with AC and has 34 characters.')
        .meta({ label: 'Account SID', placeholder: 'AC…' } satisfies FieldMeta),
      authToken: z
        .string('Enter the token.')
        .trim()
        .regex(/^[\x21-\x7e]{16,200}$/, 'Copy the token as Twilio shows it.')
        .meta({ label: 'Auth token', isSecret: true } satisfies FieldMeta),
      from: z
        .union(
          [number, z.string().regex(/^MG[0-9a-fA-F]{32}$/)],
          'Enter a number such as +15017122661, or a messaging service (MG…).',
        )
        .meta({
          label: 'From',
          placeholder: '+15017122661',
          hint: 'Your number at Twilio, or a messaging service (MG…).',
        } satisfies FieldMeta),
      to: number.meta({ label: 'To', placeholder: '+4915112345678' } satisfies FieldMeta),
    }),
  limits: { text: maxLength, unit: 'characters' },
  answers: twilioAnswers,
  dedupe: 'None: a duplicate arrives as a second message.',
  request: (message, { accountSid, authToken, from, to }) => {
    const form = new URLSearchParams({
      To: to,
      ...(from.startsWith('MG') ? { MessagingServiceSid: from } : { From: from }),
      Body: textOf(message),
    });
    return {
      url: `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages.json`,
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}`,
      },
      body: form.toString(),
    };
  },
});
