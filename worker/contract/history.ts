import { z } from 'zod';
import { author, reclassifiedAsField, secondsByVerdict, timestamp, verdict } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

const uptimePercent = () => z.number().nullable();

export const uptimeView = responseSchema(() =>
  z.strictObject({
    from: timestamp(),
    to: timestamp(),
    uptimePercent: uptimePercent(),
    seconds: secondsByVerdict(),
    observedSeconds: z.int().describe('The part of the period that the percentage stands for.'),
    original: z
      .strictObject({ uptimePercent: uptimePercent(), seconds: secondsByVerdict() })
      .nullable()
      .describe('Before reclassifications; null where none changes the period.'),
  }),
);
export type UptimeView = Shape<typeof uptimeView>;

const historySpanView = responseSchema(() =>
  z
    .strictObject({
      from: timestamp(),
      to: timestamp(),
      verdict: verdict().describe('Before reclassifications.'),
      countsAs: verdict(),
      reclassificationId: z.string().nullable(),
    })
    .describe('A time in which one verdict held and counted as one.'),
);
export type HistorySpanView = Shape<typeof historySpanView>;

export const historyView = responseSchema(() =>
  z.strictObject({
    from: timestamp().describe('Not before the monitor was created.'),
    to: timestamp(),
    spans: z.array(historySpanView()).describe('Oldest first, without gaps.'),
  }),
);
export type HistoryView = Shape<typeof historyView>;

export const reclassificationView = responseSchema(() =>
  z.strictObject({
    id: z.string(),
    monitorId: z.string(),
    from: timestamp(),
    to: timestamp(),
    as: reclassifiedAsField(),
    reason: z.string().describe('Plain text.'),
    author: author(),
    createdAt: timestamp(),
    revokedAt: timestamp().nullable().describe('From then on it does not count; null while it does.'),
    revokedBy: author(),
  }),
);
export type ReclassificationView = Shape<typeof reclassificationView>;

export const reclassificationPreview = responseSchema(() =>
  z.strictObject({
    seconds: z.strictObject({ before: secondsByVerdict(), after: secondsByVerdict() }).describe('Of the time itself.'),
    uptime30d: z
      .strictObject({ before: uptimePercent(), after: uptimePercent() })
      .describe('Percent of the last 30 days.'),
  }),
);
export type ReclassificationPreview = Shape<typeof reclassificationPreview>;
