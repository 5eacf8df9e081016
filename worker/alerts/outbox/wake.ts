import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import type { AlertsMessage } from './alertsMessage.ts';

/** A queue takes at most 100 messages at once. */
const messagesPerSend = 100;

/**
 * Makes the channels check for deliveries to send. The deliveries are already in the table: where the queue fails, the sweep
 * finds them a minute later (alerts/outbox/sweep.ts).
 */
export const wakeChannels = async (
  { alerts }: Services,
  channelIds: readonly string[],
  correlationId: string,
): Promise<void> => {
  const messages = [...new Set(channelIds)].map((channelId) => ({
    body: { version: 1, channelId, correlationId } satisfies AlertsMessage,
  }));
  try {
    for (let i = 0; i < messages.length; i += messagesPerSend)
      await alerts.sendBatch(messages.slice(i, i + messagesPerSend));
  } catch (error) {
    logFailure('delivery', correlationId, error, { channels: messages.length });
  }
};
