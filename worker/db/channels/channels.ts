import { and, asc, eq, sql } from 'drizzle-orm';
import type { AuditChange } from '../../domain/teams/audit.ts';
import { PharosError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Services } from '../../services.ts';
import { recordDone } from '../audit/audit.ts';
import type { Database } from '../core/client.ts';
import { prepared } from '../core/prepared.ts';
import { versionConflict } from '../core/versionConflict.ts';
import { rehold } from '../deliveries/holds.ts';
import type { EscalationPolicyRow } from '../escalation/escalationPolicies.ts';
import { joinDefaultPolicy, leavePolicies } from '../escalation/policyTargets.ts';
import { leavePeople } from '../onCall/people.ts';
import { channels } from '../schema.ts';
import { guardOneMore, withinLimits } from '../teams/limits.ts';
import { keepForEnds } from './deletedChannels.ts';
import { nameRecipients, readmitRecipients } from './recipients.ts';

export type ChannelRow = typeof channels.$inferSelect;

export interface OwnChannel {
  teamId: string;
  id: string;
}

/** An author and a channel of the team. */
type ActOnChannel = OwnChannel & { userId: string };

/** Settings as alerts/channels/secrets.ts stores them. */
interface Stored {
  shown: Record<string, unknown>;
  sealed: string | null;
}

const recipientsOf = (kind: string, { shown: { to } }: Stored): string[] =>
  kind === 'email' && Array.isArray(to) ? to.map(String) : [];

export const newChannelId = () => newId('chn');

/** Joins the team's default policy where `join` says so. Throws `limit_reached`. */
export const insertChannel = async (
  services: Services,
  {
    join,
    ...given
  }: ActOnChannel &
    Pick<ChannelRow, 'kind' | 'name'> &
    Partial<Pick<ChannelRow, 'quietHours'>> & { stored: Stored; join: boolean },
): Promise<ChannelRow> => {
  const { id, teamId, userId, kind, name, stored, quietHours = null } = given;
  const { d1, db } = services;
  const at = services.now();
  const done = recordDone(db, { author: userId, at, action: 'channel.created' }, eq(channels.id, id));
  const written = d1.batch([
    prepared(d1, guardOneMore(services, teamId, 'channels')),
    readmitRecipients(d1, { teamId, to: recipientsOf(kind, stored) }, at),
    d1
      .prepare(
        `INSERT INTO channels (id, team_id, kind, name, settings, sealed, quiet_hours, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?8, ?7, ?7)`,
      )
      .bind(
        ...[id, teamId, kind, name, JSON.stringify(stored.shown), stored.sealed, at],
        quietHours && JSON.stringify(quietHours),
      ),
    prepared(d1, done),
    nameRecipients(d1, id, at),
  ]);
  await withinLimits(written);
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
  if (!row) throw new PharosError('not_found', 'No such channel exists.');
  return row;
};

/** In order of creation, after the channel that `after` names. */
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

interface ChannelChange extends Pick<ChannelRow, 'name' | 'quietHours'> {
  stored: Stored;
  /** The differences, for the audit trail. */
  changes: AuditChange[];
}

/**
 * Deliveries that the former quiet hours deferred follow the new ones. Throws `not_found`, and `version_conflict` where somebody
 * else changed the channel since it was read (`before`).
 */
export const updateChannel = async (
  { db, d1, now }: Services,
  before: ChannelRow,
  { userId, name, stored, quietHours, changes }: ChannelChange & { userId: string },
): Promise<ChannelRow> => {
  const { id, teamId } = before;
  const at = now();
  const updatedAt = Math.max(at, before.updatedAt + 1);
  const unchanged = and(eq(channels.id, id), eq(channels.teamId, teamId), eq(channels.updatedAt, before.updatedAt));
  const done = { author: userId, at: updatedAt, action: 'channel.changed', detail: { changes } } as const;
  const { shown: settings, sealed } = stored;
  const isHeldAgain = JSON.stringify(quietHours) !== JSON.stringify(before.quietHours);
  const written = [
    recordDone(db, done, and(unchanged, sql`${changes.length} > 0`)),
    db.update(channels).set({ name, settings, sealed, quietHours, updatedAt }).where(unchanged),
  ];
  const results = await d1.batch([
    readmitRecipients(d1, { teamId, to: recipientsOf(before.kind, stored), changes: before }, at),
    ...(isHeldAgain ? [rehold(d1, { id, quietHours, updatedAt: before.updatedAt }, at)] : []),
    ...written.map((statement) => prepared(d1, statement)),
    nameRecipients(d1, id, at),
  ]);
  if (results.at(-2)?.meta.changes === 0) throw versionConflict('the channel');
  return getChannel(db, { teamId, id });
};

/** Policies and people that lost a deleted channel. */
interface Losses {
  policies: EscalationPolicyRow[];
  people: { id: string; name: string; channels: string[] }[];
}

/**
 * Waiting deliveries of the channel are no longer sent, except for recoveries that a stateful receiver needs (`keepForEnds`);
 * sent deliveries stay in the record. Returns the policies that notified the channel and the people who had it. Throws
 * `not_found`.
 */
export const removeChannel = async (services: Services, { userId, ...own }: ActOnChannel): Promise<Losses> => {
  const { db } = services;
  await getChannel(db, own);
  const policies = await leavePolicies(services, own.teamId, { type: 'channel', id: own.id });
  const people = await leavePeople(services, own);
  const at = services.now();
  const isOwn = and(eq(channels.id, own.id), eq(channels.teamId, own.teamId));
  await db.batch([
    recordDone(db, { author: userId, at, action: 'channel.deleted' }, isOwn),
    ...keepForEnds(db, own, at),
    db.delete(channels).where(isOwn),
  ]);
  return { policies, people };
};
