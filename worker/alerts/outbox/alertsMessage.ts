import { z } from 'zod';

/** The message of the queue `pharos-alerts`: this channel has something to send. */
export const alertsMessage = z.object({
  version: z.literal(1),
  channelId: z.string().min(1).max(64),
  correlationId: z.string(),
});

export type AlertsMessage = z.infer<typeof alertsMessage>;
