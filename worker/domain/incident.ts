import { z } from 'zod';
import { isoTime } from './isoTime.ts';

export const maxCommentLength = 4_000;
export const maxCauseLength = 500;
export const maxPostMortemLength = 20_000;

const characters = (count: number) => count.toLocaleString('en');

/** Plain text. */
export const commentSchema = z.strictObject({
  text: z
    .string('Write the comment as "text".')
    .trim()
    .min(1, 'Write something.')
    .max(maxCommentLength, `A comment is at most ${characters(maxCommentLength)} characters long.`),
});

/** Nothing written is nothing: null. */
const described = (max: number, what: string) =>
  z
    .string(`${what} is a text, or null.`)
    .trim()
    .max(max, `${what} is at most ${characters(max)} characters long.`)
    .transform((text) => text || null)
    .nullable()
    .optional();

/** What people find out about an incident; what is not given stays. */
export const changeIncidentSchema = z
  .strictObject({
    cause: described(maxCauseLength, 'The cause'),
    /** Markdown. */
    postMortem: described(maxPostMortemLength, 'The post-mortem'),
    /** That of the incident as it was read: the change is refused where somebody else wrote since. */
    describedAt: isoTime.nullable().optional(),
  })
  .refine(({ cause, postMortem }) => cause !== undefined || postMortem !== undefined, 'Give a cause or a post-mortem.');

export type ChangeIncident = z.input<typeof changeIncidentSchema>;
