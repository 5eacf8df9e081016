import { Hono } from 'hono';
import { z } from 'zod';
import { askRecipients } from '../../alerts/outbox/askRecipients.ts';
import { limitAttempts } from '../../auth/limits.ts';
import type { RecipientView } from '../../contract/views.ts';
import { getChannel } from '../../db/channels/channels.ts';
import { askAgain } from '../../db/channels/confirmationMails.ts';
import { listRecipients } from '../../db/channels/recipients.ts';
import { savedEmailAddress } from '../../domain/fields/emailAddress.ts';
import { emailKey } from '../../domain/teams/account.ts';
import { PharosError } from '../../errors.ts';
import type { ApiEnv } from '../http/context.ts';
import { validJson } from '../http/validate.ts';
import { addressesOf, toRecipientView } from './channelView.ts';

const askSchema = z.strictObject({ address: z.string('Give the address of a recipient.').max(254) });

/** Mounted under `/channels`, behind its session. */
export const recipients = new Hono<ApiEnv>().post('/:id/recipients/ask', validJson(askSchema), async (c) => {
  const { services, actor, requestId } = c.var;
  const { teamId } = actor;
  const channel = await getChannel(services.db, { teamId, id: c.req.param('id') });
  const addressKey = emailKey(savedEmailAddress(c.req.valid('json').address));
  const isNamed = addressesOf(channel).some((address) => emailKey(savedEmailAddress(address)) === addressKey);
  const [recipient] = isNamed ? await listRecipients(services.d1, teamId, [addressKey]) : [];
  if (!recipient) throw new PharosError('not_found', 'This channel has no such recipient.');
  if (recipient.state === 'refused')
    throw new PharosError('conflict', 'The recipient does not want these alerts, so Pharos does not ask again.');
  if (recipient.state === 'left')
    throw new PharosError('conflict', 'The recipient has left. Remove the address, and add it again to ask once more.');
  if (recipient.state === 'waiting') {
    await limitAttempts(services.lookLimit, [`ask:${teamId}`]);
    if (!(await askAgain(services.d1, { teamId, addressKey }, services.now())))
      throw new PharosError('conflict', 'The mail left a few minutes ago. Wait ten minutes before you send another.');
    await askRecipients(services, { teamId, addressKey }, requestId);
  }
  const [asked = recipient] = await listRecipients(services.d1, teamId, [addressKey]);
  return c.json<RecipientView>(toRecipientView(asked));
});
