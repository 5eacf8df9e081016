import { z } from 'zod';
import { openSettings, type Settings } from '../../alerts/channels/secrets.ts';
import { askRecipients } from '../../alerts/outbox/askRecipients.ts';
import type { ChannelRow } from '../../db/channels/channels.ts';
import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import type { Context } from '../command.ts';

/** In a command's input: the channel of the command. */
export const channelIdField = z.string();

/** The settings of a channel as they were entered, secrets included. */
export const readSettings = ({ config }: Services, { id, settings, sealed }: ChannelRow): Promise<Settings> =>
  openSettings(id, { shown: settings, sealed }, config.encryptionKey);

/** Sends confirmation mails to new recipients, after the response if possible; the cron retries failures. */
export const askNewRecipients = async (
  { services, requestId, waitUntil }: Context,
  { kind, teamId }: ChannelRow,
): Promise<void> => {
  if (kind !== 'email') return;
  const asked = askRecipients(services, { teamId }, requestId).catch((error) =>
    logFailure('delivery', requestId, error, { teamId }),
  );
  await (waitUntil ? waitUntil(asked) : asked);
};
