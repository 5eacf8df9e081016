import { storeSettings } from '../../alerts/channels/secrets.ts';
import { addressRulesOf } from '../../alerts/outbox/sendDeps.ts';
import type { ChannelView } from '../../contract/views.ts';
import { insertChannel, newChannelId } from '../../db/channels/channels.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { alertingChanged, escalationPoliciesChanged } from '../escalation/alertingChanged.ts';
import { askNewRecipients } from './channelChanged.ts';
import { createChannelSchema } from './channelInput.ts';
import { readChannelView } from './channelView.ts';

/** Resolves to the channel; settings that Pharos generated are readable only here. Throws `limit_reached`. */
export const createChannel = command(
  'channel.create',
  { audits: 'channel.created' },
  ({ services }) => createChannelSchema(addressRulesOf(services)),
  async (context, { kind, name, settings, quietHours, join, made }): Promise<ChannelView> => {
    const { services } = context;
    const id = newChannelId();
    const stored = await storeSettings(kind, id, settings, services.config.encryptionKey);
    const row = await insertChannel(services, { ...actOn(context, id), kind, name, stored, quietHours, join });
    await (join ? escalationPoliciesChanged(context) : alertingChanged(context));
    const view = await readChannelView(services, row);
    await askNewRecipients(context, row);
    return { ...view, settings: { ...view.settings, ...(made as ChannelView['settings']) } };
  },
);
