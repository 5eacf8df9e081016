import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { teams } from './accounts.ts';

export const statusPages = sqliteTable(
  'status_pages',
  {
    id: text().primaryKey(),
    teamId: text('team_id')
      .notNull()
      .references(() => teams.id),
    slug: text().notNull(),
    name: text().notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [uniqueIndex('status_pages_slug').on(t.slug), index('status_pages_team').on(t.teamId, t.createdAt, t.id)],
);

export const components = sqliteTable(
  'components',
  {
    pageId: text('page_id')
      .notNull()
      .references(() => statusPages.id, { onDelete: 'cascade' }),
    monitor: integer().notNull(),
    position: integer().notNull(),
    /** The name for visitors, in place of the monitor's own. */
    publicName: text('public_name'),
  },
  (t) => [primaryKey({ columns: [t.pageId, t.monitor] }), index('components_monitor').on(t.monitor)],
);
