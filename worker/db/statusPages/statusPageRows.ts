import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { PharosError } from '../../errors.ts';
import type { Database } from '../core/client.ts';
import { components, monitors, statusPages } from '../schema.ts';

export type StatusPageRow = typeof statusPages.$inferSelect & {
  components: { monitorId: string; publicName: string | null }[];
};

export interface OwnPage {
  teamId: string;
  id: string;
}

/** Throws `not_found`, for another team's page as well. */
export const getStatusPage = async (db: Database, { teamId, id }: OwnPage): Promise<StatusPageRow> => {
  const row = await db
    .select()
    .from(statusPages)
    .where(and(eq(statusPages.id, id), eq(statusPages.teamId, teamId)))
    .get();
  if (!row) throw new PharosError('not_found', 'No such status page exists.');
  const [page] = await withComponents(db, [row]);
  return page as StatusPageRow;
};

/** Newest first; `before` is the position of the last status page of the page before. */
export const listStatusPages = async (
  db: Database,
  { teamId, limit, before }: { teamId: string; limit: number; before?: { createdAt: number; id: string } | undefined },
): Promise<StatusPageRow[]> => {
  const rows = await db
    .select()
    .from(statusPages)
    .where(
      and(
        eq(statusPages.teamId, teamId),
        before && sql`(${statusPages.createdAt}, ${statusPages.id}) < (${before.createdAt}, ${before.id})`,
      ),
    )
    .orderBy(desc(statusPages.createdAt), desc(statusPages.id))
    .limit(limit);
  return withComponents(db, rows);
};

const withComponents = async (db: Database, pages: (typeof statusPages.$inferSelect)[]): Promise<StatusPageRow[]> => {
  const rows = await db
    .select({ pageId: components.pageId, monitorId: monitors.id, publicName: components.publicName })
    .from(components)
    .innerJoin(monitors, eq(monitors.number, components.monitor))
    .where(sql`${components.pageId} IN (SELECT value FROM json_each(${JSON.stringify(pages.map((page) => page.id))}))`)
    .orderBy(asc(components.position));
  return pages.map((page) => ({
    ...page,
    components: rows
      .filter((row) => row.pageId === page.id)
      .map(({ monitorId, publicName }) => ({ monitorId, publicName })),
  }));
};
