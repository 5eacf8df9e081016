import { z } from 'zod';
import { type Region, regions } from '../../domain/checks/region.ts';
import { chunks } from './chunks.ts';

/** Checks per batch: a whole cohort. */
export const maxChecksPerMessage = 100;

/** Batches in one message: it is billed as one, and is redelivered as a whole. */
export const maxBatchesPerMessage = 5;

/**
 * A batch: one cohort's checks of one slot and region, in the queue `checks-<region>`. It names monitors instead of carrying
 * them: targets are read at the time of the probe, so a change or deletion counts at once, no secret is in a queue, and a
 * message stays far below the 64 KB that one operation pays for.
 */
export const checksMessage = z.strictObject({
  version: z.literal(1),
  correlationId: z.string().max(64),
  cohort: z.int().positive(),
  intervalSeconds: z.int().positive(),
  /** The highest of its monitors; missing where it is 1. */
  stretch: z.int().positive().optional(),
  region: z.enum(regions),
  /** When the checks are due, ms since the epoch. */
  slot: z.int().positive(),
  /** `extra`: an on-demand check that goes through the queue because its domain's turn comes later. */
  lane: z.enum(['normal', 'slow', 'extra']),
  monitors: z.array(z.int().positive()).min(1).max(maxChecksPerMessage),
});

export type ChecksMessage = z.infer<typeof checksMessage>;

/** Batches of one region and one dispatch that are due in the same second. */
const packedMessage = z.strictObject({
  version: z.literal(2),
  correlationId: checksMessage.shape.correlationId,
  region: checksMessage.shape.region,
  batches: z
    .array(checksMessage.omit({ version: true, correlationId: true, region: true }))
    .min(2)
    .max(maxBatchesPerMessage),
});

export type PackedMessage = z.infer<typeof packedMessage>;

/**
 * Packs the same batches into fewer messages; batches that cannot share one stay as they are. All are due in the order of
 * `messages`.
 */
export const packMessages = (messages: readonly ChecksMessage[]): (ChecksMessage | PackedMessage)[] => {
  const keyOf = ({ correlationId, region, slot }: ChecksMessage) =>
    `${region} ${Math.round(slot / 1000)} ${correlationId}`;
  return [...Map.groupBy(messages, keyOf).values()].flatMap((own) => chunks(own, maxBatchesPerMessage)).map(packOf);
};

const packOf = (messages: readonly ChecksMessage[]): ChecksMessage | PackedMessage => {
  const [first, second] = messages;
  if (!first) throw new Error('Nothing to pack.');
  if (!second) return first;
  const batches = messages.map(({ version: _, correlationId: __, region: ___, ...batch }) => batch);
  return { version: 2, correlationId: first.correlationId, region: first.region, batches };
};

/** The batches of a message, as if each had come by itself. */
export const unpackMessage = (message: ChecksMessage | PackedMessage): ChecksMessage[] => {
  if (message.version === 1) return [message];
  const { correlationId, region } = message;
  return message.batches.map((batch) => ({ version: 1, correlationId, region, ...batch }));
};

/** Requests a review of the region itself, whose view may be broken (checks/regions/distrust.ts). */
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

/** All messages of the queues `checks-<region>`. */
export const queueMessage = z.union([checksMessage, packedMessage, reviewRequest]);
