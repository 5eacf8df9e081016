import { z } from 'zod';
import { hasClearLine } from '../fields/visibleText.ts';

/** Short enough to stand in every channel's message whole. */
export const maxRunbookLength = 500;

const tooLong = `The runbook address can have at most ${maxRunbookLength} characters.`;

const runbookProblem = (text: string): string | null => {
  if (text.length > maxRunbookLength) return tooLong;
  if (!hasClearLine(text) || /\s/.test(text)) return 'Remove spaces and control characters from the runbook address.';
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:\/\//i.test(text)) return 'Start the runbook address with https:// or http://.';
  if (url.username !== '' || url.password !== '')
    return 'Remove the user name and password from the runbook address: every alert shows it.';
  // What is not ASCII grows where it is written as an address.
  return url.href.length > maxRunbookLength ? tooLong : null;
};

/** The page that says what to do when a monitor fails; null for none, which an empty text is as well. */
export const runbookField = z
  .string('The runbook address must be a string or null.')
  .trim()
  .superRefine((text, ctx) => {
    const message = text === '' ? null : runbookProblem(text);
    if (message) ctx.addIssue({ code: 'custom', message });
  })
  .transform((text) => text || null)
  .nullable();
