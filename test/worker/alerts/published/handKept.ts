import type { Schema } from '@cfworker/json-schema';
import type { ApiMethods } from '@grammyjs/types';

/**
 * Formats of vendors whose types or specification cannot be installed: every field that the vendor publishes, as
 * read on 29 Nov 2026 at the address beside it. A field that is not here is one that the vendor does not know.
 */

const text: Schema = { type: 'string' };
const filled: Schema = { type: 'string', minLength: 1 };
const flag: Schema = { type: 'boolean' };
const int: Schema = { type: 'integer' };
const anything: Schema = {};
const list = (items: Schema, limits: Schema = {}): Schema => ({ type: 'array', items, ...limits });

const exactly = (properties: Record<string, Schema>, required: string[], more: Schema = {}): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
  ...more,
});

type SendMessage = Parameters<ApiMethods<unknown>['sendMessage']>[0];

/** The compiler compares the names with the official ones. https://core.telegram.org/bots/api#sendmessage */
const telegram: Record<Exclude<keyof SendMessage, 'reply_to_message_id'>, Schema> = {
  business_connection_id: text,
  chat_id: { type: ['string', 'integer'] },
  message_thread_id: int,
  direct_messages_topic_id: int,
  ephemeral_message_parameters: anything,
  text: filled,
  parse_mode: { enum: ['HTML', 'MarkdownV2', 'Markdown'] },
  entities: list(anything),
  link_preview_options: exactly(
    { is_disabled: flag, url: text, prefer_small_media: flag, prefer_large_media: flag, show_above_text: flag },
    [],
  ),
  disable_notification: flag,
  protect_content: flag,
  allow_paid_broadcast: flag,
  suggested_post_parameters: anything,
  message_effect_id: text,
  reply_parameters: anything,
  reply_markup: exactly({ inline_keyboard: list(list(exactly({ text: filled, url: filled }, ['text', 'url']))) }, [
    'inline_keyboard',
  ]),
};

const addresses: Schema = { anyOf: [text, list(text, { minItems: 1, maxItems: 50 })] };

export const handKept = {
  telegram: exactly(telegram, ['chat_id', 'text']),

  // https://github.com/resend/resend-openapi/blob/main/resend.json, SendEmailRequest
  email: exactly(
    {
      from: filled,
      to: addresses,
      subject: filled,
      ...{ bcc: addresses, cc: addresses, reply_to: addresses },
      ...{ scheduled_at: text, html: filled, text: filled, topic_id: text },
      headers: { type: 'object', additionalProperties: text },
      attachments: list(anything),
      tags: list(exactly({ name: text, value: text }, [])),
      template: anything,
    },
    ['from', 'to', 'subject'],
  ),

  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-structure
  webhook: {
    type: 'object',
    properties: {
      type: { type: 'string', pattern: '^[a-zA-Z0-9_]+(\\.[a-zA-Z0-9_]+)*$' },
      timestamp: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' },
    },
    required: ['type', 'timestamp'],
  } satisfies Schema,

  // https://api.incident.io/v1/openapi.json, AlertEventsCreateHTTPPayloadV2
  'incident-io': exactly(
    {
      title: filled,
      status: { enum: ['firing', 'resolved'] },
      deduplication_key: filled,
      description: text,
      metadata: { type: 'object' },
      source_url: { type: 'string', pattern: '^https?://' },
    },
    ['title', 'status'],
  ),

  // https://docs.ntfy.sh/publish/#publish-as-json and …/#action-buttons
  ntfy: exactly(
    {
      topic: { type: 'string', pattern: '^[-_A-Za-z0-9]{1,64}$' },
      ...{ message: text, title: text, click: text, attach: text, icon: text, filename: text },
      tags: list(filled),
      priority: { type: 'integer', minimum: 1, maximum: 5 },
      actions: list(
        exactly({ action: { enum: ['view'] }, label: filled, url: filled, clear: flag }, ['action', 'label', 'url']),
        { maxItems: 3 },
      ),
      ...{ markdown: flag, delay: text, email: text, call: text, sequence_id: text, cache: text, firebase: text },
    },
    ['topic'],
  ),

  // https://pushover.net/api#messages, #priority, #urls and #tags
  pushover: exactly(
    {
      token: { type: 'string', pattern: '^[A-Za-z0-9]{30}$' },
      user: { type: 'string', pattern: '^[A-Za-z0-9]{30}$' },
      message: { type: 'string', minLength: 1, maxLength: 1024 },
      title: { type: 'string', maxLength: 250 },
      url: { type: 'string', maxLength: 512 },
      url_title: { type: 'string', maxLength: 100 },
      ...{ device: text, sound: text, callback: text, tags: text },
      ...{ attachment: text, attachment_base64: text, attachment_type: text },
      html: { enum: [0, 1] },
      monospace: { enum: [0, 1] },
      ...{ timestamp: int, ttl: { type: 'integer', minimum: 1 } },
      priority: { type: 'integer', minimum: -2, maximum: 2 },
      retry: { type: 'integer', minimum: 30 },
      expire: { type: 'integer', maximum: 10_800 },
    },
    ['token', 'user', 'message'],
    // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
    { if: { properties: { priority: { const: 2 } }, required: ['priority'] }, then: { required: ['retry', 'expire'] } },
  ),

  // https://github.com/gotify/server/blob/master/docs/spec.json, Message
  gotify: exactly(
    {
      message: filled,
      title: text,
      priority: int,
      extras: { type: 'object', propertyNames: { pattern: '^\\w+::\\w+$' }, additionalProperties: { type: 'object' } },
    },
    ['message'],
  ),

  // https://github.com/twilio/twilio-oai/blob/main/spec/json/twilio_api_v2010.json, CreateMessage
  twilio: exactly(
    {
      To: { type: 'string', pattern: '^\\+[1-9]\\d{6,14}$' },
      ...{ From: filled, MessagingServiceSid: { type: 'string', pattern: '^MG[0-9a-fA-F]{32}$' } },
      Body: { type: 'string', minLength: 1, maxLength: 1600 },
      ...{ StatusCallback: text, ApplicationSid: text, MaxPrice: text, ProvideFeedback: text, Attempt: text },
      ...{ ValidityPeriod: text, ForceDelivery: text, ContentRetention: text, AddressRetention: text },
      ...{ SmartEncoded: { enum: ['true', 'false'] }, PersistentAction: text, ShortenUrls: text, ScheduleType: text },
      ...{ SendAt: text, SendAsMms: text, ContentVariables: text, RiskCheck: text, MediaUrl: text, ContentSid: text },
    },
    ['To', 'Body'],
    { anyOf: [{ required: ['From'] }, { required: ['MessagingServiceSid'] }] },
  ),

  // https://notifications.spec.whatwg.org/#dictdef-notificationoptions, as web/serviceWorker shows it
  'web-push': exactly(
    {
      title: filled,
      body: text,
      tag: filled,
      url: { type: ['string', 'null'], pattern: '^https?://' },
      actions: list(exactly({ title: filled, url: { type: 'string', pattern: '^https?://' } }, ['title', 'url'])),
    },
    ['title', 'body', 'tag'],
  ),
} satisfies Record<string, Schema>;
