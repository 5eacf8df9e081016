import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { ChangePerson, CreatePerson } from '../../domain/onCall/person.ts';
import { changedNames, changesBetween } from '../../domain/teams/audit.ts';
import { teamLimits } from '../../domain/teams/limits.ts';
import { PharosError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Services } from '../../services.ts';
import { recordDone } from '../audit/audit.ts';
import type { Database } from '../core/client.ts';
import { prepared } from '../core/prepared.ts';
import { requireOwn } from '../core/requireOwn.ts';
import { versionConflict } from '../core/versionConflict.ts';
import type { EscalationPolicyRow } from '../escalation/escalationPolicies.ts';
import { leavePolicies } from '../escalation/policyTargets.ts';
import { onCallSchedules, people } from '../schema.ts';
import { guardOneMore, withinLimits } from '../teams/limits.ts';

export type PersonRow = typeof people.$inferSelect;

export interface OwnPerson {
  teamId: string;
  id: string;
}

/** An author and a person of the team. */
type ActOnPerson = OwnPerson & { userId: string };

const maxPeople = teamLimits.people.ceiling;

/** In order of creation. */
export const listPeople = (db: Database, teamId: string): Promise<PersonRow[]> =>
  db
    .select()
    .from(people)
    .where(eq(people.teamId, teamId))
    .orderBy(asc(people.createdAt), asc(people.id))
    .limit(maxPeople)
    .all();

/** Throws `not_found`, for another team's person as well. */
export const getPerson = async (db: Database, { teamId, id }: OwnPerson): Promise<PersonRow> => {
  const row = await db
    .select()
    .from(people)
    .where(and(eq(people.id, id), eq(people.teamId, teamId)))
    .get();
  if (!row) throw new PharosError('not_found', 'No such person exists.');
  return row;
};

/** Throws `invalid_request` for a channel that the team does not have, and `limit_reached`. */
export const insertPerson = async (
  services: Services,
  { teamId, userId, input: { name, channelIds } }: { teamId: string; userId: string; input: CreatePerson },
): Promise<PersonRow> => {
  const { d1, db, now } = services;
  await requireChannels(db, teamId, channelIds);
  const id = newId('per');
  const at = now();
  const done = recordDone(db, { author: userId, at, action: 'person.created' }, eq(people.id, id));
  const written = d1.batch([
    prepared(d1, guardOneMore(services, teamId, 'people')),
    d1
      .prepare(
        'INSERT INTO people (id, team_id, name, channels, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)',
      )
      .bind(id, teamId, name, JSON.stringify(channelIds), at),
    prepared(d1, done),
  ]);
  await withinLimits(written);
  return getPerson(db, { teamId, id });
};

/** Undefined fields stay as they are. */
type Change = { [Field in keyof ChangePerson]: ChangePerson[Field] | undefined };

/**
 * `seenAt` is the `updatedAt` of the version that the change is based on, where the caller sends it. Throws `not_found`, the
 * errors of `insertPerson`, and `version_conflict` where somebody else changed the person since.
 */
export const updatePerson = async (
  { db, now }: Services,
  { userId, ...own }: ActOnPerson,
  { seenAt, name, channelIds }: Change & { seenAt: number | undefined },
): Promise<PersonRow> => {
  const before = await getPerson(db, own);
  if (channelIds) await requireChannels(db, own.teamId, channelIds);
  const is = { name: name ?? before.name, channels: channelIds ?? before.channels };
  const at = Math.max(now(), before.updatedAt + 1);
  const unchanged = and(isOwn(own), eq(people.updatedAt, seenAt ?? before.updatedAt));
  const changes = [...changesBetween({ name: before.name }, is), ...changedNames({ channels: before.channels }, is)];
  const done = { author: userId, at, action: 'person.changed', detail: { changes } } as const;
  const [, { meta }] = await db.batch([
    recordDone(db, done, and(unchanged, sql`${changes.length} > 0`)),
    db
      .update(people)
      .set({ ...is, updatedAt: at })
      .where(unchanged),
  ]);
  if (meta.changes === 0) throw versionConflict(before.name);
  return getPerson(db, own);
};

const isOwn = ({ teamId, id }: OwnPerson): SQL | undefined => and(eq(people.id, id), eq(people.teamId, teamId));

/** Layers, and overrides that are not over, that contain the person. */
const takesTurns = (personId: string, now: number) => sql`(
  EXISTS (SELECT 1 FROM json_each(${onCallSchedules.layers}) AS l, json_each(l.value, '$.participants') AS p
    WHERE p.value = ${personId})
  OR EXISTS (SELECT 1 FROM json_each(${onCallSchedules.overrides}) AS o
    WHERE o.value ->> 'personId' = ${personId} AND o.value ->> 'to' > ${now}))`;

/**
 * Returns the policies that notified the person. Throws `not_found`, and `conflict` for a person in a rotation: their removal
 * would give the shifts to others, or to nobody, without notice.
 */
export const removePerson = async (
  services: Services,
  { userId, ...own }: ActOnPerson,
): Promise<EscalationPolicyRow[]> => {
  const { db } = services;
  const now = services.now();
  const { name } = await getPerson(db, own);
  const inTeam = eq(onCallSchedules.teamId, own.teamId);
  const isFree = and(
    isOwn(own),
    sql`NOT EXISTS (SELECT 1 FROM ${onCallSchedules} WHERE ${and(inTeam, takesTurns(own.id, now))})`,
  );
  const [, { meta }] = await db.batch([
    recordDone(db, { author: userId, at: now, action: 'person.deleted' }, isFree),
    db.delete(people).where(isFree),
  ]);
  if (meta.changes === 0) {
    const busy = await db
      .select({ name: onCallSchedules.name })
      .from(onCallSchedules)
      .where(and(inTeam, takesTurns(own.id, now)));
    const names = busy.map((schedule) => `“${schedule.name}”`).join(', ');
    throw new PharosError('conflict', `${name} is in the rotation of ${names}. Remove them there first.`);
  }
  return leavePolicies(services, own.teamId, { type: 'person', id: own.id });
};

const requireChannels = (db: Database, teamId: string, ids: readonly string[]) =>
  requireOwn(
    db,
    teamId,
    ids.map((id, i) => ({ type: 'channel', id, path: `channelIds.${i}` })),
    'A channel cannot be used.',
  );

/** Removes a channel from all people; returns the people who had it, and their remaining channels. */
export const leavePeople = async ({ d1, now }: Services, { teamId, id }: { teamId: string; id: string }) => {
  const { results } = await d1
    .prepare(
      `UPDATE people SET updated_at = max(?3, updated_at + 1), channels = (
         SELECT json_group_array(c.value) FROM json_each(channels) AS c WHERE c.value <> ?2)
       WHERE team_id = ?1 AND EXISTS (SELECT 1 FROM json_each(channels) AS c WHERE c.value = ?2)
       RETURNING id, name, channels`,
    )
    .bind(teamId, id, now())
    .all<{ id: string; name: string; channels: string }>();
  return results.map((row) => ({ ...row, channels: JSON.parse(row.channels) as string[] }));
};
