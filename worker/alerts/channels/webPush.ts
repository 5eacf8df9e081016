import { buildPushPayload } from '@block65/webcrypto-web-push';
import { base64url } from 'jose';
import { z } from 'zod';
import type { PushNotification } from '../../domain/delivery/pushNotification.ts';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { sha256 } from '../../sha256.ts';
import { webPushAnswers } from '../answers/webPush.ts';
import { fitItems, inBytes, inJsonBytes } from '../messages/fit.ts';
import { linksOf, pageOf } from '../messages/links.ts';
import { dedupKeyOf, severityOf } from '../messages/message.ts';
import { previewText } from '../messages/messageTexts.ts';
import { cutBytes } from '../messages/text.ts';
import { titleOf } from '../messages/titles.ts';
import { address } from '../outbox/address.ts';
import { defineChannel, NotConfigured } from './channel.ts';

/** A push that nobody fetched for a day is outdated. */
const ttlSeconds = 86_400;

/** The room in the 4,096 bytes that a push service accepts, encrypted. https://www.rfc-editor.org/rfc/rfc8291#section-4 */
const maxData = 3993;
/** Browsers show two or three. */
const maxActions = 3;

const base64Url = (bytes: number, what: string) =>
  z
    .string(`The ${what} of the subscription is missing.`)
    .regex(/^[\w-]+={0,2}$/, `The ${what} of the subscription is not base64url.`)
    .refine(
      (text) => Math.floor((text.replace(/=+$/, '').length * 3) / 4) === bytes,
      `The ${what} of the subscription has another length.`,
    );

/** A topic that push services accept: up to 32 characters of base64url. https://www.rfc-editor.org/rfc/rfc8030#section-5.4 */
const topicOf = async (dedupKey: string) => base64url.encode((await sha256(dedupKey)).subarray(0, 24));

/**
 * https://www.rfc-editor.org/rfc/rfc8030 (protocol), 8291 (encryption), 8292 (VAPID). The service worker is sent a
 * `PushNotification` as JSON.
 */
export const webPush = defineChannel({
  label: 'Browser notification',
  help: 'This browser shows notifications, even while Pharos is closed.',
  settings: (rules) =>
    z.strictObject({
      endpoint: address(rules, {
        hosts: [
          'fcm.googleapis.com',
          'updates.push.services.mozilla.com',
          '.push.services.mozilla.com',
          '.notify.windows.com',
          '.push.apple.com',
        ],
        help: 'This is not an address of a supported push service (Google, Mozilla, Microsoft, Apple).',
      }).meta({ label: 'Endpoint', isSecret: true } satisfies FieldMeta),
      p256dh: base64Url(65, 'key').meta({ label: 'Public key of the browser' } satisfies FieldMeta),
      auth: base64Url(16, 'secret').meta({ label: 'Secret of the browser', isSecret: true } satisfies FieldMeta),
    }),
  limits: { text: maxData, unit: 'bytes' },
  answers: webPushAnswers,
  dedupe:
    'A newer message of an incident replaces an older one that was not fetched yet; the tag replaces it on screen.',
  request: async (message, { endpoint, p256dh, auth }, _key, { vapid }) => {
    if (!vapid) throw new NotConfigured('Web Push is not set up: the operator has to run "npm run deploy" again.');
    const around = {
      title: cutBytes(titleOf(message), 300),
      body: previewText(message, { max: 1000, measure: inJsonBytes }),
      tag: dedupKeyOf(message),
      url: pageOf(message),
    };
    const actions = linksOf(message).map(({ label, url }) => ({ title: label, url }));
    const left = maxData - inBytes(JSON.stringify({ ...around, actions: [] }));
    const data = { ...around, actions: fitItems(actions, { count: maxActions, max: left }) } satisfies PushNotification;
    const urgency = severityOf(message) === 'critical' ? 'high' : 'normal';
    const { method, headers, body } = await buildPushPayload(
      { data, options: { ttl: ttlSeconds, urgency, topic: await topicOf(dedupKeyOf(message)) } },
      { endpoint, expirationTime: null, keys: { p256dh, auth } },
      vapid,
    );
    // The runtime counts the length itself.
    const { 'content-length': _, ...rest } = headers;
    return { url: endpoint, method: method.toUpperCase(), headers: rest, body: new Uint8Array(body) };
  },
});
