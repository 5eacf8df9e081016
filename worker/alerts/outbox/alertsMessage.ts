import { z } from 'zod';

/** What travels on the queue `pharos-alerts`: something is to be sent through this channel. */
export const alertsMessage = z.object({
  version: z.literal(1),
  channelId: z.string().min(1).max(64),
  correlationId: z.string(),
});

export type AlertsMessage = z.infer<typeof alertsMessage>;
