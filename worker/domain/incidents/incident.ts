import { z } from 'zod';
import { optionalTextField, textField } from '../fields/name.ts';
import { isoTime } from '../time/isoTime.ts';

const maxCommentLength = 4_000;
const maxCauseLength = 500;
const maxPostMortemLength = 20_000;

/** Plain text. */
export const commentSchema = z.strictObject({
  text: textField({ what: 'comment', missing: 'Put the comment in "text".', max: maxCommentLength }),
});

/** What people find out about an incident; what is not given stays. */
export const changeIncidentSchema = z
  .strictObject({
    cause: optionalTextField({ what: 'cause', max: maxCauseLength }).optional(),
    /** Markdown. */
    postMortem: optionalTextField({ what: 'post-mortem', max: maxPostMortemLength }).optional(),
    /** That of the incident as it was read: the change is refused where somebody else wrote since. */
    describedAt: isoTime.nullable().optional(),
  })
  .refine(
    ({ cause, postMortem }) => cause !== undefined || postMortem !== undefined,
    'Enter a cause or a post-mortem.',
  );

export type ChangeIncident = z.input<typeof changeIncidentSchema>;
