import { z } from 'zod';
import type { ChannelContext } from '../../../worker/alerts/channels/channel.ts';
import type { ChannelKind } from '../../../worker/domain/delivery/channelKind.ts';
import type { Received } from '../../provided.ts';
import { decryptPush, verifyVapid } from './push.ts';

/**
 * What each vendor publishes about its format, written from its documentation and not from the driver. Objects are
 * strict, so that a field the vendor does not know is seen.
 */
export interface Vendor {
  settings: Record<string, unknown>;
  /** Path and query that the request has to go to. */
  path: RegExp;
  /** The vendor's response of success. */
  accepts: { status: number; body?: string };
  /** The body, as far as it had to be decoded. */
  decode: (received: Received) => unknown;
  format: z.ZodType;
  headers?: z.ZodType;
  /** The field by which the receiver recognises a duplicate; null where there is none. */
  dedupe: (received: Received, body: never) => unknown;
  /** Texts that must have no effect, after the vendor's own way of escaping. Returns the violations. */
  harm?: (body: never) => string[];
}

const text = (received: Received) =>
  new TextDecoder().decode(Uint8Array.from(atob(received.body), (sign) => sign.charCodeAt(0)));
const fromJson = (received: Received) => JSON.parse(text(received));
const fromForm = (received: Received) => Object.fromEntries(new URLSearchParams(text(received)));
const json = z.looseObject({ 'content-type': z.literal('application/json') });
const bearer = (token: string) => json.extend({ authorization: z.literal(`Bearer ${token}`) });
const bytes = (max: number) => (value: string) => new TextEncoder().encode(value).length <= max;
const atMost = (max: number) => z.string().min(1).max(max);

/** Keys of RFC 8291, section 5; they guard nothing. */
export const context: ChannelContext = {
  now: 0,
  publicOrigin: 'https://pharos.test',
  mail: { kind: 'resend', from: 'Pharos <alerts@pharos.test>', apiKey: 're_Secret0fResend' },
  vapid: {
    subject: 'mailto:operator@pharos.test',
    publicKey: 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
    privateKey: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
  },
};

/** https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
const slackPlain = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: atMost(max), emoji: z.boolean() });

const slackMarked = z.strictObject({ type: z.literal('mrkdwn'), text: atMost(3000), verbatim: z.literal(true) });

/** https://docs.slack.dev/reference/block-kit/blocks/ */
const slackBlock = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), text: slackPlain(150) }),
  z
    .strictObject({
      type: z.literal('section'),
      text: z.union([slackPlain(3000), slackMarked]).optional(),
      fields: z.array(slackPlain(2000)).min(1).max(10).optional(),
    })
    .refine(({ text, fields }) => text || fields),
]);

/** https://adaptivecards.io/explorer/RichTextBlock.html, …/TextRun.html, …/Action.OpenUrl.html */
const adaptiveCard = z.strictObject({
  $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
  type: z.literal('AdaptiveCard'),
  version: z.enum(['1.2', '1.3', '1.4']),
  fallbackText: z.string(),
  msteams: z.strictObject({ width: z.literal('Full') }),
  body: z.array(
    z.strictObject({
      type: z.literal('RichTextBlock'),
      inlines: z
        .array(
          z.strictObject({
            type: z.literal('TextRun'),
            text: z.string().min(1),
            size: z.enum(['Small', 'Default', 'Medium', 'Large', 'ExtraLarge']).optional(),
            weight: z.enum(['Lighter', 'Default', 'Bolder']).optional(),
            color: z.enum(['Default', 'Dark', 'Light', 'Accent', 'Good', 'Warning', 'Attention']).optional(),
          }),
        )
        .min(1),
    }),
  ),
  actions: z.array(z.strictObject({ type: z.literal('Action.OpenUrl'), title: z.string(), url: z.url() })).max(6),
});

