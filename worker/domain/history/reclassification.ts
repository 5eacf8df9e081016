import { z } from 'zod';
import { textField } from '../fields/name.ts';
import { isoTime } from '../time/isoTime.ts';
import { toIsoTime } from '../time/toIsoTime.ts';
import { utcText } from '../time/utcText.ts';
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
  reason: textField({
    what: 'reason',
    missing: 'Enter a reason. The team reads it in the audit trail.',
    max: maxReasonLength,
  }),
});

export type CreateReclassification = z.output<typeof createReclassificationSchema>;

interface FieldProblem {
  path: 'from' | 'to';
  message: string;
  times?: string[];
}

/** What is wrong with a span to be reclassified, per field. */
export const reclassifiedSpanProblems = (
  { from, to }: Span,
  { now, createdAt }: { now: number; createdAt: number },
): FieldProblem[] => {
  const problems: FieldProblem[] = [];
  if (from > now)
    problems.push({ path: 'from', message: 'This is in the future. Only past time can be reclassified.' });
  // Of the second in which it was created, because people write seconds.
  else if (from < Math.floor(createdAt / 1_000) * 1_000)
    problems.push({
      path: 'from',
      ...namingTimes(([since]) => `The monitor was created at ${since}.`, createdAt),
    });
  if (to > now) problems.push({ path: 'to', message: 'This is in the future. Only past time can be reclassified.' });
  else if (to < from) problems.push({ path: 'to', message: 'The end is before the start.' });
  else if (to - from < minReclassifiedMs)
    problems.push({ path: 'to', message: 'A reclassification covers at least one second.' });
  else if (to - from > maxReclassifiedMs)
    problems.push({ path: 'to', message: 'A reclassification covers at most 31 days. Split it.' });
  return problems;
};

/** Which other reclassification is in the way, and at which end. */
export const overlapProblem = ({ from }: Span, other: Reclassified & { reason: string }): FieldProblem => ({
  path: other.from <= from ? 'from' : 'to',
  ...namingTimes(
    ([begins, ends]) =>
      `Overlaps a reclassification as ${asText[other.as]} from ${begins} to ${ends} ` +
      `(“${other.reason.slice(0, 80)}”). Undo that one first, or choose another period.`,
    ...[other.from, other.to],
  ),
});

/** A message with these times (ms) in it, and beside it for who shows them on other clocks. */
const namingTimes = (say: (texts: string[]) => string, ...times: number[]) => ({
  message: say(times.map(utcText)),
  times: times.map(toIsoTime),
});

const asText: Record<ReclassifiedAs, string> = { 'false-positive': 'a false positive', maintenance: 'maintenance' };
