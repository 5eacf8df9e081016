import { z } from 'zod';
import { storageLevels } from '../domain/operations/storage.ts';
import { region, timestamp } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

export const regionView = responseSchema(() =>
  z.strictObject({
    id: region(),
    name: z.string(),
    chosenByDefault: z.boolean(),
    distrusted: z
      .strictObject({
        since: timestamp(),
        failing: z.int().describe('Monitors that failed there and passed elsewhere when the distrust began.'),
        monitors: z.int().describe('Monitors that were compared.'),
        references: z
          .strictObject({ failing: z.int(), count: z.int() })
          .nullable()
          .describe('Reference targets that failed there and passed elsewhere; null where they gave no evidence.'),
      })
      .nullable()
      .describe('The connection of the region itself is broken, so its outcomes do not vote.'),
  }),
);
export type RegionView = Shape<typeof regionView>;

/** `GET /regions`: where probes run, and whether they do. */
export const regionsView = responseSchema(() =>
  z.strictObject({
    data: z.array(regionView()),
    nextCursor: z.null(),
    stalledSince: timestamp()
      .nullable()
      .describe('Since when no checks run anywhere, by a fault of Pharos; null while they run.'),
    startsBy: timestamp()
      .nullable()
      .describe('When the checks of a new installation start at the latest; null once they have, or are late.'),
    storage: z
      .strictObject({
        level: z.enum(storageLevels),
        usedPercent: z.number(),
        limitBytes: z.number(),
        checksSince: timestamp().nullable().describe('Check results from before were deleted; null: none were.'),
        deletedForRoom: z.boolean().describe('They were deleted early, because the database had no room.'),
      })
      .nullable()
      .describe('How full the database is; null before it was measured.'),
    allowPrivateTargets: z
      .boolean()
      .describe('A local copy allows private addresses; a form can say beforehand what would be refused.'),
  }),
);
