import { Hono } from 'hono';
import { formOf } from '../../alerts/channels/form.ts';
import { channels } from '../../alerts/channels/table.ts';
import { mailMissing } from '../../alerts/mail/mail.ts';
import type { Config } from '../../config.ts';
import { channelKindView, type SettingValue } from '../../contract/channels.ts';
import { page } from '../../contract/common.ts';
import { type ChannelKind, channelKinds } from '../../domain/delivery/channelKind.ts';
import type { ApiEnv } from '../http/context.ts';
import { requireSession } from '../http/middleware.ts';
import { reply } from '../http/reply.ts';
import { webPushMissing } from './webPush.ts';

/** The operator's missing configuration for a channel of this kind. */
const missingFor = (kind: ChannelKind, { mail, vapid }: Config): string | null => {
  if (kind === 'email' && !mail) return mailMissing;
  if (kind === 'web-push' && !vapid) return webPushMissing;
  return null;
};

/** The kinds of channels, with the form of each. */
export const channelKindList = new Hono<ApiEnv>().use(requireSession).get('/', (c) =>
  reply(c, page(channelKindView), {
    data: channelKinds.map((kind) => ({
      kind,
      label: channels[kind].label,
      help: channels[kind].help,
      fields: formOf(kind).map((field) => ({ ...field, default: field.default as SettingValue })),
      missing: missingFor(kind, c.var.services.config),
    })),
    nextCursor: null,
  }),
);
