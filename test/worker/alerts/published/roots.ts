import type { chat_v1 } from '@googleapis/chat';
import type { MessageAttachment } from '@mattermost/types/message_attachments';
import type { EventPayloadV2 } from '@pagerduty/pdjs/build/src/events';
import type { ActionsBlock, ContextBlock, DividerBlock, HeaderBlock, RichTextBlock, SectionBlock } from '@slack/types';
import type { RESTPostAPIWebhookWithTokenJSONBody } from 'discord-api-types/rest/v10';

/**
 * What each vendor takes, by its official types. `npm run alerts -- schemas` makes the JSON files beside this one of
 * them, one per name.
 */

/** Input, file and call blocks are not for messages. */
type MessageBlock = ActionsBlock | ContextBlock | DividerBlock | HeaderBlock | RichTextBlock | SectionBlock;

type SlackAttachment = { color?: string; fallback?: string; blocks?: MessageBlock[] };

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/ */
export type Slack = { text: string; blocks?: MessageBlock[]; attachments?: SlackAttachment[] };

export type Discord = RESTPostAPIWebhookWithTokenJSONBody;

export type GoogleChat = chat_v1.Schema$Message;

/** https://developers.mattermost.com/integrate/webhooks/incoming/#parameters */
export type Mattermost = { text?: string; channel?: string; username?: string; attachments?: MessageAttachment[] };

/** `client` and `client_url` are missing in the package. https://developer.pagerduty.com/docs/send-alert-event */
export type PagerDuty = EventPayloadV2 & { client?: string; client_url?: string };
