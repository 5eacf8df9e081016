import type { AuthorView } from '../contract/views.ts';

/** Null where the account is deleted. */
export const toAuthorView = (id: string | null, email: string | null): AuthorView =>
  id !== null && email !== null ? { id, email } : null;
