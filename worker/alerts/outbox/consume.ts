import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import { alertsMessage } from './alertsMessage.ts';

/**
 * Wakes the outboxes of channels with deliveries to send. An outbox answers before it sends, so that no channel waits for
 * another. Each message settles by itself.
 */
export const consumeAlerts = async (services: Services, queued: MessageBatch<unknown>): Promise<void> => {
  const parsed = queued.messages.map((message) => ({ message, body: alertsMessage.safeParse(message.body).data }));
  for (const { message, body } of parsed)
    if (!body) {
      logFailure('delivery', 'none', 'The message is not from Pharos', { messageId: message.id });
      message.retry();
    }
  const byChannel = Map.groupBy(
    parsed.filter(({ body }) => body),
    ({ body }) => body?.channelId ?? '',
  );
  await Promise.all(
    [...byChannel].map(async ([channelId, group]) => {
      const correlationId = group[0]?.body?.correlationId ?? 'none';
      try {
        await services.outbox(channelId).wake(channelId, correlationId);
        for (const { message } of group) message.ack();
      } catch (error) {
        logFailure('delivery', correlationId, error, { channelId, attempts: group[0]?.message.attempts });
        for (const { message } of group) message.retry();
      }
    }),
  );
};
