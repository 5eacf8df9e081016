import { and, eq, sql } from 'drizzle-orm';
import type { Override } from '../../domain/onCall/onCallSchedule.ts';
import { PharosError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Services } from '../../services.ts';
import { prepared } from '../core/prepared.ts';
import { requireOwn } from '../core/requireOwn.ts';
import { onCallSchedules } from '../schema.ts';
import { type ActOnSchedule, getSchedule, recordScheduleChange, type ScheduleRow } from './onCall.ts';

const maxOverrides = 100;
/** Overrides that ended longer ago are deleted when another one is added. */
const keptMs = 100 * 86_400_000;

/**
 * Adds an override, which takes precedence over all layers and earlier overrides. Throws `not_found`, `invalid_request` for a
 * person whom the team does not have or a time that has passed, and `conflict` where there are too many.
 */
export const insertOverride = async (
  { d1, db, now }: Services,
  { userId, ...own }: ActOnSchedule,
  override: Override,
): Promise<ScheduleRow> => {
  const at = now();
  await getSchedule(db, own);
  if (override.to <= at)
    throw new PharosError('invalid_request', 'An override cannot lie in the past.', [
      { path: 'to', message: 'The end is in the past. Choose a future time.' },
    ]);
  const { personId } = override;
  await requireOwn(
    db,
    own.teamId,
    [{ type: 'person', id: personId, path: 'personId' }],
    'This person cannot take the override.',
  );
  const id = newId('ovr');
  const [written] = await d1.batch([
    d1
      .prepare(
        `UPDATE on_call_schedules SET updated_at = max(?3, updated_at + 1), overrides = json_insert(
           (SELECT json_group_array(json(o.value)) FROM json_each(overrides) AS o WHERE o.value ->> 'to' > ?4),
           '$[#]', json(?5))
         WHERE id = ?1 AND team_id = ?2
           AND (SELECT count(*) FROM json_each(overrides) AS o WHERE o.value ->> 'to' > ?4) < ${maxOverrides}`,
      )
      .bind(own.id, own.teamId, at, at - keptMs, JSON.stringify({ id, ...override })),
    recordOverride({ d1, db }, { ...own, userId, at }, id),
  ]);
  if (written?.meta.changes === 0)
    throw new PharosError('conflict', `A schedule has at most ${maxOverrides} overrides.`);
  return getSchedule(db, own);
};

/** Removes an override: the rotation applies again. Throws `not_found`. */
export const removeOverride = async (
  { d1, db, now }: Services,
  { userId, ...own }: ActOnSchedule,
  overrideId: string,
): Promise<ScheduleRow> => {
  const at = now();
  const [, written] = await d1.batch([
    recordOverride({ d1, db }, { ...own, userId, at }, overrideId),
    d1
      .prepare(
        `UPDATE on_call_schedules SET updated_at = max(?4, updated_at + 1), overrides = (
           SELECT json_group_array(json(o.value)) FROM json_each(overrides) AS o WHERE o.value ->> 'id' <> ?3)
         WHERE id = ?1 AND team_id = ?2
           AND EXISTS (SELECT 1 FROM json_each(overrides) AS o WHERE o.value ->> 'id' = ?3)`,
      )
      .bind(own.id, own.teamId, overrideId, at),
  ]);
  if (written?.meta.changes === 0) throw new PharosError('not_found', 'No such override exists.');
  return getSchedule(db, own);
};

/** Where the schedule has the override: after it was added, or before it is removed. */
const recordOverride = (
  { d1, db }: Pick<Services, 'd1' | 'db'>,
  { id, teamId, ...done }: ActOnSchedule & { at: number },
  overrideId: string,
) => {
  const isThere = sql`EXISTS (SELECT 1 FROM json_each(overrides) AS o WHERE o.value ->> 'id' = ${overrideId})`;
  const isOwn = and(eq(onCallSchedules.id, id), eq(onCallSchedules.teamId, teamId), isThere);
  return prepared(d1, recordScheduleChange(db, { ...done, changes: [{ field: 'overrides' }] }, isOwn));
};
