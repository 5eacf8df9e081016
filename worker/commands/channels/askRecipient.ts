import { z } from 'zod';
import { askRecipients } from '../../alerts/outbox/askRecipients.ts';
import { limitAttempts } from '../../auth/limits.ts';
import { getChannel } from '../../db/channels/channels.ts';
import { askAgain } from '../../db/channels/confirmationMails.ts';
import { listRecipients } from '../../db/channels/recipients.ts';
import { savedEmailAddress } from '../../domain/fields/emailAddress.ts';
import { emailKey } from '../../domain/teams/account.ts';
import { PharosError } from '../../errors.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { channelIdField } from './channelChanged.ts';
import { addressesOf, toRecipientView } from './channelView.ts';

/**
 * Sends the confirmation mail of a recipient again; a confirmed recipient stays as they are. Throws `not_found`, `rate_limited`,
 * and `conflict` for one who refused or unsubscribed, or whose mail was sent a few minutes ago.
 */
export const askRecipient = command(
  'channel.ask-recipient',
  { unaudited: 'the recipient decides, and the channel shows when the mail left' },
  z.strictObject({
    channelId: channelIdField,
    address: z.string('The address of a recipient is required.').max(254),
  }),
  async (context, { channelId, address }) => {
    const { services, actor, requestId } = context;
    const { teamId } = actor;
    const channel = await getChannel(services.db, actOn(context, channelId));
    const addressKey = emailKey(savedEmailAddress(address));
    const isNamed = addressesOf(channel).some((one) => emailKey(savedEmailAddress(one)) === addressKey);
    const [recipient] = isNamed ? await listRecipients(services.d1, teamId, [addressKey]) : [];
    if (!recipient) throw new PharosError('not_found', 'This channel has no such recipient.');
    if (recipient.state === 'refused')
      throw new PharosError('conflict', 'The recipient declined these alerts, so Pharos does not ask again.');
    if (recipient.state === 'left')
      throw new PharosError(
        'conflict',
        'The recipient has unsubscribed. Remove the address and add it again to send a new confirmation.',
      );
    if (recipient.state === 'waiting') {
      await limitAttempts(services.lookLimit, [`ask:${teamId}`]);
      if (!(await askAgain(services.d1, { teamId, addressKey }, services.now())))
        throw new PharosError(
          'conflict',
          'Pharos sent this mail a few minutes ago. Wait ten minutes before you send another.',
        );
      await askRecipients(services, { teamId, addressKey }, requestId);
    }
    const [asked = recipient] = await listRecipients(services.d1, teamId, [addressKey]);
    return toRecipientView(asked);
  },
);
