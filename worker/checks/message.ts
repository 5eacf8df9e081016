import { z } from 'zod';
import { type Region, regions } from '../domain/region.ts';

/** Checks per message: a whole cohort. */
export const maxChecksPerMessage = 100;

/**
 * One cohort's checks of one slot and region, on its way through the queue `checks-<region>`. It names monitors instead
 * of carrying them: what is probed is read when it is probed, so a change or deletion counts at once, no secret lies in
 * a queue, and a message stays far below the 64 KB that one operation pays for.
 */
export const checksMessage = z.strictObject({
  version: z.literal(1),
  correlationId: z.string().max(64),
  cohort: z.int().positive(),
  intervalSeconds: z.int().positive(),
  /** The highest of its monitors; left out where it is 1. */
  stretch: z.int().positive().optional(),
  region: z.enum(regions),
  /** When the checks are due, ms since the epoch. */
  slot: z.int().positive(),
  /** `extra`: asked for out of turn, and sent through the queue because its domain's turn comes later. */
  lane: z.enum(['normal', 'slow', 'extra']),
  monitors: z.array(z.int().positive()).min(1).max(maxChecksPerMessage),
});

export type ChecksMessage = z.infer<typeof checksMessage>;

/** Asks for a look at the region itself, whose view may be broken (checks/distrust.ts). */
const reviewRequest = z.strictObject({
  version: z.literal(1),
  correlationId: z.string().max(64),
  review: z.enum(regions),
});

export const reviewMessage = (region: Region, correlationId: string): z.infer<typeof reviewRequest> => ({
  version: 1,
  correlationId,
  review: region,
});

/** All that comes through the queues `checks-<region>`. */
export const queueMessage = z.union([checksMessage, reviewRequest]);
