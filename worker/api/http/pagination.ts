import { base64url } from 'jose';
import { z } from 'zod';
import type { Page } from '../../contract/views.ts';
import { PharosError } from '../../errors.ts';

/** `?limit&cursor`, for a list's own query schema to extend. */
export const pageQuery = z.object({
  limit: z.coerce
    .number('The limit must be a whole number from 1 to 100.')
    .int('The limit must be a whole number from 1 to 100.')
    .min(1, 'The limit must be at least 1.')
    .max(100, 'The limit must be at most 100.')
    .default(50),
  cursor: z.string().max(1_000, 'This is not a cursor.').optional(),
});

/** The id that a list is filtered by. */
export const idQuery = z.string().max(64, 'This is not a valid id.').optional();

/** The position of a team's next page. Opaque to clients, but no secret: it can only request another page of the same team. */
export const encodeCursor = (teamId: string, position: unknown) => base64url.encode(JSON.stringify([teamId, position]));

/** The position in a cursor, or null where none was sent. Throws `invalid_cursor` for another team's or anything else. */
export const decodeCursor = <T>(cursor: string | undefined, teamId: string, position: z.ZodType<T>): T | null => {
  if (cursor === undefined) return null;
  const parsed = z.tuple([z.literal(teamId), position]).safeParse(readJson(cursor));
  if (!parsed.success)
    throw new PharosError('invalid_cursor', 'Use the "nextCursor" of the previous page, or none for the first page.');
  return parsed.data[1];
};

/** A page from `limit + 1` rows, the last of which only shows that there are more. */
export const toPage = <Row, View>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => View,
  cursorAfter: (row: Row) => string,
): Page<View> => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { data: shown.map(view), nextCursor: last && rows.length > limit ? cursorAfter(last) : null };
};

const readJson = (cursor: string): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(base64url.decode(cursor)));
  } catch {
    return null;
  }
};