/** https://developers.google.com/workspace/chat/api/reference/rest/v1/cards */
const chatWidget = z.union([
  z.strictObject({ textParagraph: z.strictObject({ text: z.string().min(1) }) }),
  z.strictObject({
    decoratedText: z.strictObject({ topLabel: z.string(), text: z.string().min(1), wrapText: z.boolean() }),
  }),
  z.strictObject({
    buttonList: z.strictObject({
      buttons: z
        .array(
          z.strictObject({ text: z.string(), onClick: z.strictObject({ openLink: z.strictObject({ url: z.url() }) }) }),
        )
        .min(1),
    }),
  }),
]);

const hostileMarkdown = (texts: string[]) => texts.filter((value) => /(?<!\\)(\*\*|\]\(https:\/\/evil)/.test(value));

export const vendors: Record<ChannelKind, Vendor> = {
  // https://resend.com/docs/api-reference/emails/send-email
  email: {
    settings: { to: ['ada@pharos.test'] },
    path: /^\/emails$/,
    accepts: { status: 200, body: '{"id":"49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"}' },
    decode: fromJson,
    headers: bearer('re_Secret0fResend').extend({ 'idempotency-key': atMost(256) }),
    format: z.strictObject({
      from: z.literal('Pharos <alerts@pharos.test>'),
      to: z.array(z.email()).max(50),
      subject: atMost(998).regex(/^[^\r\n]+$/),
      text: z.string().min(1),
      html: z.string().startsWith('<!doctype html>'),
      headers: z.record(z.string().regex(/^[\w-]+$/), z.string().regex(/^[\x20-\x7e]+$/)),
    }),
    dedupe: ({ headers }) => headers['idempotency-key'],
    harm: ({ html }: { html: string }) => [...html.matchAll(/<(script|b|img|users)\b/g)].map(([tag]) => tag),
  },

  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
  webhook: {
    settings: {
      url: 'https://hooks.example.com/pharos?source=1',
      method: 'PUT',
      headers: { Authorization: 'Bearer t0ken-of-the-receiver' },
      signingSecret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
    },
    path: /^\/pharos\?source=1$/,
    accepts: { status: 204 },
    decode: fromJson,
    headers: bearer('t0ken-of-the-receiver').extend({
      'webhook-id': z.string().min(1),
      'webhook-timestamp': z.string().regex(/^\d{10}$/),
      'webhook-signature': z.string().regex(/^v1,[A-Za-z0-9+/]{43}=$/),
    }),
    format: z.looseObject({ type: z.string().regex(/^(alert|channel)\.[a-z]+$/), timestamp: z.iso.datetime() }),
    dedupe: ({ headers }) => headers['webhook-id'],
  },

  // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/
  slack: {
    settings: { url: 'https://hooks.slack.com/services/T00000000/B00000000/XXXXsecretXXXX' },
    path: /^\/services\/T00000000\/B00000000\/XXXXsecretXXXX$/,
    accepts: { status: 200, body: 'ok' },
    decode: fromJson,
    headers: json,
    format: z.strictObject({ text: atMost(40_000), blocks: z.array(slackBlock).max(50) }),
    dedupe: () => null,
    harm: ({ text }: { text: string }) => text.match(/<[!@#]/g) ?? [],
  },

  // https://docs.discord.com/developers/resources/webhook#execute-webhook and …/message#embed-object-embed-limits
  discord: {
    settings: { url: 'https://discord.com/api/webhooks/123456789012345678/s3cr3t-t0ken_of-discord' },
    path: /^\/api\/webhooks\/\d+\/[\w-]+\?wait=true$/,
    accepts: { status: 200, body: '{"id":"1"}' },
    decode: fromJson,
    headers: json,
    format: z.strictObject({
      allowed_mentions: z.strictObject({ parse: z.array(z.never()) }),
      embeds: z
        .array(
          z.strictObject({
            title: atMost(256),
            description: atMost(4096),
            color: z.int().max(0xffffff),
            timestamp: z.iso.datetime(),
            fields: z.array(z.strictObject({ name: atMost(256), value: atMost(1024), inline: z.boolean() })).max(25),
          }),
        )
        .max(10)
        .refine((embeds) => texts(embeds).join('').length <= 6000, 'at most 6,000 characters in all embeds'),
    }),
    dedupe: () => null,
    harm: ({ embeds }: { embeds: { title: string; description: string }[] }) =>
      hostileMarkdown(embeds.flatMap(({ title, description }) => [title, description])),
  },

  // https://learn.microsoft.com/en-us/connectors/teams/#microsoft-teams-webhook
  teams: {
    settings: {
      url: 'https://default00.11.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/abc/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=S3cretSignature',
    },
    path: /^\/powerautomate\/automations\/direct\/workflows\/abc\/.*&sig=S3cretSignature$/,
    accepts: { status: 202 },
    decode: fromJson,
    headers: json,
    format: z
      .strictObject({
        type: z.literal('message'),
        summary: z.string().min(1),
        attachments: z
          .array(
            z.strictObject({
              contentType: z.literal('application/vnd.microsoft.card.adaptive'),
              contentUrl: z.null(),
              content: adaptiveCard,
            }),
          )
          .length(1),
      })
      .refine((body) => bytes(28_000)(JSON.stringify(body)), 'at most 28 KB'),
    dedupe: () => null,
  },

  // https://core.telegram.org/bots/api#sendmessage and #html-style
  telegram: {
    settings: { botToken: '123456789:AAEsecret-token_of-the-bot-0123456789', chatId: '-1001234567890', topicId: 7 },
    path: /^\/bot123456789:AAEsecret-token_of-the-bot-0123456789\/sendMessage$/,
    accepts: { status: 200, body: '{"ok":true,"result":{"message_id":1}}' },
    decode: fromJson,
    headers: json,
    format: z.strictObject({
      chat_id: z.string(),
      message_thread_id: z.int(),
      text: z.string().refine((value) => value.replace(/<[^>]*>/g, '').replace(/&(#39|\w+);/g, '.').length <= 4096),
      parse_mode: z.literal('HTML'),
      link_preview_options: z.strictObject({ is_disabled: z.literal(true) }),
      disable_notification: z.boolean(),
    }),
    dedupe: () => null,
    harm: ({ text }: { text: string }) => {
      const rest = text.replace(/<\/?b>|<a href="[^"<>]*">|<\/a>/g, '').replace(/&(amp|lt|gt|quot|#39);/g, '');
      const opened = [...text.matchAll(/<(b|a)\b/g)].length;
      const closed = [...text.matchAll(/<\/(b|a)>/g)].length;
      return [...(/[<>&]/.test(rest) ? [rest] : []), ...(opened === closed ? [] : ['a tag is not closed'])];
    },
  },

  // https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/create
  'google-chat': {
    settings: { url: 'https://chat.googleapis.com/v1/spaces/AAAA/messages?key=AIzaS3cretKey&token=S3cretT0ken' },
    path: /^\/v1\/spaces\/AAAA\/messages\?key=AIzaS3cretKey&token=S3cretT0ken&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD$/,
    accepts: { status: 200, body: '{"name":"spaces/AAAA/messages/1"}' },
    decode: fromJson,
    headers: json,
    format: z
      .strictObject({
        fallbackText: z.string(),
        thread: z.strictObject({ threadKey: atMost(4000) }),
        cardsV2: z.array(
          z.strictObject({
            cardId: z.string(),
            card: z.strictObject({
              header: z.strictObject({ title: z.string().min(1), subtitle: z.string() }),
              sections: z.array(z.strictObject({ widgets: z.array(chatWidget).min(1).max(100) })),
            }),
          }),
        ),
      })
      .refine((body) => bytes(32_000)(JSON.stringify(body)), 'at most 32,000 bytes'),
    dedupe: (_, body: { thread: { threadKey: string } }) => body.thread.threadKey,
    harm: (body: { fallbackText: string; cardsV2: { card: { sections: unknown } }[] }) => [
      ...(body.fallbackText.match(/<[^>]*>/g) ?? []),
      ...texts(body.cardsV2.map(({ card }) => card.sections)).filter((value) => /<(?!br>)/.test(value)),
    ],
  },

  // https://developers.mattermost.com/integrate/reference/message-attachments/
  mattermost: {
    settings: { url: 'https://chat.example.com/hooks/s3cr3th00kkeyabcdefghijklm' },
    path: /^\/hooks\/s3cr3th00kkeyabcdefghijklm$/,
    accepts: { status: 200, body: 'ok' },
    decode: fromJson,
    headers: json,
    format: z.strictObject({
      attachments: z.array(
        z.strictObject({
          fallback: z.string().min(1),
          color: z.string().regex(/^#[0-9a-f]{6}$/),
          title: z.string().min(1),
          text: atMost(16_383),
          fields: z.array(z.strictObject({ title: z.string(), value: z.string(), short: z.boolean() })),
        }),
      ),
    }),
    dedupe: () => null,
    harm: (body: { attachments: Record<string, unknown>[] }) => [
      ...texts(body).filter((value) => /@(everyone|here|channel|all)\b/.test(value)),
      // The fallback is plain text.
      ...hostileMarkdown(texts(body.attachments.map(({ fallback: _, ...rest }) => rest))),
    ],
  },

  // https://developer.pagerduty.com/docs/send-alert-event
  pagerduty: {
    settings: { routingKey: '0123456789abcdef0123456789ABCDEF', region: 'eu' },
    path: /^\/v2\/enqueue$/,
    accepts: { status: 202, body: '{"status":"success","message":"Event processed","dedup_key":"x"}' },
    decode: fromJson,
    headers: json,
    format: z.strictObject({
      routing_key: z.string().length(32),
      event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
      dedup_key: atMost(255),
      payload: z.strictObject({
        summary: atMost(1024),
        source: z.string().min(1),
        severity: z.enum(['critical', 'warning', 'error', 'info']),
        timestamp: z.iso.datetime(),
        component: z.string().optional(),
        group: atMost(255),
        class: z.string().optional(),
        custom_details: z.record(z.string(), z.string()).optional(),
      }),
      client: z.string(),
      client_url: z.url(),
      links: z.array(z.strictObject({ href: z.url(), text: z.string() })),
    }),
    dedupe: (_, body: { dedup_key: string }) => body.dedup_key,
  },

  // https://docs.incident.io/api-reference/alert-events-v2/createhttp
  'incident-io': {
    settings: {
      url: 'https://api.incident.io/v2/alert_events/http/01GW2G3V0S59R238FAHPDS1R66',
      token: 'S3cretT0kenOfTheSource',
    },
    path: /^\/v2\/alert_events\/http\/01GW2G3V0S59R238FAHPDS1R66$/,
    accepts: { status: 202, body: '{"status":"success","message":"Event accepted for processing"}' },
    decode: fromJson,
    headers: bearer('S3cretT0kenOfTheSource'),
    format: z.strictObject({
      title: z.string().min(1),
      description: z.string(),
      status: z.enum(['firing', 'resolved']),
      deduplication_key: z.string().min(1),
      source_url: z.url(),
      metadata: z.record(z.string(), z.unknown()),
    }),
    dedupe: (_, body: { deduplication_key: string }) => body.deduplication_key,
    // Names of facts are bold by intention.
    harm: ({ description }: { description: string }) =>
      hostileMarkdown([description.replace(/^\*\*[\w ]+:\*\*/gm, '')]),
  },

  // https://docs.ntfy.sh/publish/#publish-as-json
  ntfy: {
    settings: { server: 'https://ntfy.sh', topic: 'pharos_s3cr3t_topic', token: 'tk_s3cretOfNtfy' },
    path: /^\/$/,
    accepts: { status: 200, body: '{"id":"x","event":"message"}' },
    decode: fromJson,
    headers: bearer('tk_s3cretOfNtfy'),
    format: z.strictObject({
      topic: z.string(),
      title: z.string().min(1),
      message: z.string().refine(bytes(4096)),
      priority: z.int().min(1).max(5),
      tags: z.array(z.string()),
      click: z.url().optional(),
      actions: z
        .array(z.strictObject({ action: z.literal('view'), label: z.string(), url: z.url(), clear: z.boolean() }))
        .max(3),
    }),
    dedupe: () => null,
  },

  // https://pushover.net/api#messages
  pushover: {
    settings: {
      appToken: 'azGDORePK8gMaC0QOYAMyEEuzJnyUi',
      userKey: 'uQiRzpo4DXghDmr9QzzfQu27cmVRsG',
      isEmergency: true,
    },
    path: /^\/1\/messages\.json$/,
    accepts: { status: 200, body: '{"status":1,"request":"647d2300-702c-4b38-8b2f-d56326ae460b"}' },
    decode: fromJson,
    headers: json,
    format: z
      .strictObject({
        token: z.string().length(30),
        user: z.string().length(30),
        title: atMost(250),
        message: atMost(1024),
        timestamp: z.int(),
        priority: z.int().min(-2).max(2),
        retry: z.int().min(30).optional(),
        tags: z
          .string()
          .regex(/^[\w-]{1,200}$/)
          .optional(),
        expire: z.int().max(10_800).optional(),
        url: z.string().max(512).optional(),
        url_title: z.string().max(100).optional(),
      })
      .refine(({ priority, retry, expire }) => (priority === 2) === (retry !== undefined && expire !== undefined)),
    dedupe: () => null,
  },

  // https://gotify.net/docs/pushmsg
  gotify: {
    settings: { server: 'https://gotify.example.com/sub', token: 'AS3cretOfGotify' },
    path: /^\/sub\/message$/,
    accepts: { status: 200, body: '{"id":25}' },
    decode: fromJson,
    headers: json.extend({ 'x-gotify-key': z.literal('AS3cretOfGotify') }),
    format: z.strictObject({
      title: z.string(),
      message: z.string().min(1),
      priority: z.int().min(0).max(10),
      extras: z.record(z.string().regex(/^\w+::\w+$/), z.unknown()),
    }),
    dedupe: () => null,
  },

  // https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
  twilio: {
    settings: {
      accountSid: 'AC0123456789abcdef0123456789abcdef',
      authToken: 's3cretTokenOfTwilio0123456789abc',
      from: '+15017122661',
      to: '+49 (151) 1234-5678',
    },
    path: /^\/2010-04-01\/Accounts\/AC0123456789abcdef0123456789abcdef\/Messages\.json$/,
    accepts: { status: 201, body: '{"sid":"SM1","status":"queued"}' },
    decode: fromForm,
    headers: z.looseObject({
      'content-type': z.literal('application/x-www-form-urlencoded'),
      authorization: z.literal(`Basic ${btoa('AC0123456789abcdef0123456789abcdef:s3cretTokenOfTwilio0123456789abc')}`),
    }),
    format: z.strictObject({
      To: z.literal('+4915112345678'),
      From: z.literal('+15017122661'),
      Body: atMost(1600),
    }),
    dedupe: () => null,
  },

  // https://www.rfc-editor.org/rfc/rfc8030#section-5, 8291 and 8292
  'web-push': {
    settings: {
      endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/s3cretEndpointOfABrowser',
      p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    },
    path: /^\/wpush\/v2\/s3cretEndpointOfABrowser$/,
    accepts: { status: 201 },
    decode: (received) => decryptPush(received),
    headers: z.looseObject({
      ttl: z.string().regex(/^\d+$/),
      'content-encoding': z.literal('aes128gcm'),
      urgency: z.enum(['very-low', 'low', 'normal', 'high']),
      topic: z.string().regex(/^[\w-]{1,32}$/),
      authorization: z.string().refine((value) => verifyVapid(value, 'https://updates.push.services.mozilla.com')),
    }),
    format: z.strictObject({
      title: z.string().min(1),
      body: z.string(),
      tag: z.string(),
      url: z.url().nullable(),
      actions: z.array(z.strictObject({ title: z.string(), url: z.url() })),
    }),
    dedupe: ({ headers }, body: { tag: string }) => [headers.topic, body.tag],
  },
};

/** Every text in a value, also the keys of records. */
export const texts = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
};
