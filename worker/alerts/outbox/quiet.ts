import { holdDeliveries } from '../../db/deliveries/holds.ts';
import type { OpenDelivery, OutboxChannel } from '../../db/deliveries/outbox.ts';
import { holdUntil } from '../../domain/delivery/quietHours.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import type { Services } from '../../services.ts';

/** Not settled. */
type Open = Pick<OpenDelivery, 'number' | 'critical' | 'heldUntil' | 'triedAt'> & { dueAt: number };

/** Defers deliveries for the channel's quiet hours. Returns until when (ms since the epoch), by number. */
export const keepQuiet = async (
  services: Services,
  channel: OutboxChannel,
  open: readonly Open[],
  correlationId: string,
): Promise<ReadonlyMap<number, number>> => {
  const now = services.now();
  const holds = open.flatMap((one) => {
    const until = holdUntil({ ...one, isCritical: one.critical === 1 }, channel.quietHours, now);
    return until === null ? [] : [{ ...one, until }];
  });
  if (holds.length > 0) {
    const deliveryId = await holdDeliveries(services.d1, channel, holds, now);
    // One event is enough to make dashboards refetch all of them.
    const shown = { type: 'delivery', deliveryId, incidentId: null, state: 'waiting' } as const;
    await publishLiveEvent(services, channel.teamId, correlationId, shown);
  }
  return new Map(holds.map(({ number, until }) => [number, until]));
};
