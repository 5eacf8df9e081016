import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { CreateOnCallSchedule, Layer } from '../../domain/onCall/onCallSchedule.ts';
import { type AuditChange, changedNames, changesBetween } from '../../domain/teams/audit.ts';
import { teamLimits } from '../../domain/teams/limits.ts';
import { PharosError } from '../../errors.ts';
import { hexOf } from '../../hex.ts';
import { newId } from '../../ids.ts';
import type { Services } from '../../services.ts';
import { recordDone } from '../audit/audit.ts';
import type { Database } from '../core/client.ts';
import { prepared } from '../core/prepared.ts';
import { requireOwn } from '../core/requireOwn.ts';
import { versionConflict } from '../core/versionConflict.ts';
import type { EscalationPolicyRow } from '../escalation/escalationPolicies.ts';
import { leavePolicies } from '../escalation/policyTargets.ts';
import { onCallSchedules } from '../schema.ts';
import { guardOneMore, withinLimits } from '../teams/limits.ts';

export type ScheduleRow = typeof onCallSchedules.$inferSelect;

export interface OwnSchedule {
  teamId: string;
  id: string;
}

/** An author and a schedule of the team. */
export type ActOnSchedule = OwnSchedule & { userId: string };

const maxSchedules = teamLimits.schedules.ceiling;

/** In order of creation. */
export const listSchedules = (db: Database, teamId: string): Promise<ScheduleRow[]> =>
  db
    .select()
    .from(onCallSchedules)
    .where(eq(onCallSchedules.teamId, teamId))
    .orderBy(asc(onCallSchedules.createdAt), asc(onCallSchedules.id))
    .limit(maxSchedules)
    .all();

const isOwnSchedule = ({ teamId, id }: OwnSchedule): SQL | undefined =>
  and(eq(onCallSchedules.id, id), eq(onCallSchedules.teamId, teamId));

/** Throws `not_found`, for another team's schedule as well. */
export const getSchedule = async (db: Database, own: OwnSchedule): Promise<ScheduleRow> => {
  const row = await db.select().from(onCallSchedules).where(isOwnSchedule(own)).get();
  if (!row) throw new PharosError('not_found', 'No such on-call schedule exists.');
  return row;
};

/** Null where there is none, or the key is not that of its calendar. */
export const findCalendar = async (
  db: Database,
  { id, key }: { id: string; key: string },
): Promise<ScheduleRow | null> =>
  (await db
    .select()
    .from(onCallSchedules)
    .where(and(eq(onCallSchedules.id, id), eq(onCallSchedules.feedKey, key)))
    .get()) ?? null;

/** 192 random bits, as long as addresses may carry them. */
const newFeedKey = () => hexOf(crypto.getRandomValues(new Uint8Array(24)));

/** Throws `invalid_request` for a person whom the team does not have, and `limit_reached`. */
export const insertSchedule = async (
  services: Services,
  given: { teamId: string; userId: string; input: CreateOnCallSchedule },
): Promise<ScheduleRow> => {
  const { d1, db, now } = services;
  const { teamId, userId, input } = given;
  await requireParticipants(db, teamId, input.layers);
  const id = newId('onc');
  const at = now();
  const done = recordDone(db, { author: userId, at, action: 'on-call.created' }, eq(onCallSchedules.id, id));
  const written = d1.batch([
    prepared(d1, guardOneMore(services, teamId, 'schedules')),
    d1
      .prepare(
        `INSERT INTO on_call_schedules
           (id, team_id, name, time_zone, layers, overrides, feed_key, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, '[]', ?6, ?7, ?7)`,
      )
      .bind(id, teamId, input.name, input.timeZone, JSON.stringify(input.layers), newFeedKey(), at),
    prepared(d1, done),
  ]);
  await withinLimits(written);
  return getSchedule(db, { teamId, id });
};

/** Undefined fields stay as they are. */
type Change = { [Field in keyof CreateOnCallSchedule]?: CreateOnCallSchedule[Field] | undefined };

/**
 * `seenAt` is the `updatedAt` of the version that the change is based on, where the caller sends it. Throws `not_found`, the
 * errors of `insertSchedule`, and `version_conflict` where somebody else changed it since.
 */
export const updateSchedule = async (
  { db, now }: Services,
  { userId, ...own }: ActOnSchedule,
  { seenAt, ...change }: Change & { seenAt: number | undefined },
): Promise<ScheduleRow> => {
  const before = await getSchedule(db, own);
  if (change.layers) await requireParticipants(db, own.teamId, change.layers);
  const at = Math.max(now(), before.updatedAt + 1);
  const unchanged = and(isOwnSchedule(own), eq(onCallSchedules.updatedAt, seenAt ?? before.updatedAt));
  const [, { meta }] = await db.batch([
    recordScheduleChange(db, { userId, at, changes: changesOf(before, change) }, unchanged),
    db
      .update(onCallSchedules)
      .set({ ...change, updatedAt: at })
      .where(unchanged),
  ]);
  if (meta.changes === 0) throw versionConflict('the schedule');
  return getSchedule(db, own);
};

const changesOf = ({ name, timeZone, layers }: ScheduleRow, change: Change): AuditChange[] => {
  const is = { name: change.name ?? name, timeZone: change.timeZone ?? timeZone, layers: change.layers ?? layers };
  return [...changesBetween({ name, timeZone }, is), ...changedNames({ layers }, is)];
};

/** For the batch of the change; empty where nothing differs. */
export const recordScheduleChange = (
  db: Database,
  { userId, at, changes }: { userId: string; at: number; changes: AuditChange[] },
  where: SQL | undefined,
) =>
  recordDone(
    db,
    { author: userId, at, action: 'on-call.changed', detail: { changes } },
    and(where, sql`${changes.length} > 0`),
  );

/** Returns the policies that notified the schedule. Throws `not_found`. */
export const removeSchedule = async (
  services: Services,
  { userId, ...own }: ActOnSchedule,
): Promise<EscalationPolicyRow[]> => {
  const { db, now } = services;
  await getSchedule(db, own);
  const left = await leavePolicies(services, own.teamId, { type: 'onCall', id: own.id });
  await db.batch([
    recordDone(db, { author: userId, at: now(), action: 'on-call.deleted' }, isOwnSchedule(own)),
    db.delete(onCallSchedules).where(isOwnSchedule(own)),
  ]);
  return left;
};

/** Replaces the address of its calendar; the former one no longer works. Throws `not_found`. */
export const renewFeedKey = async ({ db, now }: Services, { userId, ...own }: ActOnSchedule): Promise<ScheduleRow> => {
  await db.batch([
    recordScheduleChange(db, { userId, at: now(), changes: [{ field: 'calendarUrl' }] }, isOwnSchedule(own)),
    db.update(onCallSchedules).set({ feedKey: newFeedKey() }).where(isOwnSchedule(own)),
  ]);
  return getSchedule(db, own);
};

const requireParticipants = (db: Database, teamId: string, layers: readonly Layer[]) => {
  const named = layers.flatMap(({ participants }, i) =>
    participants.map((id, j) => ({ type: 'person' as const, id, path: `layers.${i}.participants.${j}` })),
  );
  return requireOwn(db, teamId, named, 'A participant does not exist.');
};
