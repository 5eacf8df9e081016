import { retryWrite } from '../db/retrying.ts';
import { log } from '../log.ts';
import type { Services } from '../services.ts';

/** Enough to recognise a message by. */
const bodyLength = 4_096;

/**
 * Messages that could not be handled are kept for a look and make /healthz fail for an hour. Nothing else hangs on them:
 * checks come again with their next slot, and what a lost message had to wake is found by the sweep (alerts/sweep.ts).
 */
export const recordDeadLetters = async ({ d1, now }: Services, batch: MessageBatch<unknown>): Promise<void> => {
  const receivedAt = now();
  const { queue } = batch;
  const statements = batch.messages.map((message) =>
    d1
      .prepare('INSERT OR IGNORE INTO dead_letters (id, received_at, queue, body) VALUES (?1, ?2, ?3, ?4)')
      .bind(message.id, receivedAt, queue, String(JSON.stringify(message.body)).slice(0, bodyLength)),
  );
  await retryWrite(() => d1.batch(statements));
  for (const message of batch.messages) log('dead-letter', 'none', { messageId: message.id, queue });
  batch.ackAll();
};
