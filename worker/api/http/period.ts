import { z } from 'zod';
import type { Span } from '../../domain/history/uptime.ts';
import { isoTime } from '../../domain/time/isoTime.ts';
import { type FieldProblem, PharosError } from '../../errors.ts';

/** `?from&to`, for a query schema to extend. */
export const periodQuery = z.object({ from: isoTime.optional(), to: isoTime.optional() });

const dayMs = 86_400_000;
const maxDaysOfUptime = 400;

/** `[from, to)` in ms: the last 24 h by default, and never beyond now. Throws `invalid_request`. */
export const periodOf = (given: z.output<typeof periodQuery>, now: number, maxDays = maxDaysOfUptime): Span => {
  const to = Math.min(given.to ?? now, now);
  const from = given.from ?? to - dayMs;
  const problem = problemOf({ from, to }, now, maxDays);
  if (problem) throw new PharosError('invalid_request', 'The period is invalid.', [problem]);
  return { from, to };
};

const defaultDaysAhead = 31;

/** `[from, to)` in ms, past or future: by default a month from now. Throws `invalid_request`. */
export const periodAhead = (given: z.output<typeof periodQuery>, now: number, maxDays: number): Span => {
  const from = given.from ?? now;
  const to = given.to ?? from + defaultDaysAhead * dayMs;
  const message =
    from >= to
      ? 'The period ends before it starts.'
      : to - from > maxDays * dayMs
        ? `A period can have at most ${maxDays} days.`
        : null;
  if (message) throw new PharosError('invalid_request', 'The period is invalid.', [{ path: 'to', message }]);
  return { from, to };
};

const problemOf = ({ from, to }: Span, now: number, maxDays: number): FieldProblem | null => {
  if (from >= now) return { path: 'from', message: 'The period starts in the future.' };
  if (from >= to) return { path: 'to', message: 'The period ends before it starts.' };
  if (to - from > maxDays * dayMs) return { path: 'from', message: `A period can have at most ${maxDays} days.` };
  return null;
};
