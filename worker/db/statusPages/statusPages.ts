import { and, eq, sql } from 'drizzle-orm';
import { slugProblem, slugProblemText } from '../../domain/statusPages/reservedSlugs.ts';
import type { ChangeStatusPage, CreateStatusPage } from '../../domain/statusPages/statusPage.ts';
import { type AuditChange, changedNames, changesBetween } from '../../domain/teams/audit.ts';
import { PharosError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Services } from '../../services.ts';
import { recordDone } from '../audit/audit.ts';
import type { Database } from '../core/client.ts';
import { versionConflict } from '../core/versionConflict.ts';
import { isUniqueViolation } from '../core/violations.ts';
import { requireMonitors } from '../monitors/ownMonitors.ts';
import { components, statusPages } from '../schema.ts';
import { guardOneMore, withinLimits } from '../teams/limits.ts';
import { getStatusPage, type OwnPage, type StatusPageRow } from './statusPageRows.ts';

/** An author and a status page of the team. */
type ActOnPage = OwnPage & { userId: string };

/** Throws `slug_taken`, `limit_reached`, and `invalid_request` for a monitor that the team does not have. */
export const insertStatusPage = async (
  services: Services,
  { teamId, userId, input }: { teamId: string; userId: string; input: CreateStatusPage },
): Promise<StatusPageRow> => {
  const { db, now } = services;
  const { slug, name, monitorIds, publicNames } = input;
  refuseReservedSlug(slug);
  await requireMonitors(db, teamId, monitorIds);
  requireOnPage(publicNames, monitorIds);
  const id = newId('page');
  const createdAt = now();
  const written = withinLimits(
    db.batch([
      guardOneMore(services, teamId, 'statusPages'),
      db.insert(statusPages).values({ id, teamId, slug, name, createdAt, updatedAt: createdAt }),
      insertComponents(db, { teamId, id, updatedAt: createdAt }, monitorIds, publicNames),
      recordDone(db, { author: userId, at: createdAt, action: 'status-page.created' }, eq(statusPages.id, id)),
    ]),
  );
  await refuseTakenSlug(written);
  return getStatusPage(db, { teamId, id });
};

/**
 * `seenAt` is the `updatedAt` of the version that the change is based on, where the caller sends it. Throws `not_found`, the
 * errors of `insertStatusPage`, and `version_conflict` where somebody else changed it since.
 */
export const updateStatusPage = async (
  { db, now }: Services,
  { seenAt, change, userId, ...own }: ActOnPage & { seenAt: number | undefined; change: ChangeStatusPage },
): Promise<StatusPageRow> => {
  const page = await getStatusPage(db, own);
  const monitorIds = change.monitorIds ?? page.components.map((component) => component.monitorId);
  if (change.monitorIds) await requireMonitors(db, own.teamId, monitorIds);
  if (change.publicNames) requireOnPage(change.publicNames, monitorIds);
  const publicNames = change.publicNames ?? namesOf(page);
  const { slug = page.slug, name = page.name } = change;
  if (slug !== page.slug) refuseReservedSlug(slug);
  const changes = changesOf(page, { slug, name, monitorIds, publicNames });
  const isOwn = and(eq(statusPages.id, own.id), eq(statusPages.teamId, own.teamId));
  const restsOn = seenAt ?? page.updatedAt;
  const unchanged = and(isOwn, eq(statusPages.updatedAt, restsOn));
  const at = Math.max(now(), page.updatedAt + 1);
  const done = { author: userId, at, action: 'status-page.changed', detail: { changes } } as const;
  const [, , , { meta }] = await refuseTakenSlug(
    db.batch([
      recordDone(db, done, and(unchanged, sql`${changes.length} > 0`)),
      db
        .delete(components)
        .where(and(eq(components.pageId, own.id), sql`EXISTS (SELECT 1 FROM ${statusPages} WHERE ${unchanged})`)),
      insertComponents(db, { ...own, updatedAt: restsOn }, monitorIds, publicNames),
      // Last, since it ends the time in which the condition holds.
      db.update(statusPages).set({ slug, name, updatedAt: at }).where(unchanged),
    ]),
  );
  if (meta.changes === 0) throw versionConflict('the page');
  return getStatusPage(db, own);
};

/** Throws `not_found`, for another team's page as well. */
export const removeStatusPage = async ({ db, now }: Services, { userId, ...own }: ActOnPage): Promise<void> => {
  await getStatusPage(db, own);
  const isOwn = and(eq(statusPages.id, own.id), eq(statusPages.teamId, own.teamId));
  await db.batch([
    recordDone(db, { author: userId, at: now(), action: 'status-page.deleted' }, isOwn),
    db.delete(components).where(eq(components.pageId, own.id)),
    db.delete(statusPages).where(isOwn),
  ]);
};

/** One statement for any number of monitors; skips those that were deleted meanwhile, or belong to another team. */
const insertComponents = (
  db: Database,
  { teamId, id, updatedAt }: OwnPage & { updatedAt: number },
  monitorIds: readonly string[],
  publicNames: Record<string, string>,
) => {
  const chosen = JSON.stringify(monitorIds.map((monitorId) => [monitorId, publicNames[monitorId] ?? null]));
  return db.insert(components).select(
    sql`SELECT p.id, m.number, chosen.key, chosen.value ->> 1
        FROM status_pages AS p
        CROSS JOIN json_each(${chosen}) AS chosen
        JOIN monitors AS m ON m.id = chosen.value ->> 0 AND m.team_id = p.team_id
        WHERE p.id = ${id} AND p.team_id = ${teamId} AND p.updated_at = ${updatedAt}`,
  );
};

const namesOf = (page: StatusPageRow): Record<string, string> =>
  Object.fromEntries(
    page.components.flatMap(({ monitorId, publicName }) => (publicName === null ? [] : [[monitorId, publicName]])),
  );

/** Names and addresses of a page are public, the names of its monitors are not. */
const changesOf = (page: StatusPageRow, is: Required<ChangeStatusPage>): AuditChange[] => {
  const monitorIds = page.components.map(({ monitorId }) => monitorId);
  return [
    ...changesBetween({ slug: page.slug, name: page.name }, { slug: is.slug, name: is.name }),
    ...changedNames({ monitorIds, publicNames: namesOf(page) }, { ...is }),
  ];
};

const requireOnPage = (publicNames: Record<string, string>, monitorIds: readonly string[]) => {
  const stray = Object.keys(publicNames).filter((id) => !monitorIds.includes(id));
  if (stray.length > 0)
    throw new PharosError(
      'invalid_request',
      'A public name refers to a monitor that is not on the page.',
      stray.map((id) => ({ path: `publicNames.${id}`, message: 'This monitor is not on the page.' })),
    );
};

/** A page keeps its address, even if it is reserved later. Throws `invalid_request`. */
const refuseReservedSlug = (slug: string): void => {
  const problem = slugProblem(slug);
  if (!problem) return;
  const message = slugProblemText[problem];
  throw new PharosError('invalid_request', 'The address is invalid.', [{ path: 'slug', message }]);
};

const refuseTakenSlug = async <T>(written: Promise<T>): Promise<T> => {
  try {
    return await written;
  } catch (error) {
    if (!isUniqueViolation(error, 'status_pages.slug')) throw error;
    throw new PharosError('slug_taken', 'Another status page has this address.', [
      { path: 'slug', message: 'This address is taken; choose another.' },
    ]);
  }
};
