import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Failed sign-ins by counter, in a window that ends at `until`. WITHOUT ROWID. */
export const signInFailures = sqliteTable(
  'sign_in_failures',
  { subject: text().notNull(), until: integer().notNull(), count: integer().notNull() },
  (t) => [primaryKey({ columns: [t.subject, t.until] }), index('sign_in_failures_until').on(t.until)],
);

/** The networks from which a user has signed in, as hashes. WITHOUT ROWID. */
export const signInPlaces = sqliteTable(
  'sign_in_places',
  { userId: text('user_id').notNull(), place: text().notNull(), seenAt: integer('seen_at').notNull() },
  (t) => [primaryKey({ columns: [t.userId, t.place] })],
);
