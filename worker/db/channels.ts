import { and, asc, eq, sql } from 'drizzle-orm';
import { PharosError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Services } from '../services.ts';
import type { Database } from './client.ts';
import { type EscalationPolicyRow, joinDefaultPolicy, leavePolicies } from './escalationPolicies.ts';
import { channels } from './schema.ts';

export type ChannelRow = typeof channels.$inferSelect;

export interface OwnChannel {
  teamId: string;
  id: string;
}

/** Settings as alerts/channels/secrets.ts stores them. */
interface Stored {
  shown: Record<string, unknown>;
  sealed: string | null;
}

export const maxChannels = 200;

export const newChannelId = () => newId('chn');

/** Joins the team's default policy where `join` says so. Throws `conflict` where the team has too many. */
export const createChannel = async (
  services: Services,
  { join, ...given }: OwnChannel & { kind: string; name: string; stored: Stored; join: boolean },
): Promise<ChannelRow> => {
  const { id, teamId, kind, name, stored } = given;
  const at = services.now();
  const { meta } = await services.d1
    .prepare(
      `INSERT INTO channels (id, team_id, kind, name, settings, sealed, created_at, updated_at)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7
       WHERE (SELECT count(*) FROM channels WHERE team_id = ?2) < ${maxChannels}`,
    )
    .bind(id, teamId, kind, name, JSON.stringify(stored.shown), stored.sealed, at)
    .run();
  if (meta.changes === 0) throw new PharosError('conflict', `A team has at most ${maxChannels} channels.`);
  if (join) await joinDefaultPolicy(services, teamId, id);
  return getChannel(services.db, { teamId, id });
};

/** Throws `not_found`, for another team's channel as well. */
export const getChannel = async (db: Database, { teamId, id }: OwnChannel): Promise<ChannelRow> => {
  const row = await db
    .select()
    .from(channels)
    .where(and(eq(channels.id, id), eq(channels.teamId, teamId)))
    .get();
  if (!row) throw new PharosError('not_found', 'There is no such channel.');
  return row;
};

/** In the order in which they were made, after the one that `after` names. */
export const listChannels = (
  db: Database,
  { teamId, limit, after }: { teamId: string; limit: number; after?: { createdAt: number; id: string } | undefined },
): Promise<ChannelRow[]> =>
  db
    .select()
    .from(channels)
    .where(
      and(
        eq(channels.teamId, teamId),
        after && sql`(${channels.createdAt}, ${channels.id}) > (${after.createdAt}, ${after.id})`,
      ),
    )
    .orderBy(asc(channels.createdAt), asc(channels.id))
    .limit(limit)
    .all();

/** Throws `not_found`, and `conflict` where somebody else changed it since it was read (`before`). */
export const changeChannel = async (
  { db, now }: Services,
  before: ChannelRow,
  { name, stored }: { name: string; stored: Stored },
): Promise<ChannelRow> => {
  const { id, teamId, updatedAt } = before;
  const { meta } = await db
    .update(channels)
    .set({ name, settings: stored.shown, sealed: stored.sealed, updatedAt: Math.max(now(), updatedAt + 1) })
    .where(and(eq(channels.id, id), eq(channels.teamId, teamId), eq(channels.updatedAt, updatedAt)));
  if (meta.changes === 0)
    throw new PharosError('conflict', 'Somebody else changed the channel just now. Load it again.');
  return getChannel(db, { teamId, id });
};

/**
 * What waits to be sent through it is not sent any more; what was sent stays in the record. Answers with the policies
 * that told it. Throws `not_found`.
 */
export const deleteChannel = async (services: Services, own: OwnChannel): Promise<EscalationPolicyRow[]> => {
  const { d1, db, now } = services;
  await getChannel(db, own);
  const left = await leavePolicies(services, own.teamId, { type: 'channel', id: own.id });
  await d1.batch([
    d1
      .prepare("UPDATE deliveries SET state = 'skipped', settled_at = ?2 WHERE channel = ?1 AND settled_at IS NULL")
      .bind(own.id, now()),
    d1.prepare('DELETE FROM channels WHERE id = ?1 AND team_id = ?2').bind(own.id, own.teamId),
  ]);
  return left;
};
