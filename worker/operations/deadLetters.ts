import { retryWrite } from '../db/core/retrying.ts';
import { insertDeadLetter } from '../db/operations/deadLetters.ts';
import { log } from '../log.ts';
import type { Services } from '../services.ts';
import type { TickPart } from '../ticks/tick.ts';

/**
 * Messages that could not be handled are stored for inspection and make /healthz fail for an hour. They have no other effect:
 * checks are repeated with their next slot, and the sweep finds the deliveries of a lost message (alerts/outbox/sweep.ts).
 */
export const recordDeadLetters = async ({ d1, now }: Services, batch: MessageBatch<unknown>): Promise<void> => {
  const receivedAt = now();
  const { queue } = batch;
  const statements = batch.messages.map(({ id, body }) => insertDeadLetter(d1, { id, receivedAt, queue, body }));
  await retryWrite(() => d1.batch(statements));
  for (const message of batch.messages) log('dead-letter', 'none', { messageId: message.id, queue });
  batch.ackAll();
};

/** Replaces the name of a queue. */
const heldTicks = 'held-ticks';

/** A held batch of ticks that D1 refuses is counted once, whatever happens to it. */
export const reportRefusedTicks = async (
  { d1, now }: Pick<Services, 'd1' | 'now'>,
  { batch, ticks, reason }: { batch: TickPart['batch']; ticks: number; reason: string },
): Promise<void> => {
  const { cohort, slot, region, lane } = batch;
  const id = `${heldTicks}:${cohort}:${slot}:${region}:${lane}`;
  const statement = insertDeadLetter(d1, {
    id,
    receivedAt: now(),
    queue: heldTicks,
    body: { ...batch, ticks, reason },
  });
  await retryWrite(() => statement.run());
};
