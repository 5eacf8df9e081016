import { z } from 'zod';
import { responseSchema, type Shape } from './responseSchema.ts';

/** The secret header by which a firewall recognizes the checks of the team. */
export const checkTokenView = responseSchema(() =>
  z.strictObject({
    header: z.string(),
    token: z.string().nullable().describe('Null until a member creates one, or a monitor that sends it.'),
  }),
);
export type CheckTokenView = Shape<typeof checkTokenView>;
