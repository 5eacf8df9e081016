import { z } from 'zod';
import { storageLevels } from '../domain/operations/storage.ts';
import { region, timestamp } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

const part = <T extends z.ZodRawShape>(shape: T) =>
  z.union([
    z.strictObject({ ok: z.boolean(), ...shape }),
    z.strictObject({ ok: z.literal(false), error: z.string() }).describe('The check failed or timed out.'),
  ]);

export const healthView = responseSchema(() =>
  z.strictObject({
    status: z.enum(['ok', 'failing']),
    checks: z.strictObject({
      database: part({ latencyMs: z.number() }),
      dispatch: part({
        state: z.enum(['running', 'not_started', 'stopped']).describe('`not_started` is healthy until `startsBy`.'),
        startsBy: timestamp().optional(),
        lastMinute: z.union([timestamp(), z.literal('never')]),
        ageSeconds: z.number().nullable(),
      }),
      queues: part({ lagSeconds: z.number(), lateRegions: z.array(region()) }),
      alerts: part({
        overdue: z.int().describe('Deliveries that should have been sent.'),
        overdueSince: timestamp().nullable(),
        failingChannels: z.int().describe('Of all teams; they do not affect `ok`.'),
      }),
      deadLetters: part({ lastHour: z.int(), total: z.int(), queues: z.array(z.string()) }),
      regions: part({ distrusted: z.array(region()) }),
      storage: part({
        level: z.enum(storageLevels),
        sizeBytes: z.number().nullable(),
        limitBytes: z.number(),
        usedPercent: z.number().nullable(),
        freeBytes: z.number().nullable(),
        measuredAt: timestamp().nullable(),
        ticksSince: timestamp().nullable().describe('Older check results are deleted.'),
        droppedForRoom: z.boolean().describe('Check results were deleted early because the database was nearly full.'),
      }),
      deadMan: part({
        configured: z.boolean(),
        lastAt: timestamp().nullable().optional(),
        failingSince: timestamp().nullable().optional(),
        problem: z.string().nullable().optional(),
      }),
    }),
  }),
);
export type HealthView = Shape<typeof healthView>;
