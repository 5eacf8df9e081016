import { createReclassificationSchema } from '../../../../worker/domain/history/reclassification.ts';
import type { ReclassifiedAs } from '../../../../worker/domain/history/uptime.ts';

/** The contents of the form; times in the format of `datetime-local`, in the viewer's zone. */
export interface ReclassifyDraft {
  from: string;
  to: string;
  as: ReclassifiedAs;
  reason: string;
}

const two = (number: number) => String(number).padStart(2, '0');

/** `2026-11-21T12:00:05` in the viewer's zone. */
export const localText = (iso: string): string => {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day}T${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
};

/** The time in UTC, or null where none is typed. `exact` is what the field was filled from, to the millisecond. */
export const utcText = (local: string, exact: string | undefined): string | null => {
  if (exact && local === localText(exact)) return exact;
  const date = new Date(local);
  return local === '' || Number.isNaN(date.getTime()) ? null : date.toISOString();
};

/** Errors in the input by field, with the messages of the schema that the API uses too. */
export const reclassifyProblems = (input: Record<keyof ReclassifyDraft, string | null>): Record<string, string> => {
  const found: Record<string, string> = {};
  if (input.from === null) found.from = 'Enter the start.';
  if (input.to === null) found.to = 'Enter the end.';
  for (const issue of createReclassificationSchema.safeParse(input).error?.issues ?? [])
    found[issue.path.join('.')] ??= issue.message;
  return found;
};
