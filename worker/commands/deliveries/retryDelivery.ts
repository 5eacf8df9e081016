import { z } from 'zod';
import { wakeChannels } from '../../alerts/outbox/wake.ts';
import { reviveDelivery } from '../../db/deliveries/deliveries.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import { command } from '../command.ts';
import { toDeliveryView } from './deliveryView.ts';

/** Sends a failed or deferred delivery by hand. Throws `not_found`, and `conflict` where it is neither. */
export const retryDelivery = command(
  'delivery.retry',
  { unaudited: 'the delivery and the timeline of the incident show it' },
  z.strictObject({ deliveryId: z.string() }),
  async ({ services, actor: { teamId }, requestId }, { deliveryId }) => {
    const row = await reviveDelivery(services, { teamId, id: deliveryId });
    await wakeChannels(services, [row.channel], requestId);
    const { incident: incidentId, state } = row;
    await publishLiveEvent(services, teamId, requestId, { type: 'delivery', deliveryId, incidentId, state });
    return toDeliveryView(row, services.now());
  },
);
