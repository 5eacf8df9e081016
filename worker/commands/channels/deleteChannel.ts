import { z } from 'zod';
import { notifyDeletion } from '../../alerts/outbox/sweepChannels.ts';
import { wakeChannels } from '../../alerts/outbox/wake.ts';
import { removeChannel } from '../../db/channels/channels.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { alertingChanged, escalationPoliciesChanged } from '../escalation/alertingChanged.ts';
import { toRemovedFrom } from '../escalation/escalationPolicyView.ts';
import { channelIdField } from './channelChanged.ts';

/** Resolves to the escalation policies and the people that lost the channel. Throws `not_found`. */
export const deleteChannel = command(
  'channel.delete',
  { audits: 'channel.deleted' },
  z.strictObject({ channelId: channelIdField }),
  async (context, { channelId }) => {
    const { services, requestId } = context;
    const act = actOn(context, channelId);
    await notifyDeletion(services, act, requestId);
    const { policies, people } = await removeChannel(services, act);
    await wakeChannels(services, [channelId], requestId);
    await (policies.length > 0 ? escalationPoliciesChanged(context) : alertingChanged(context));
    return {
      removedFrom: policies.map(toRemovedFrom),
      people: people.map(({ id, name, channels }) => ({ id, name, isReached: channels.length > 0 })),
    };
  },
);
