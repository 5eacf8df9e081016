import { z } from 'zod';
import { timestamp } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

export const statusPageView = responseSchema(() =>
  z.strictObject({
    id: z.string(),
    slug: z.string().describe('Visitors find the page at `/status/<slug>`.'),
    name: z.string(),
    components: z
      .array(
        z.strictObject({
          monitorId: z.string(),
          publicName: z
            .string()
            .nullable()
            .describe("Null: the monitor's own name, or `Service 1` if that contains an address."),
        }),
      )
      .describe('In display order.'),
    createdAt: timestamp(),
    updatedAt: timestamp().describe(
      'Send it with a change, and the change is refused if somebody else made one since.',
    ),
  }),
);
export type StatusPageView = Shape<typeof statusPageView>;
