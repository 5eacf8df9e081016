import { listOverdueChannels } from '../../db/deliveries/outbox.ts';
import { newId } from '../../ids.ts';
import { log } from '../../log.ts';
import type { Services } from '../../services.ts';
import { wakeChannels } from './wake.ts';

/** Deliveries this late were lost on their way to the outbox. */
const overdueMs = 30_000;

/** Wakes the channels with untried due deliveries, once a minute: a message or an alarm was lost. */
export const sweepDeliveries = async (services: Services): Promise<void> => {
  const channelIds = await listOverdueChannels(services.d1, services.now() - overdueMs);
  if (channelIds.length === 0) return;
  const correlationId = newId('run');
  log('delivery', correlationId, { overdueChannels: channelIds.length });
  await wakeChannels(services, channelIds, correlationId);
};
