import { log } from '../log.ts';
import type { Services } from '../services.ts';

/** Enough to recognise a message by. */
const bodyLength = 4_096;

/** Messages that could not be handled are kept for a look and make /healthz fail for an hour. */
export const recordDeadLetters = async ({ d1, now }: Services, batch: MessageBatch<unknown>): Promise<void> => {
  const receivedAt = now();
  await d1.batch(
    batch.messages.map((message) =>
      d1
        .prepare('INSERT OR IGNORE INTO dead_letters (id, received_at, body) VALUES (?1, ?2, ?3)')
        .bind(message.id, receivedAt, String(JSON.stringify(message.body)).slice(0, bodyLength)),
    ),
  );
  for (const message of batch.messages) log('dead-letter', 'none', { messageId: message.id });
  batch.ackAll();
};
