import type { AuthorView } from '../contract/views.ts';

/** How responses write times and people. */

export const toIsoTime = (ms: number) => new Date(ms).toISOString();
export const toIsoTimeOrNull = (ms: number | null) => (ms === null ? null : toIsoTime(ms));

/** Null where there is no account of that id any more. */
export const toAuthorView = (id: string | null, email: string | null): AuthorView =>
  id !== null && email !== null ? { id, email } : null;
