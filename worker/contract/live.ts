import { z } from 'zod';
import { deliveryStates } from '../domain/escalation/delivery.ts';
import { region, timestamp, verdict } from './common.ts';
import { tickView } from './monitors.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

const decidedVerdict = () => z.enum(['up', 'degraded', 'down', 'unknown']);

/** What `GET /api/v1/live` (WebSocket) pushes, one JSON object per message. The client may send `ping`; the answer is `pong`. */
export const liveEvent = responseSchema(() =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('ticks'), ticks: z.array(tickView()) }),
    z.strictObject({
      type: z.literal('verdict'),
      monitorId: z.string(),
      verdict: verdict(),
      verdictSince: timestamp(),
      suspect: z.boolean(),
      flapping: z.boolean(),
      regionHealth: z.partialRecord(region(), decidedVerdict()),
    }),
    z.strictObject({
      type: z.literal('incident'),
      incidentId: z.string(),
      monitorId: z.string(),
      state: z.enum(['open', 'resolved']),
    }),
    z
      .strictObject({
        type: z.literal('delivery'),
        deliveryId: z.string(),
        incidentId: z.string().nullable().describe('Null: no incident, or many in one digest.'),
        state: z.enum(deliveryStates),
      })
      .describe('A delivery was made, tried or settled.'),
    z
      .strictObject({ type: z.literal('channels-changed') })
      .describe(
        'A channel, an escalation policy, a person or an on-call schedule was created, changed or deleted, or a channel began or ceased to fail: ask again.',
      ),
    z
      .strictObject({ type: z.literal('regions-changed') })
      .describe('A region is distrusted, or trusted again: ask again.'),
    z
      .strictObject({ type: z.literal('monitors-changed') })
      .describe('A monitor was created, changed or deleted: ask again.'),
    z
      .strictObject({ type: z.literal('maintenance-changed') })
      .describe('A maintenance window was created, changed or deleted: ask again. Its times are known.'),
  ]),
);
export type LiveEvent = Shape<typeof liveEvent>;
