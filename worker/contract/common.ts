import { z } from 'zod';
import { reasons } from '../domain/checks/reasons.ts';
import { regions } from '../domain/checks/region.ts';
import { channelKinds } from '../domain/delivery/channelKind.ts';
import { reclassifiedAs } from '../domain/history/reclassification.ts';
import { verdicts } from '../domain/history/uptime.ts';
import { weekdays } from '../domain/time/weeklyHours.ts';
import { type ResponseSchema, responseSchema, type Shape } from './responseSchema.ts';

/** What the schemas of several features have in common. */

/** A point in time, as UTC ISO 8601. */
export const timestamp = responseSchema(() => z.iso.datetime());

export const region = responseSchema(() => z.enum(regions));
export const verdict = responseSchema(() => z.enum(verdicts));
export const secondsByVerdict = responseSchema(() => z.record(verdict(), z.int()));
export const outcomeReason = responseSchema(() => z.enum(reasons));
export const reclassifiedAsField = responseSchema(() => z.enum(reclassifiedAs));

/** Of a check; `unknown` says nothing about the target. */
export const health = responseSchema(() => z.enum(['up', 'degraded', 'down', 'unknown']));

/** Of what one check saw. */
export const observationFields = () => ({
  region: region(),
  outcome: health(),
  reason: outcomeReason(),
  status: z.int().nullable(),
  latencyMs: z.number(),
  dataCentre: z.string().nullable(),
});

export const channelReference = responseSchema(() =>
  z.strictObject({ id: z.string(), name: z.string(), kind: z.enum(channelKinds) }),
);

/** Who did something; null: a deleted account. */
export const author = responseSchema(() => z.strictObject({ id: z.string(), email: z.string() }).nullable());
export type AuthorView = Shape<typeof author>;

/** Hours that repeat each week on the clocks of a time zone. */
export const weeklyHours = responseSchema(() =>
  z.strictObject({
    days: z.array(z.enum(weekdays)).describe('On which they begin.'),
    from: z.string().describe('Such as `22:00`.'),
    to: z.string().describe('Not after `from`: on the next day. Equal to `from`: for 24 hours.'),
  }),
);

/** A page of a list; `nextCursor` is null on the last one. */
export const page = <S extends z.ZodType>(item: ResponseSchema<S>) =>
  responseSchema(() => z.strictObject({ data: z.array(item()), nextCursor: z.string().nullable() }));

export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}
