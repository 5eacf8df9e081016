import { z } from 'zod';
import { isoTime } from './isoTime.ts';
import type { Reclassified, ReclassifiedAs, Span } from './uptime.ts';

export const maxReasonLength = 500;

/** Longer ones are rather mistakes, and would have to be sought in every period. */
export const maxReclassifiedMs = 31 * 86_400_000;
const minReclassifiedMs = 1_000;

export const reclassifiedAs = ['false-positive', 'maintenance'] as const satisfies ReclassifiedAs[];

const span = {
  from: isoTime,
  to: isoTime,
  as: z.enum(reclassifiedAs, `Choose one of ${reclassifiedAs.join(', ')}.`),
};

/** What a reclassification would change, before a reason is given. */
export const previewReclassificationSchema = z.strictObject(span);

export const createReclassificationSchema = z.strictObject({
  ...span,
  /** Plain text. */
  reason: z
    .string('Say why, as "reason".')
    .trim()
    .min(1, 'Say why: others will read it in the audit trail.')
    .max(maxReasonLength, `A reason is at most ${maxReasonLength} characters long.`),
});

export type CreateReclassification = z.output<typeof createReclassificationSchema>;

interface FieldProblem {
  path: 'from' | 'to';
  message: string;
}

/** What is wrong with a span to be reclassified, per field. */
export const reclassifiedSpanProblems = (
  { from, to }: Span,
  { now, createdAt }: { now: number; createdAt: number },
): FieldProblem[] => {
  const problems: FieldProblem[] = [];
  if (from > now)
    problems.push({ path: 'from', message: 'This is in the future; only what is past can be reclassified.' });
  // Of the second in which it was created, because people write seconds.
  else if (from < Math.floor(createdAt / 1_000) * 1_000)
    problems.push({ path: 'from', message: `The monitor has existed only since ${timeText(createdAt)}.` });
  if (to > now) problems.push({ path: 'to', message: 'This is in the future; only what is past can be reclassified.' });
  else if (to < from) problems.push({ path: 'to', message: 'The end lies before the beginning.' });
  else if (to - from < minReclassifiedMs)
    problems.push({ path: 'to', message: 'A reclassification covers at least one second.' });
  else if (to - from > maxReclassifiedMs)
    problems.push({ path: 'to', message: 'A reclassification covers at most 31 days; divide it into several.' });
  return problems;
};

/** Which other reclassification is in the way, and at which end. */
export const overlapProblem = ({ from }: Span, other: Reclassified & { reason: string }): FieldProblem => ({
  path: other.from <= from ? 'from' : 'to',
  message:
    `Overlaps what counts as ${asText[other.as]} from ${timeText(other.from)} to ${timeText(other.to)} ` +
    `(“${other.reason.slice(0, 80)}”). Take that back first, or choose another time.`,
});

const asText: Record<ReclassifiedAs, string> = { 'false-positive': 'a false positive', maintenance: 'maintenance' };

/** `2026-11-21 12:00:05 UTC` */
const timeText = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
