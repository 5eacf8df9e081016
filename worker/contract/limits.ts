import { z } from 'zod';
import { limitNames } from '../domain/teams/limits.ts';
import { timestamp } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

/** Usage of one limit of the team. */
export const limitView = responseSchema(() =>
  z.strictObject({
    name: z.enum(limitNames),
    label: z.string(),
    used: z.number(),
    limit: z.number(),
    state: z.enum(['free', 'near', 'reached']).describe('`near` from 80 % on.'),
    resetsAt: timestamp().nullable().describe('Start of the next period; null for a limit without a period.'),
  }),
);
export type LimitView = Shape<typeof limitView>;
