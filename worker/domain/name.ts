import { z } from 'zod';

/** What people call what they made (`channel`, `person` …): one line, in which there is something to see. */
export const nameField = (what: string) =>
  z
    .string(`Give the ${what} a name.`)
    .trim()
    .max(100, 'A name is at most 100 characters long.')
    .refine(
      (text) => text.isWellFormed() && !/\p{Cc}/u.test(text),
      'Write the name on one line, without control characters.',
    )
    .refine((text) => /[^\p{C}\p{Z}]/u.test(text), `Give the ${what} a name.`);
