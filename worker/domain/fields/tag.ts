import { lineField } from './name.ts';

/** A word that monitors have in common. */
export const tagField = lineField({ what: 'tag', missing: 'A tag cannot be empty.', max: 32 });
