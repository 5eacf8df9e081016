import type { AuthorView } from '../contract/views.ts';

/** Null where there is no account of that id any more. */
export const toAuthorView = (id: string | null, email: string | null): AuthorView =>
  id !== null && email !== null ? { id, email } : null;
